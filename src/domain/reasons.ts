import { type BrokerTrouble, isBrokerTrouble, type Said } from './broker-troubles.js';
import { saidBy, UserError } from './errors.js';
import type { AccountChange, Coded } from './failures.js';

/** Why an order isn't at the broker, or perhaps isn't. */
type OrderReason =
  /** Sending was halted before it left. */
  | { code: 'HALTED' }
  /** More than so many seconds passed since the press. */
  | { code: 'TOO_LATE'; seconds: number }
  /** The request didn't leave; `said` is what the connection said. */
  | { code: 'NOT_SENT'; said: Said }
  | { code: 'ACCOUNT_CHANGED'; changes: readonly AccountChange[] }
  | { code: 'ACCOUNT_UNREAD' }
  | { code: 'BOT_STOPPED' }
  /** Orders that had to end first haven't surely ended. */
  | { code: 'WAY_NOT_CLEAR' }
  /** Those had traded all that it was to close. */
  | { code: 'TRADED_BEFORE' }
  /** The broker took a pair of orders and gave no id of this one. */
  | { code: 'UNNAMED' }
  /** The broker doesn't show it so many seconds after it was sent; `ended` looked like it, without its identifier. */
  | { code: 'NOT_SHOWN'; seconds: number; ended: readonly { orderId: string; status: string }[] }
  /** Its cancel hadn't been confirmed, or counted as not taken: something else may have cancelled it. */
  | { code: 'PERHAPS_NOT_THIS' }
  /** Somebody says that what looked like it was placed by hand. */
  | { code: 'BY_HAND'; userId: string; orderIds: readonly string[] }
  /** It was placed elsewhere, and somebody had it taken for the bot's own. */
  | { code: 'ADOPTED'; userId: string }
  /** The broker doesn't know it, and somebody said that it is to be looked for no more. */
  | { code: 'FORGOTTEN'; userId: string };

/** Why something couldn't be posted. */
export type ChannelReason =
  | {
      code: 'CLOSED';
      why:
        | ('channel-gone' | 'server-gone' | 'user-gone' | 'not-seen' | 'not-writable' | 'no-history')
        | ('takes-no-direct-messages' | 'takes-no-messages');
    }
  | { code: 'DISCORD_SAYS'; said: string }
  | { code: 'SLOW_DOWN' }
  | { code: 'ANSWERS_WITH'; status: number }
  | { code: 'NO_ANSWER'; seconds: number }
  | { code: 'NOT_CONNECTED' }
  | { code: 'PART_POSTED'; after: Reason };

/** Why a run of a reminder wasn't told, or a reminder is paused. */
type ReminderReason =
  | { code: 'NOT_RUNNING' }
  | { code: 'PAUSED' }
  | { code: 'NEXT_RUN_UNKNOWN'; because: Because }
  | { code: 'NOT_PUT_TOGETHER'; because: Because }
  | { code: 'NOT_TAKEN'; because: Reason }
  | { code: 'OUT_OF_TIME' }
  | { code: 'PERHAPS_POSTED'; after: Reason };

/** A reason of ours, as a code with its facts; fit for JSON. */
type OwnReason = OrderReason | ChannelReason | ReminderReason;

/** One of these, or what is wrong between us and the broker. */
export type CodedReason = OwnReason | BrokerTrouble;

/** A text is in others' words: the broker's, or those of a version that kept sentences. */
export type Reason = string | CodedReason;

/** What an error said, as far as it can be kept. */
export type Because = Said | Coded;

export function becauseOf(error: unknown): Because {
  if (error instanceof UserError) return { code: error.code, facts: error.facts };
  return saidBy(error);
}

const CODES: { readonly [Code in OwnReason['code']]: true } = {
  HALTED: true,
  TOO_LATE: true,
  NOT_SENT: true,
  ACCOUNT_CHANGED: true,
  ACCOUNT_UNREAD: true,
  BOT_STOPPED: true,
  WAY_NOT_CLEAR: true,
  TRADED_BEFORE: true,
  UNNAMED: true,
  PERHAPS_NOT_THIS: true,
  NOT_SHOWN: true,
  BY_HAND: true,
  ADOPTED: true,
  FORGOTTEN: true,
  CLOSED: true,
  DISCORD_SAYS: true,
  SLOW_DOWN: true,
  ANSWERS_WITH: true,
  NO_ANSWER: true,
  NOT_CONNECTED: true,
  PART_POSTED: true,
  NOT_RUNNING: true,
  PAUSED: true,
  NEXT_RUN_UNKNOWN: true,
  NOT_PUT_TOGETHER: true,
  NOT_TAKEN: true,
  OUT_OF_TIME: true,
  PERHAPS_POSTED: true,
};

/** As it is kept. */
export function keptReason(reason: Reason): string {
  return typeof reason === 'string' ? reason : JSON.stringify(reason);
}

/** The one reader of what was kept: whatever isn't one of our codes is told as it is. */
export function readReason(kept: string): Reason {
  if (!kept.startsWith('{"code":')) return kept;
  try {
    const read: CodedReason = JSON.parse(kept);
    return Object.hasOwn(CODES, read.code) || isBrokerTrouble(read) ? read : kept;
  } catch {
    return kept;
  }
}

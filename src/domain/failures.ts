import type { AccountName } from './account-names.js';

/**
 * What can go wrong for a person, as codes with their facts: ids, names, numbers, what was typed; never a sentence.
 * `screens/failures/` has the words, and the compiler asks for those of each code here.
 */

/**
 * What is known about orders when something was given up.
 * - `nothing`: nothing was sent
 * - `nothing-more`: this press sent nothing; an earlier one may have
 */
export type Sent = 'nothing' | 'nothing-more';

/** An error as facts of another: what a `UserError` is made of. */
export interface Coded {
  readonly code: string;
  readonly facts: object | null;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** The code alone says it all. */
type None = Readonly<Record<never, never>>;

interface AccessFailures {
  /** Somebody said that nothing is to be sent. */
  HALTED: { halt: { by: string; at: Date; reason: string | null } };
  READ_ONLY: None;
  NOBODY_MAY_TRADE: { to: 'trade' | 'schedule' };
  NOT_A_TRADER: { to: 'trade' | 'schedule' };
  NOT_A_VIEWER: { where: 'server' | 'direct-message' };
  WRONG_CHANNEL: { channelIds: readonly string[] };
  WRONG_SERVER: None;
  SERVER_NOT_KNOWN: None;
  TOO_MUCH_AT_ONCE: { underWay: number };
}

/** Which of the login's accounts it is about. */
interface AccountFailures {
  /** None of the accounts named in the settings is open; of each that is the last digits, null where unreadable. */
  ACCOUNT_UNKNOWN: { there: readonly (string | null)[]; named: number };
  ACCOUNT_NONE: None;
  ACCOUNT_UNREADABLE: { count: number };
  /** This bot doesn't work for an account that is called so, or several are. */
  ACCOUNT_NOT_OURS: { typed: string; accounts: readonly AccountName[] };
  /** It has to be said for which account. */
  ACCOUNT_NEEDED: { accounts: readonly AccountName[] };
  /** This bot doesn't work for it (any more). */
  ACCOUNT_GONE: { digits: string };
  /** A position is in another account than the one that was named. */
  POSITION_ELSEWHERE: { id: number; account: AccountName };
  /** A position is in an account that this bot doesn't work for (any more). */
  POSITION_NOT_OURS: { id: number; digits: string };
  /** Positions that are meant together are in several accounts. */
  POSITIONS_APART: { accounts: readonly AccountName[] };
  /** The account’s first read since the start isn’t back yet. */
  STILL_READING: None;
}

/** A press on a preview, or on what asks about its orders. */
interface PressFailures {
  NOT_YOUR_PREVIEW: { ownerId: string };
  PLAN_MISSING: None;
  ALREADY_SUBMITTED: None;
  PLAN_SUPERSEDED: None;
  PLAN_CANCELLED: None;
  PLAN_EXPIRED: None;
  /** An earlier press was given up: a change, an account that couldn't be read, a bot that ended in between. */
  PLAN_STALE: None;
  /** It was made for an account that this bot doesn't work for (any more). */
  PLAN_OF_ANOTHER_ACCOUNT: { digits: string };
  LOOKALIKE_SETTLED: None;
  LOOKALIKE_CHANGED: None;
  LOOKALIKE_TAKEN: { orderId: string };
  ORDERS_UNDER_WAY: None;
  DRY_RUN: None;
  /** Discord took no acknowledgement of it, so nothing was begun. */
  NOT_ACKNOWLEDGED: { asked: 'press' | 'command' };
  OUTDATED: None;
}

/** What was typed on a preview can't be done. */
interface PreviewFailures {
  /** The slip itself; the preview stays as it was. */
  PREVIEW_UNCHANGED: { because: Coded };
}

interface ReminderFailures {
  REMINDER_REMOVED: None;
  REMINDER_NOT_HERE: { id: number };
  REMINDER_NOT_READ: { typed: string };
  REMINDER_ENDED: { id: number };
  REMINDER_HANDLED: { at: Date };
  TOO_MANY_REMINDERS: { most: number };
  WHEN_NEVER: { when: string; marketDaysOnly: boolean };
  ZONE_UNKNOWN: { typed: string };
  DAYS_UNREADABLE: { typed: string };
  NOT_AN_UNDERLYING: { typed: string };
}

/** What keeps the bot from starting. */
interface StartFailures {
  DATABASE_OF_ANOTHER_ENVIRONMENT: { owner: string; environment: string };
  DATABASE_NEWER: { migrations: readonly string[] };
  DATABASE_NOT_DURABLE: None;
  DISCORD_TOKEN_REFUSED: None;
  DISCORD_GATEWAY_REFUSED: { said: string };
  DISCORD_GUILD_REFUSED: None;
  DISCORD_COMMANDS_REFUSED: { said: string };
}

export interface Failures
  extends AccessFailures,
    AccountFailures,
    PressFailures,
    PreviewFailures,
    ReminderFailures,
    StartFailures {}

export type FailureCode = keyof Failures;

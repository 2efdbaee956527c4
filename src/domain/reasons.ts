import type { AccountChange } from './failures.js';

/** Why an order isn't at the broker, or perhaps isn't, in so far as we say so ourselves. */
export type CodedReason =
  /** Sending was halted before it left. */
  | { code: 'HALTED' }
  /** More than so many seconds passed since the press. */
  | { code: 'TOO_LATE'; seconds: number }
  /** The request didn't leave; `said` is what the connection said. */
  | { code: 'NOT_SENT'; said: string }
  | { code: 'ACCOUNT_CHANGED'; changes: readonly AccountChange[] }
  | { code: 'ACCOUNT_UNREAD' }
  | { code: 'BOT_STOPPED' }
  /** The broker doesn't show it so many seconds after it was sent; `ended` looked like it, without its identifier. */
  | { code: 'NOT_SHOWN'; seconds: number; ended: readonly { orderId: string; status: string }[] }
  /** Somebody says that what looked like it was placed by hand. */
  | { code: 'BY_HAND'; userId: string; orderIds: readonly string[] };

/** A text is in others' words: the broker's, or those of a version that kept sentences. */
export type Reason = string | CodedReason;

const CODES: ReadonlySet<unknown> = new Set<CodedReason['code']>([
  'HALTED',
  'TOO_LATE',
  'NOT_SENT',
  'ACCOUNT_CHANGED',
  'ACCOUNT_UNREAD',
  'BOT_STOPPED',
  'NOT_SHOWN',
  'BY_HAND',
]);

/** As it is kept. */
export function keptReason(reason: Reason): string {
  return typeof reason === 'string' ? reason : JSON.stringify(reason);
}

/** The one reader of what was kept: whatever isn't one of our codes is told as it is. */
export function readReason(kept: string): Reason {
  if (!kept.startsWith('{"code":')) return kept;
  try {
    const read: CodedReason = JSON.parse(kept);
    return CODES.has(read.code) ? read : kept;
  } catch {
    return kept;
  }
}

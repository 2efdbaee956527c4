import type { Exact } from './exact.js';
import type { Decimal } from './money.js';

/** Why an opening price can't be true of a fair fill. */
export type EntryDoubt = { kind: 'credit' | 'debit' } & (
  | { why: 'unknown' }
  | { why: 'not-above-zero'; amount: Exact }
  | { why: 'not-below-width'; amount: Exact; width: Decimal }
);

/** What isn't sure of a position, as codes with their facts; a contract is called as in `480P`. */
export type Doubt =
  | { code: 'NO_OPENING_ORDER' }
  /** Another position holds it too, so the broker's average price is over both. */
  | { code: 'SHARED_CONTRACT'; contract: string }
  /** A closing order fits several positions, and the oldest was taken. */
  | { code: 'CLOSES_ONE_OF_SEVERAL'; orderId: string }
  /** A closing order that came after such a one, on the same contracts. */
  | { code: 'CLOSES_PERHAPS_ANOTHER'; orderId: string }
  /** Not all fills are listed; `average` says whether the broker's average price took their place. */
  | { code: 'FILLS_NOT_LISTED'; contract: string; average: boolean }
  /** Contracts beyond complete units. */
  | { code: 'FILLED_UNEVENLY'; orderId: string; beyond: readonly { contracts: number; contract: string }[] }
  /** Fewer are held than were opened, and no order says which position lost them. */
  | { code: 'FEWER_HELD'; contract: string }
  | { code: 'ENTRY_IMPLAUSIBLE'; label: string; doubt: EntryDoubt };

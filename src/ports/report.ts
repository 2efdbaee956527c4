import type { Execution } from '../domain/execution.js';
import type { RowFault } from '../domain/row-faults.js';
import type { OrderState } from '../domain/types.js';
import type { CancelledHere } from './cancels.js';
import type { OrderIntent } from './order-intents.js';

/** What was shown and confirmed, and what the broker has instead; null for nothing. */
export interface Difference {
  what: 'legs' | 'price' | 'trigger' | 'effect' | 'time in force' | 'order type';
  planned: string;
  echoed: string | null;
}

export type Mismatch = Difference | { what: 'unreadable'; why: RowFault };

/** The other order of a pair, of which the fill of one ends the other. */
export interface Partner {
  orderId: string | null;
  /** As far as is known, the broker may still fill it. */
  works: boolean;
  /** All or a part of it has traded. */
  traded: boolean;
  /** Whole units that it has closed. */
  units: number;
  /** When it first traded; null while it hasn't, or where that isn't told. */
  since: Date | null;
  /** The order that took its place at the broker, of which nothing else is known; null for none. */
  replacedBy: string | null;
}

/** One order of a plan and what became of it. */
export interface ReportLine
  extends Pick<
    OrderIntent,
    | 'kind'
    | 'positionId'
    | 'targetKey'
    | 'label'
    | 'underlying'
    | 'legs'
    | 'units'
    | 'price'
    | 'stopTrigger'
    | 'effect'
    | 'percent'
    | 'profit'
    | 'state'
    | 'reason'
    | 'lookalikes'
    | 'replacedBy'
  > {
  intentId: number;
  orderId: string | null;
  /** The broker's own word, such as `Live`; null until it gave one. */
  status: string | null;
  orderState: OrderState | null;
  /** What of it has traded; null while nothing has, or that can't be read. */
  fill: Execution | null;
  /** When it first traded, and when it ended, by the broker's clock; null while it hasn't, or where that isn't told. */
  tradedAt: Date | null;
  endedAt: Date | null;
  /** Somebody had it cancelled from here; null where it ended otherwise, or works. */
  cancelled: Pick<CancelledHere, 'userId' | 'successor'> | null;
  /** The stop beside a target, or the target beside a stop; null where it stands alone. */
  partner: Partner | null;
  /** Where the broker's echo differs from what was shown: red. */
  mismatches: Mismatch[];
  /** The broker showed this order in the read that this report tells of. */
  read: boolean;
}

/**
 * What the channel is told about a plan.
 * - `sent`: straight after the answers
 * - `checked`: each placed order was read once more
 */
export interface Report {
  planId: string;
  userId: string;
  account: string;
  phase: 'sent' | 'checked';
  /** Orders that were cancelled to place these. */
  inPlaceOf: readonly string[];
  lines: ReportLine[];
  /** Set when orders wait for the market: when it opens next, if the broker tells. */
  waitsForOpen: { opensAt: Date | null } | null;
}

import type { CancelState } from '../domain/cancel-life.js';
import type { Decimal } from '../domain/money.js';
import type { Reason } from '../domain/reasons.js';
import type { Effect, LegAction, OrderState } from '../domain/types.js';

/** An order that is offered to be cancelled, as it stood then. */
export interface CancelTerms {
  orderId: string;
  /** The complex order through which it is cancelled; null for a simple one. */
  complexId: string | null;
  /** The positions it closes, by our ids. */
  positionIds: readonly number[];
  underlying: string;
  legs: readonly { symbol: string; action: LegAction; quantity: number }[];
  orderType: string;
  timeInForce: string;
  price: Decimal | null;
  effect: Effect | null;
  stopTrigger: Decimal | null;
}

/** What became of one of them. */
export interface OrderCancel extends CancelTerms {
  id: number;
  state: CancelState;
  /** In the broker's words or ours; null where there is none. */
  reason: Reason | null;
  /** How the order ended; null until it has. */
  orderState: OrderState | null;
  /** The order that took its place; null for none. */
  replacedBy: string | null;
}

/** `claimed`: somebody confirmed it; whether all of it is over, its orders say. */
export type CancellationStatus = 'open' | 'claimed' | 'withdrawn' | 'expired';

/** Orders of one account that somebody was asked about, and wanted cancelled or not. */
export interface Cancellation {
  id: string;
  account: string;
  /** Who asked; nobody else may confirm. */
  userId: string;
  channelId: string;
  status: CancellationStatus;
  createdAt: Date;
  expiresAt: Date;
  /** The preview whose order is placed instead of these; null where they are only cancelled. */
  planId: string | null;
  /** When it was confirmed; null before. */
  claimedAt: Date | null;
  orders: OrderCancel[];
}

export type NewCancellation = Pick<
  Cancellation,
  'id' | 'account' | 'userId' | 'channelId' | 'createdAt' | 'expiresAt' | 'planId'
> & { orders: readonly CancelTerms[] };

/**
 * - `claimed`: this press owns it; each order's cancel is written down and may leave
 * - `not-open`: somebody was faster, or it was withdrawn
 * - `busy`: a cancel of these orders is under way already
 * - `over`: each has ended meanwhile, so there is nothing to cancel
 */
export type CancelClaim =
  | { kind: 'claimed'; cancellation: Cancellation }
  | { kind: 'missing' }
  | { kind: 'expired' }
  | { kind: 'not-open'; status: CancellationStatus }
  | { kind: 'busy'; orderIds: string[] }
  | { kind: 'over'; orderIds: string[] };

export interface CancelChange {
  id: number;
  state: CancelState;
  reason: Reason | null;
}

/** That somebody had an order cancelled from here. */
export interface CancelledHere extends Pick<OrderCancel, 'state' | 'reason' | 'orderState' | 'replacedBy'> {
  userId: string;
  confirmedAt: Date;
  /** The order that the same press placed for a position that it closed; null for none, or none yet. */
  successor: string | null;
}

/** Cancels that were asked for, written down before they leave, until each order's end is known. */
export interface Cancels {
  offerCancel(cancellation: NewCancellation): Promise<void>;
  cancellation(id: string): Promise<Cancellation | null>;
  /** A message (`channel/message`) asks about it: from here on that is kept true. */
  cancelAsked(id: string, message: string, now: Date): Promise<void>;
  /** From open to withdrawn; false if it wasn't open (any more). */
  withdrawCancel(id: string, now: Date): Promise<boolean>;
  /** What was confirmed of these orders, by order, each in the order it was confirmed. */
  cancelsOf(account: string, orderIds: readonly string[]): Promise<ReadonlyMap<string, CancelledHere[]>>;
  /** The orders in whose place a preview's were placed: cancelled for it, and of the same positions. */
  cancelledFor(planId: string): Promise<string[]>;
  /** The one gate between a press and its cancels. From here on a message about them is owed. */
  claimCancel(id: string, now: Date): Promise<CancelClaim>;
  /** Writes what became of them, as far as `mayBecome` lets it, and owes the message anew where something changed. */
  moveCancels(changes: readonly CancelChange[], now: Date): Promise<void>;
}

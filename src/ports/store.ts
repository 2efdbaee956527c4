import type { Exact } from '../domain/exact.js';
import type { Decimal } from '../domain/money.js';
import type { BrokerOrder, Effect, LegAction, OrderState } from '../domain/types.js';
import type { AuditTrail } from './audit.js';
import type { DatabaseHealth } from './database-health.js';
import type { ErrandStore } from './errands.js';
import type { PositionStore } from './positions.js';

/**
 * - `open`: shown, may be submitted until it expires
 * - `claimed`: its one press arrived; its order intents exist
 * - `done`: every intent is settled (placed, refused, absent or abandoned)
 * - `stale`: given up at its press, such as for a position that changed; nothing was sent
 * - `superseded`: re-priced or refreshed by a newer plan
 * - `cancelled`: the requester pressed Cancel
 * - `expired`: its time ran out unpressed
 */
export type PlanStatus = 'open' | 'claimed' | 'done' | 'stale' | 'superseded' | 'cancelled' | 'expired';

/** A preview as shown to one trader, and what became of it. */
export interface Plan {
  id: string;
  account: string;
  /** Discord user who asked; only this user may submit. */
  userId: string;
  guildId: string | null;
  channelId: string;
  /** The messages that show it, in order; the last one carries the buttons. */
  messageIds: string[];
  status: PlanStatus;
  createdAt: Date;
  expiresAt: Date;
  /** Services' own snapshot, JSON text: opaque to the store. */
  payload: string;
  /** When the outcome was posted to the channel; null until then. */
  reportedAt: Date | null;
  reportMessageId: string | null;
}

export type NewPlan = Omit<Plan, 'status' | 'messageIds' | 'reportedAt' | 'reportMessageId'>;

/**
 * - `reserved`: written at the press, not yet allowed to leave
 * - `submitting`: committed, the request may leave or have left
 * - `placed`: the broker gave an order id
 * - `refused`: the broker said no; no order exists
 * - `unknown`: no clear answer; an order may exist
 * - `absent`: looked for at the broker long enough and not there
 * - `abandoned`: given up before anything left
 */
export type IntentState =
  | 'reserved'
  | 'submitting'
  | 'placed'
  | 'refused'
  | 'unknown'
  | 'absent'
  | 'abandoned';

/** States after which an order may still turn out to exist without us knowing its id. */
export const UNRESOLVED: readonly IntentState[] = ['reserved', 'submitting', 'unknown'];

export interface IntentLeg {
  symbol: string;
  kind: 'option' | 'equity';
  action: LegAction;
  /** Contracts in the whole order. */
  quantity: number;
}

/** One closing order we mean to place, from the press on. */
export interface OrderIntent {
  id: number;
  planId: string;
  account: string;
  positionId: number;
  /** Which target of the position, such as `puts:1`. */
  targetKey: string;
  label: string;
  underlying: string;
  /** Sent with the order and echoed by the broker; unique. */
  externalIdentifier: string;
  legs: IntentLeg[];
  /** Units (spreads) in the order. */
  units: number;
  /** Net per unit per share. */
  price: Decimal;
  effect: Effect;
  percent: Exact | null;
  /** Dollars this order realises if filled at its price, before fees. */
  profit: Exact | null;
  state: IntentState;
  brokerOrderId: string | null;
  /** The broker's last known word for the order, such as `Live`. */
  brokerStatus: string | null;
  /** The same in our terms; null until the order was read once more. */
  brokerState: OrderState | null;
  /** Why it was refused, is unknown, or died. */
  reason: string | null;
  /**
   * While its fate is unknown: orders at the broker, by id, that look like it and carry no identifier, so that only a
   * person can say whose they are.
   */
  lookalikes: string[];
  createdAt: Date;
  /** When the request was allowed to leave; null before. */
  sentAt: Date | null;
  settledAt: Date | null;
}

/** The position one of our orders was placed for. */
export interface OrderLink {
  positionId: number;
  key: string | null;
}

export type NewIntent = Pick<
  OrderIntent,
  | 'planId'
  | 'account'
  | 'positionId'
  | 'targetKey'
  | 'label'
  | 'underlying'
  | 'externalIdentifier'
  | 'legs'
  | 'units'
  | 'price'
  | 'effect'
  | 'percent'
  | 'profit'
>;

export interface ClaimRequest {
  planId: string;
  now: Date;
  intents: NewIntent[];
  /** `submitting` when nothing is left to check, `reserved` when a fresh read comes first. */
  state: 'reserved' | 'submitting';
}

/**
 * - `claimed`: this press owns the plan; `intents` are committed
 * - `not-open`: somebody was faster, or it was cancelled, superseded, …
 * - `expired`: past its time (and now marked so)
 * - `busy`: another plan with an unsettled order touches one of these contracts
 * - `changed`: another plan placed orders on one of these contracts after this plan was made
 */
export type ClaimResult =
  | { kind: 'claimed'; intents: OrderIntent[] }
  | { kind: 'missing' }
  | { kind: 'not-open'; status: PlanStatus }
  | { kind: 'expired' }
  | { kind: 'busy'; planId: string }
  | { kind: 'changed'; planId: string };

export type Outcome =
  | { state: 'placed'; brokerOrderId: string; brokerStatus: string; reason?: string | null }
  | { state: 'refused' | 'unknown' | 'absent' | 'abandoned'; reason: string };

/**
 * Everything the bot remembers. Methods that write are each one transaction; writers queue inside the store,
 * so callers may call from anywhere at once. Decimals are stored as text, exactly. What the database can't do now, each
 * method says within seconds by a `DatabaseFailure`.
 */
export interface Store extends ErrandStore, PositionStore, AuditTrail, DatabaseHealth {
  createPlan(plan: NewPlan): Promise<void>;
  /** Ends `oldId` as superseded and creates `plan`, in one transaction; false if the old one wasn't open. */
  supersedePlan(oldId: string, plan: NewPlan): Promise<boolean>;
  plan(id: string): Promise<Plan | null>;
  setPlanMessages(id: string, messageIds: string[]): Promise<void>;
  /** From `open` to an end; false if it wasn't open (any more). Its buttons stay owed. */
  endPlan(id: string, status: 'cancelled' | 'expired' | 'stale'): Promise<boolean>;
  /**
   * The one gate between a press and an order: see `ClaimResult`. Reserves the contracts of all intents; from here on
   * a result is owed.
   */
  claimPlan(request: ClaimRequest): Promise<ClaimResult>;
  /** Lets all `reserved` intents of a plan leave: they become `submitting` with `sentAt`. */
  releaseToSend(planId: string, now: Date): Promise<void>;
  /** The fresh read found a change: intents become `abandoned`, the plan `stale`. */
  abandonPlan(planId: string, reason: string, now: Date): Promise<void>;
  /**
   * Writes what became of one intent. Only moves an intent forward: a settled one keeps its outcome, except
   * that `absent` may still become `placed` (a late discovery), which makes its plan untold again. When the
   * plan's last intent settles, its contracts are freed and the plan is `done`. Returns the intent as it now is.
   */
  settleIntent(intentId: number, outcome: Outcome, now: Date): Promise<OrderIntent>;
  intents(planId: string): Promise<OrderIntent[]>;
  intent(id: number): Promise<OrderIntent | null>;
  /** Remembers which orders look like an unresolved one; a settled one is left alone. */
  setLookalikes(intentId: number, orderIds: string[]): Promise<void>;
  /** All intents in `reserved`, `submitting` or `unknown`, oldest first. */
  unresolvedIntents(): Promise<OrderIntent[]>;
  /** Intents whose order is placed, by broker order id. */
  intentsByOrderIds(account: string, orderIds: string[]): Promise<Map<string, OrderIntent>>;
  /** Which position each of our placed orders was for, by broker order id. `key` is null if the position is unknown. */
  orderLinks(account: string, orderIds: string[]): Promise<Map<string, OrderLink>>;
  /** Placed intents settled since an instant: guards against a broker list that lags behind. */
  recentlyPlaced(account: string, since: Date): Promise<OrderIntent[]>;
  /** Intents marked absent since an instant: late discoveries are looked for among them. */
  recentlyAbsent(account: string, since: Date): Promise<OrderIntent[]>;
  /** Claimed or done plans whose outcome was not posted, oldest first. */
  unreportedPlans(): Promise<Plan[]>;
  /**
   * Plans told since an instant with a placed order whose message doesn't tell yet what it became: not looked at, or
   * last seen on its way.
   */
  plansUnderWay(since: Date): Promise<Plan[]>;
  /** Told, perhaps anew, and its result owed no more: what its fresh orders became is to be looked at from here on. */
  markReported(planId: string, messageId: string | null, at: Date): Promise<void>;
  /** The message tells what the plan's fresh orders became. */
  markLooked(planId: string, at: Date): Promise<void>;

  /**
   * Updates status of our orders and adds their fills (by fill id, once). Unknown orders are ignored.
   * @param tellAt where an order traded or ended by this of which the channel was told, its result is owed again, from then on
   * @returns the plans whose result is owed again by this
   */
  recordOrders(orders: BrokerOrder[], tellAt: Date): Promise<string[]>;
}

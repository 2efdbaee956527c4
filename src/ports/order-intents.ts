import type { Exact } from '../domain/exact.js';
import type { Decimal } from '../domain/money.js';
import type { Reason } from '../domain/reasons.js';
import type { Effect, OrderState } from '../domain/types.js';
import type { OrderRequestLeg } from './broker.js';
import type { Halt } from './halts.js';
import type { PlanStatus } from './plan-status.js';
import type { NewPlan } from './plans.js';

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

/**
 * What an order is for: a target placed, the same anew at another price, or closing now. Cancels have rows of their own
 * (`cancels.ts`).
 */
export type IntentKind = 'place' | 'change' | 'close';

/** As it is sent. */
export type IntentLeg = OrderRequestLeg;

/** One closing order we mean to place, from the press on. */
export interface OrderIntent {
  id: number;
  planId: string;
  account: string;
  kind: IntentKind;
  positionId: number;
  /** Which target of the position, such as `puts:1`; of the stop beside it as `stopKey` says. */
  targetKey: string;
  label: string;
  underlying: string;
  /** Sent with the order and echoed by the broker; unique. */
  externalIdentifier: string;
  legs: IntentLeg[];
  /** Units (spreads) in the order. */
  units: number;
  /** Net per unit per share; of a stop its limit once it is awake. */
  price: Decimal;
  /** Where a stop wakes up, likewise; null where it is none. */
  stopTrigger: Decimal | null;
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
  /** The order at the broker that took its place; null for none. */
  replacedBy: string | null;
  /** Why it was refused, is unknown, or died. */
  reason: Reason | null;
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

export type NewIntent = Pick<
  OrderIntent,
  | 'planId'
  | 'account'
  | 'kind'
  | 'positionId'
  | 'targetKey'
  | 'label'
  | 'underlying'
  | 'externalIdentifier'
  | 'legs'
  | 'units'
  | 'price'
  | 'stopTrigger'
  | 'effect'
  | 'percent'
  | 'profit'
>;

/** The key of the stop beside a target. Of one plan and position both leave as one, and the fill of one ends the other. */
export function stopKey(targetKey: string): string {
  return `${targetKey}/stop`;
}

/** The one that it makes a pair with, of those of its plan. */
export function partnerOf<T extends Pick<OrderIntent, 'positionId' | 'targetKey' | 'stopTrigger'>>(
  one: Pick<OrderIntent, 'positionId' | 'targetKey' | 'stopTrigger'>,
  all: readonly T[],
): T | null {
  const isPair = (target: typeof one, stop: typeof one) => stop.targetKey === stopKey(target.targetKey);
  const partner = all.find(
    (other) =>
      other.positionId === one.positionId &&
      (one.stopTrigger ? isPair(other, one) : other.stopTrigger !== null && isPair(one, other)),
  );
  return partner ?? null;
}

/** How much of an order is to be sent. */
export type IntentSize = Pick<OrderIntent, 'legs' | 'units' | 'profit'>;

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
 * - `halted`: somebody said that nothing is to be sent; the plan stays open
 * - `busy`: another plan with an unsettled order touches one of these contracts
 * - `changed`: another plan placed orders on one of these contracts after this plan was made
 */
export type ClaimResult =
  | { kind: 'claimed'; intents: OrderIntent[] }
  | { kind: 'missing' }
  | { kind: 'not-open'; status: PlanStatus }
  | { kind: 'expired' }
  | { kind: 'halted'; halt: Halt }
  | { kind: 'busy'; planId: string }
  | { kind: 'changed'; planId: string };

export type Outcome =
  | { state: 'placed'; brokerOrderId: string; brokerStatus: string; reason?: Reason | null }
  | { state: 'refused' | 'unknown' | 'absent' | 'abandoned'; reason: Reason };

/** An order that is at the broker already, or a target with its stop, with the plan that they are told of by. */
export interface Adopted {
  plan: NewPlan;
  /** At least one. */
  orders: readonly { intent: NewIntent; outcome: Outcome & { state: 'placed' } }[];
}

/** The orders our plans mean to place, from the press until each one's fate is known. */
export interface OrderIntents {
  /**
   * The one gate between a press and an order: see `ClaimResult`. Reserves the contracts of all intents; from here on
   * a result is owed.
   */
  claimPlan(request: ClaimRequest): Promise<ClaimResult>;
  /**
   * Lets all `reserved` intents of a plan leave: they become `submitting` with `sentAt`. While sending is halted none
   * does; returns that halt.
   * @param left what is left of each to be sent, in their order, where that is less than was claimed; what has no unit left is
   * abandoned
   */
  releaseToSend(planId: string, now: Date, left?: readonly IntentSize[]): Promise<Halt | null>;
  /** The fresh read found a change: intents become `abandoned`, the plan `stale`. */
  abandonPlan(planId: string, reason: Reason, now: Date): Promise<void>;
  /**
   * Writes what became of one intent. Only moves an intent forward: a settled one keeps its outcome, except
   * that `absent` may still become `placed` (a late discovery), which makes its plan untold again. When the
   * plan's last intent settles, its contracts are freed and the plan is `done`. Returns the intent as it now is.
   */
  settleIntent(intentId: number, outcome: Outcome, now: Date): Promise<OrderIntent>;
  /**
   * Takes orders that we didn't place for ours, as if they just had been placed; their result is owed from here on.
   * @returns false where one is ours already, or may be one of ours that has no known fate yet
   */
  adopt(adopted: Adopted, now: Date): Promise<boolean>;
  /** One of ours counts as ended, by somebody's word; false if it has ended, or none is placed by that number. */
  forgetOrder(intentId: number, userId: string, now: Date): Promise<boolean>;
  intents(planId: string): Promise<OrderIntent[]>;
  intent(id: number): Promise<OrderIntent | null>;
  /** Remembers which orders look like an unresolved one; a settled one is left alone. */
  setLookalikes(intentId: number, orderIds: string[]): Promise<void>;
  /** All intents in `reserved`, `submitting` or `unknown`, oldest first. */
  unresolvedIntents(): Promise<OrderIntent[]>;
  /** Intents marked absent since an instant: late discoveries are looked for among them. */
  recentlyAbsent(account: string, since: Date): Promise<OrderIntent[]>;
  /** Contracts that a plan with an unresolved order holds: no other may be claimed on them. */
  contractsUnderWay(account: string): Promise<Set<string>>;
}

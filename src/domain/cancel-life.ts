import { isTerminal, stepOf } from './order-life.js';
import type { BrokerOrder } from './types.js';

/**
 * How far the cancel of one order is.
 * - `offered`: shown, and not confirmed
 * - `requesting`: confirmed and written down; its request may leave or have left
 * - `requested`: the broker took it. The order works until it says otherwise, and may fill yet
 * - `unknown`: no clear answer came, so it may have arrived
 * - `ended`: the order can trade no more; how it ended is its own matter
 * - `refused`: the broker said no, or took it and gave it up; the order works
 * - `absent`: the broker never got it, or it never left; the order works
 */
export type CancelState = 'offered' | 'requesting' | 'requested' | 'unknown' | 'ended' | 'refused' | 'absent';

/** Nobody knows yet how these end. While one is, no other cancel of that order leaves. */
export const OPEN_CANCELS: readonly CancelState[] = ['requesting', 'requested', 'unknown'];

const NEXT: Readonly<Record<CancelState, readonly CancelState[]>> = {
  // An order may end before anybody confirmed.
  offered: ['requesting', 'ended'],
  requesting: ['requested', 'unknown', 'ended', 'refused', 'absent'],
  requested: ['ended', 'refused'],
  unknown: ['requested', 'ended', 'refused', 'absent'],
  // What is said to work, and has ended since, is told so.
  refused: ['ended'],
  absent: ['ended'],
  ended: [],
};

/** Whether a cancel may go on so: never back, and never away from an end. */
export function mayBecome(from: CancelState, to: CancelState): boolean {
  return NEXT[from].includes(to);
}

/** From when on an order that shows no sign of its cancel means that there is none, in milliseconds after the press. */
export interface CancelPatience {
  /** Its request may leave until then, and arrive a little later. */
  requesting: number;
  /** Its request has left, or never will: only the broker can be slow. */
  unknown: number;
  /** The broker has taken it: what it shows may lag. */
  requested: number;
}

/**
 * What one look at the order says about its cancel. Only looking decides; nothing is sent again.
 * @param waitedMs from the press to when the look began
 */
export function judgedCancel(
  state: CancelState,
  order: BrokerOrder,
  waitedMs: number,
  patience: CancelPatience,
): CancelState {
  if (!OPEN_CANCELS.includes(state) || order.odd) return state;
  const step = stepOf(order);
  if (isTerminal(step)) return 'ended';
  if (step === 'cancel-requested') return 'requested';
  if (state === 'requested') return waitedMs >= patience.requested ? 'refused' : state;
  return waitedMs >= patience[state as 'requesting' | 'unknown'] ? 'absent' : state;
}

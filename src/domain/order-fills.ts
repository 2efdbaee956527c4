import { Exact } from './exact.js';
import { type Decimal, sum } from './money.js';
import type { BrokerOrder, Fill, OrderLeg } from './types.js';

/** Whether an order can still fill. A status we don't know counts as open: it may. */
export function isOpen({ state }: Pick<BrokerOrder, 'state'>): boolean {
  return state === 'submitted' || state === 'working' || state === 'unrecognised';
}

/** Fills without repeats: the broker may list one twice. */
export function uniqueFills({ fills }: OrderLeg): Fill[] {
  return [...new Map(fills.map((fill) => [fill.id, fill])).values()];
}

export interface FilledLeg {
  quantity: number;
  /** Contracts in the fills listed, and their prices per share times contracts: the division comes last. */
  listed: number;
  paid: Decimal;
  /** The order's quantities say more is filled than fills are listed for: the average may still move. */
  lagging: boolean;
}

/** What of a leg is filled. Whichever says more is right: fills and remaining quantities lag in turn. */
export function filledLeg(order: BrokerOrder, leg: OrderLeg): FilledLeg {
  const fills = uniqueFills(leg);
  const listed = fills.reduce((total, { quantity }) => total + quantity, 0);
  const told = order.state === 'filled' ? leg.quantity : leg.quantity - leg.remaining;
  const paid = sum(fills.map(({ price, quantity }) => price.times(quantity)));
  return { quantity: Math.max(listed, told), listed, paid, lagging: listed < told };
}

/** Exact average over the fills listed, per share; null if none is. */
export function averagePrice({ listed, paid }: FilledLeg): Exact | null {
  return listed > 0 ? Exact.of(paid).div(listed) : null;
}

/** Contracts of a leg that may still trade; zero once the order has ended. */
export function remainingOf(order: BrokerOrder, leg: OrderLeg): number {
  if (!isOpen(order)) return 0;
  return Math.max(0, leg.quantity - filledLeg(order, leg).quantity);
}

/** Contracts by symbol that an order hasn't traded, whether it works still or has ended. */
export function untraded(order: BrokerOrder): Map<string, number> {
  return new Map(
    order.legs.map((leg) => [leg.instrument.symbol, leg.quantity - filledLeg(order, leg).quantity]),
  );
}

/** When the order first and last traded; receipt or nothing where no fill is listed. */
export function tradedAt(order: BrokerOrder): { first: Date | null; last: Date | null } {
  const times = order.legs.flatMap(uniqueFills).map(({ at }) => at.getTime());
  if (times.length === 0) return { first: order.receivedAt, last: order.updatedAt ?? order.receivedAt };
  return { first: new Date(Math.min(...times)), last: new Date(Math.max(...times)) };
}

import { isOpening } from './leg-actions.js';
import { isOpen, remainingOf } from './order-fills.js';
import type { BrokerOrder } from './types.js';

/**
 * One claim on contracts held: a closing order, or several of which only one can fill. A limit and a stop that cancel
 * each other close the same contracts once, and so does an order with the one that is about to take its place.
 */
export interface Cover {
  /** The one a target would be, if any; the others are told beside it. */
  lead: BrokerOrder;
  others: BrokerOrder[];
}

/** The covers that open orders make, each order in one of them, in the orders' own order. Nothing else closes contracts. */
export function coversOf(openOrders: readonly BrokerOrder[]): Cover[] {
  const unique = [...new Map(openOrders.map((order) => [order.id, order])).values()];
  const closing = unique.filter(
    (order) => isOpen(order) && order.legs.some(({ action }) => !isOpening(action)),
  );
  const groups = new Groups(closing);
  for (const pair of oneCancelsOther(closing)) groups.join(pair);
  for (const order of closing) if (order.replaces !== null) groups.join([order.id, order.replaces]);
  return groups.all().map((orders) => {
    const [lead, ...others] = orders.toSorted((a, b) => leadRank(a) - leadRank(b));
    if (!lead) throw new Error('a cover without orders');
    return { lead, others };
  });
}

/** Contracts by symbol that a cover will close at most. Only one of its orders fills, so it is the most of any. */
export function claimedBy({ lead, others }: Cover): Map<string, number> {
  const most = new Map<string, number>();
  for (const order of [lead, ...others]) {
    for (const [symbol, contracts] of closedBy(order))
      most.set(symbol, Math.max(most.get(symbol) ?? 0, contracts));
  }
  return most;
}

/** Contracts by symbol that an order by itself will still close. */
export function closedBy(order: BrokerOrder): Map<string, number> {
  const total = new Map<string, number>();
  for (const leg of order.legs) {
    if (isOpening(leg.action)) continue;
    const { symbol } = leg.instrument;
    total.set(symbol, (total.get(symbol) ?? 0) + remainingOf(order, leg));
  }
  return total;
}

/** A replacement before what it replaces, a resting limit before the stop beside it. */
function leadRank({ orderType, replaces }: BrokerOrder): number {
  return (orderType === 'Limit' ? 0 : 2) + (replaces === null ? 1 : 0);
}

/**
 * Ids of the orders of each pair. tastytrade tags them `OCO::order`, `OTOCO::oco-1-order`; the parts of an OTO stand
 * for themselves. Where the tag is missing, only a limit and a stop of the same contracts make a pair, because the
 * broker takes no other; anything else counts in full rather than too little.
 */
function oneCancelsOther(orders: readonly BrokerOrder[]): string[][] {
  const byComplex = new Map<string, BrokerOrder[]>();
  for (const order of orders) {
    if (!order.complex) continue;
    const members = byComplex.get(order.complex.id) ?? [];
    if (members.push(order) === 1) byComplex.set(order.complex.id, members);
  }
  return [...byComplex.values()].flatMap((members) => {
    const tagged = members.filter(({ complex }) => /^(OCO::|OTOCO::oco)/i.test(complex?.tag ?? ''));
    if (tagged.length > 1) return [tagged.map(({ id }) => id)];
    const untagged = members.filter(({ complex }) => !complex?.tag);
    return isLimitAndStop(untagged) ? [untagged.map(({ id }) => id)] : [];
  });
}

function isLimitAndStop(orders: readonly BrokerOrder[]): boolean {
  const [a, b, ...more] = orders.toSorted((x, y) => Number(isStop(x)) - Number(isStop(y)));
  if (!a || !b || more.length > 0) return false;
  return a.orderType === 'Limit' && isStop(b) && haveSameLegs(a, b);
}

/** Whether an order wakes up at a trigger; its price, if any, then says nothing about how near it is. */
export function isStop({ orderType }: Pick<BrokerOrder, 'orderType'>): boolean {
  return /stop/i.test(orderType);
}

/** Whether two orders are about the same contracts, as many of each. */
export function haveSameLegs(a: Pick<BrokerOrder, 'legs'>, b: Pick<BrokerOrder, 'legs'>): boolean {
  return legsKey(a) === legsKey(b);
}

function legsKey({ legs }: Pick<BrokerOrder, 'legs'>): string {
  return legs
    .map(({ instrument, action, quantity }) => `${instrument.symbol} ${action} ${quantity}`)
    .sort()
    .join();
}

/** Orders in disjoint groups, in the order of each group's first. */
class Groups {
  readonly #byId: Map<string, BrokerOrder[]>;

  constructor(orders: readonly BrokerOrder[]) {
    this.#byId = new Map(orders.map((order) => [order.id, [order]]));
  }

  /** Ids that are not among the orders (any more) are passed over. */
  join(ids: readonly string[]): void {
    const groups = [...new Set(ids.flatMap((id) => [this.#byId.get(id) ?? []]))].filter(
      ({ length }) => length > 0,
    );
    const joined = groups.flat();
    for (const { id } of joined) this.#byId.set(id, joined);
  }

  all(): BrokerOrder[][] {
    return [...new Set(this.#byId.values())];
  }
}

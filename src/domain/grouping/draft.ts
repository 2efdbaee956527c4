import type { Doubt } from '../doubts.js';
import { tradedAt } from '../order-fills.js';
import type { BrokerOrder, Holding, PositionLeg, Side } from '../types.js';

/** A position while it is being worked out; `held` of its legs is still counted down. */
export interface Draft {
  key: string;
  legs: PositionLeg[];
  inferred: boolean;
  openedAt: Date | null;
  openingOrderId: string | null;
  opening: boolean;
  rolled: boolean;
  /** Ids of the orders that closed some of it. */
  closedBy: Set<string>;
  /** Each once, by what it says; `addDoubt` adds. */
  doubts: Map<string, Doubt>;
}

export function addDoubt({ doubts }: Pick<Draft, 'doubts'>, doubt: Doubt): void {
  doubts.set(JSON.stringify(doubt), doubt);
}

/** What is held, by side and symbol. The broker nets: a symbol is long or short, never both. */
export type Held = ReadonlyMap<string, Holding>;

export function heldBySide(holdings: readonly Holding[]): Held {
  const held = new Map<string, Holding>();
  for (const holding of holdings) {
    const key = sideKey(holding.instrument.symbol, holding.side);
    if (!held.has(key)) held.set(key, holding);
  }
  return held;
}

/** The holding of a symbol if it is on this side. */
export function holdingOf(held: Held, symbol: string, side: Side): Holding | null {
  return held.get(sideKey(symbol, side)) ?? null;
}

/** Stands for a contract on one side, in maps. */
export function sideKey(symbol: string, side: Side): string {
  return `${side} ${symbol}`;
}

/** Oldest first; unknown times count as oldest, ids settle ties so that the order never changes. */
export function byAge(a: Draft, b: Draft): number {
  const age = (a.openedAt?.getTime() ?? 0) - (b.openedAt?.getTime() ?? 0);
  return age || compareIds(a.key, b.key);
}

/** An order that traded, and when it last did. */
export interface Traded {
  order: BrokerOrder;
  last: Date | null;
}

/** Orders by their last trade, the oldest first. */
export function inTradeOrder(orders: readonly BrokerOrder[]): Traded[] {
  const traded = orders.map((order) => ({ order, last: tradedAt(order).last }));
  return traded.sort(
    (a, b) => (a.last?.getTime() ?? 0) - (b.last?.getTime() ?? 0) || compareIds(a.order.id, b.order.id),
  );
}

/** Order ids are numbers written as text: 9 comes before 10. */
const compareIds = new Intl.Collator('en', { numeric: true }).compare;

import type { BrokerOrder } from '../types.js';

/**
 * The orders that can tell anything about these contracts: those that traded one of them, those that traded a
 * contract together with these, and so on. An order outside such a chain shares no contract with an order in it, so
 * neither can take anything from the other. In the order given.
 */
export function relevantOrders(orders: readonly BrokerOrder[], symbols: Iterable<string>): BrokerOrder[] {
  const touching = new Map<string, BrokerOrder[]>();
  for (const order of orders) {
    for (const { instrument } of order.legs) {
      if (!instrument.option) continue;
      const others = touching.get(instrument.symbol);
      if (others) others.push(order);
      else touching.set(instrument.symbol, [order]);
    }
  }
  const reached = new Set(symbols);
  const relevant = new Set<BrokerOrder>();
  // A set's iterator also visits what is added on the way.
  for (const symbol of reached) {
    for (const order of touching.get(symbol) ?? []) {
      if (relevant.has(order)) continue;
      relevant.add(order);
      for (const other of contractsIn(order)) reached.add(other);
    }
  }
  return orders.filter((order) => relevant.has(order));
}

/** Option symbols in an order's legs, each once. Stock links nothing: what is held decides what shares cover. */
export function contractsIn({ legs }: Pick<BrokerOrder, 'legs'>): Set<string> {
  return new Set(legs.flatMap(({ instrument }) => (instrument.option ? instrument.symbol : [])));
}

import { isOnDay } from '../../domain/dates.js';
import { isOpening } from '../../domain/leg-actions.js';
import { uniqueFills } from '../../domain/order-fills.js';
import type { BrokerOrder, IsoDate, OrderLeg } from '../../domain/types.js';

/** What an order opened on one day. */
export interface OpenedOrder {
  order: BrokerOrder;
  /** Contracts opened that day, by symbol. */
  contracts: Map<string, number>;
}

/** Which orders opened something on a day at the exchange. */
export function openedOn(day: IsoDate, history: readonly BrokerOrder[]): OpenedOrder[] {
  const unique = [...new Map(history.map((order) => [order.id, order])).values()];
  return unique
    .map((order) => ({ order, contracts: contractsOf(order, day) }))
    .filter(({ contracts }) => contracts.size > 0);
}

function contractsOf({ legs }: BrokerOrder, day: IsoDate): Map<string, number> {
  const opened = legs
    .filter(({ action }) => isOpening(action))
    .map((leg) => [leg.instrument.symbol, filledOn(leg, day)] as const);
  return new Map(opened.filter(([, count]) => count > 0));
}

function filledOn(leg: OrderLeg, day: IsoDate): number {
  return uniqueFills(leg)
    .filter(({ at }) => isOnDay(at, day))
    .reduce((total, { quantity }) => total + quantity, 0);
}

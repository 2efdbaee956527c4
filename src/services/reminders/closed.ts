import { isOnDay } from '../../domain/dates.js';
import { Exact } from '../../domain/exact.js';
import { type Turn, Turns } from '../../domain/ledger-turns.js';
import { isOpening, sideHeld } from '../../domain/leg-actions.js';
import { Decimal, sum } from '../../domain/money.js';
import { filledLeg, uniqueFills } from '../../domain/order-fills.js';
import { keyOfOrder } from '../../domain/position-key.js';
import { realisedProfit } from '../../domain/profit.js';
import type { BrokerOrder, IsoDate, OrderLeg, PositionLeg } from '../../domain/types.js';
import type { OrderLink } from '../../ports/store.js';

/** What an order closed on one day. */
export interface ClosedOrder {
  order: BrokerOrder;
  /** The position it was placed for, if we placed it. */
  positionId: number | null;
  /** Contracts closed that day, by symbol. */
  contracts: Map<string, number>;
  /** Dollars realised that day before fees; null where fills or opening prices can't be known. */
  realised: Exact | null;
}

interface Lot {
  /** The order that opened it, as a position's key. */
  key: string;
  leg: OrderLeg;
  price: Decimal;
  left: number;
  /** When its leg's first contract was had. */
  since: number;
}

/** One fill of one leg, in the order of time. */
interface Trade {
  order: BrokerOrder;
  leg: OrderLeg;
  quantity: number;
  price: Decimal;
  at: number;
}

/** What a day's closing fills of one leg took, and at which opening prices. */
interface Taken {
  leg: OrderLeg;
  quantity: number;
  /** Per share times contracts; null where more was closed than the history opened. */
  cost: Decimal | null;
}

/** All orders in what was closed on a day: the day's own, and those that tell what it had been opened for. */
export function ordersOfDay(day: IsoDate, history: readonly BrokerOrder[]): BrokerOrder[] {
  const closed = new Set(
    history.flatMap(({ legs }) =>
      legs.flatMap(({ action, fills, instrument }) =>
        !isOpening(action) && fills.some(({ at }) => isOnDay(at, day)) ? instrument.symbol : [],
      ),
    ),
  );
  return history.filter(({ legs }) => legs.some(({ instrument }) => closed.has(instrument.symbol)));
}

/**
 * Which orders closed something on a day at the exchange, and what that realised. Closings take from what was opened
 * before them as they do in the ledger (`Turns`): from the position they were placed for if we placed them, else whole
 * spreads from what has them, else from the oldest. A closing of more than the history opened realises an unknown amount,
 * never zero.
 */
export function closedOn(
  day: IsoDate,
  history: readonly BrokerOrder[],
  links: ReadonlyMap<string, OrderLink>,
): ClosedOrder[] {
  const lots = new Map<string, Lot[]>();
  const taken = new Map<BrokerOrder, Map<string, Taken>>();
  const trades = tradesOf(history);
  const placedFor = new Map([...links].flatMap(([id, { key }]) => (key === null ? [] : [[id, key]])));
  const turns = new Turns(trades.map(moved), placedFor, (symbols) => openIn(lots, symbols));
  for (const trade of trades) {
    const { order, leg, quantity, price, at } = trade;
    const name = lotName(leg);
    if (isOpening(leg.action)) {
      const key = keyOfOrder(order.id);
      const opened = lots.get(name) ?? [];
      if (opened.push({ key, leg, price, left: quantity, since: firstFill(leg) }) === 1)
        lots.set(name, opened);
      continue;
    }
    const cost = take(lots.get(name) ?? [], turns.of(moved(trade)));
    if (!isOnDay(new Date(at), day)) continue;
    const legs = taken.get(order) ?? new Map<string, Taken>();
    const before = legs.get(name);
    legs.set(name, {
      leg,
      quantity: quantity + (before?.quantity ?? 0),
      cost: before ? ((cost && before.cost?.plus(cost)) ?? null) : cost,
    });
    taken.set(order, legs);
  }
  return [...taken].map(([order, legs]) => ({
    order,
    positionId: links.get(order.id)?.positionId ?? null,
    contracts: new Map([...legs.values()].map(({ leg, quantity }) => [leg.instrument.symbol, quantity])),
    realised: realised(order, [...legs.values()], day),
  }));
}

function tradesOf(history: readonly BrokerOrder[]): Trade[] {
  const unique = new Map(history.map((order) => [order.id, order]));
  const trades = [...unique.values()].flatMap((order) =>
    order.legs.flatMap((leg) =>
      uniqueFills(leg).map(({ quantity, price, at }) => ({ order, leg, quantity, price, at: at.getTime() })),
    ),
  );
  // At one instant what opens comes first: a position can't be closed before it is there.
  return trades.sort(
    (a, b) => a.at - b.at || Number(isOpening(b.leg.action)) - Number(isOpening(a.leg.action)),
  );
}

function moved({ order, leg: { instrument, action }, quantity }: Trade) {
  return { orderId: order.id, instrument, action, quantity: new Decimal(quantity) };
}

/** What is open of each opening that has any of these contracts, the oldest first. */
function openIn(lots: ReadonlyMap<string, Lot[]>, symbols: readonly string[]) {
  const all = [...lots.values()].flat();
  const openings = new Map<string, { opening: string; legs: PositionLeg[] }>();
  for (const { key, leg, left } of all.toSorted((a, b) => a.since - b.since)) {
    if (left === 0 || !symbols.includes(leg.instrument.symbol)) continue;
    const legs = openings.get(key)?.legs ?? [];
    const side = sideHeld(leg.action);
    legs.push({ instrument: leg.instrument, side, opened: left, held: left, openPrice: null });
    openings.set(key, { opening: key, legs });
  }
  return [...openings.values()];
}

function firstFill(leg: OrderLeg): number {
  return Math.min(...uniqueFills(leg).map(({ at }) => at.getTime()));
}

/** Takes contracts out of lots; what they cost to open, per share times contracts. Null if there are not enough. */
function take(lots: readonly Lot[], turns: readonly Turn[]): Decimal | null {
  let missing = 0;
  const costs: Decimal[] = [];
  for (const { opening, quantity } of turns) {
    missing += quantity.toNumber();
    for (const lot of lots) {
      if (opening !== null && lot.key !== opening) continue;
      const part = Math.min(lot.left, missing);
      lot.left -= part;
      missing -= part;
      if (part > 0) costs.push(lot.price.times(part));
    }
  }
  return missing > 0 ? null : sum(costs);
}

/** By the domain's rule for closing orders, over this day's part of the order. */
function realised(order: BrokerOrder, taken: readonly Taken[], day: IsoDate): Exact | null {
  const closing = order.legs.filter(({ action }) => !isOpening(action));
  if (closing.some((leg) => filledLeg(order, leg).lagging)) return null;
  const legs = taken.map(
    ({ leg, quantity, cost }): PositionLeg => ({
      instrument: leg.instrument,
      side: sideHeld(leg.action),
      opened: quantity,
      held: 0,
      openPrice: cost && Exact.of(cost).div(quantity),
    }),
  );
  return realisedProfit(legs, partOfDay(order, day));
}

/** The same order as if only this day's fills had happened and nothing were left. */
function partOfDay(order: BrokerOrder, day: IsoDate): BrokerOrder {
  const legs = order.legs.map((leg) => {
    const fills = uniqueFills(leg).filter(({ at }) => isOnDay(at, day));
    const quantity = fills.reduce((total, fill) => total + fill.quantity, 0);
    return { ...leg, fills, quantity, remaining: 0 };
  });
  return { ...order, state: 'working', legs };
}

function lotName({ instrument, action }: OrderLeg): string {
  return `${sideHeld(action)} ${instrument.symbol}`;
}

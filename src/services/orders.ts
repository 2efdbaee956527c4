import type { Decimal } from './domain/money.js';
import { isOpening, sideHeld } from './domain/orders.js';
import { closingCost, distance, type Quotes } from './domain/profit.js';
import { gcd } from './domain/strategies/shape.js';
import type { BrokerOrder, UnitLeg } from './domain/types.js';
import { UserError } from './errors.js';
import type { Book, PositionService, PositionView } from './positions.js';

/** A closing order that still works at the broker. */
export interface WorkingOrder {
  order: BrokerOrder;
  /** Positions it closes, by our ids; empty if it fits none of them. */
  positions: PositionView[];
  /** We placed it. */
  ours: boolean;
  /** How far the mark is from the limit per share; zero or less is there. Null without marks. */
  toMark: Decimal | null;
}

/**
 * What works at the broker now. What happens to an order later (fills, cancelling, replacing) will live beside
 * this, over the same read.
 */
export class OrdersService {
  constructor(private readonly positions: PositionService) {}

  async working(): Promise<{ book: Book; orders: WorkingOrder[] }> {
    const book = await this.positions.read();
    return { book, orders: workingOrders(book) };
  }

  /** One order that closes something, working or ended. @throws UserError `ORDER_UNKNOWN` */
  async find(id: string): Promise<{ book: Book; order: WorkingOrder }> {
    const book = await this.positions.read();
    const order = [...book.openOrders, ...book.history].find((each) => each.id === id);
    if (order) return { book, order: workingOrder(order, book) };
    throw new UserError(
      'ORDER_UNKNOWN',
      `The broker’s lists don’t show an order ${id} (any more).`,
      'Use `/orders` to see what works now.',
    );
  }
}

/** The orders of a book that will close something. */
export function workingOrders(book: Book): WorkingOrder[] {
  const closing = book.openOrders.filter(({ legs }) => legs.some(({ action }) => !isOpening(action)));
  return closing.map((order) => workingOrder(order, book));
}

function workingOrder(order: BrokerOrder, book: Book): WorkingOrder {
  const covered = book.positions.filter(({ working }) =>
    working.some((target) => target.order.id === order.id),
  );
  const linked = covered.some(({ working }) =>
    working.some((target) => target.order.id === order.id && target.linked),
  );
  return { order, positions: covered, ours: linked, toMark: toMark(order, book) };
}

function toMark(order: BrokerOrder, { quotes }: Book): Decimal | null {
  const cost = markCost(order, quotes);
  return order.price && order.effect && cost && distance(order.price, order.effect, cost);
}

/** What closing one unit of an order costs at today's marks, as `closingCost` signs it; null if that isn't known. */
export function markCost(order: BrokerOrder, quotes: Quotes): Decimal | null {
  // A roll opens and closes in one order: its price says nothing about closing alone.
  if (order.legs.some(({ action }) => isOpening(action))) return null;
  return closingCost(unitLegs(order), quotes, 'mark');
}

function unitLegs(order: BrokerOrder): UnitLeg[] {
  const units = gcd(order.legs.map(({ quantity }) => quantity));
  return order.legs.map(({ instrument, action, quantity }) => ({
    instrument,
    side: sideHeld(action),
    ratio: quantity / units,
  }));
}

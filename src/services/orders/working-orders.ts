import { type Cover, coversOf, isStop } from '../../domain/covers.js';
import { UserError } from '../../domain/errors.js';
import { isOpening, sideHeld } from '../../domain/leg-actions.js';
import type { Decimal } from '../../domain/money.js';
import { closingCost, distance, type Quotes } from '../../domain/profit.js';
import { gcd } from '../../domain/strategies/shape.js';
import { type Flaw, flawsOfOrder } from '../../domain/target-rules.js';
import type { BrokerOrder, UnitLeg } from '../../domain/types.js';
import type { Books, Desks } from '../accounts/desks.js';
import type { Book, OpenPosition } from '../accounts/positions.js';

/** A closing order that still works at the broker, or several of which only one can fill. */
export interface WorkingOrder {
  order: BrokerOrder;
  /** Those that end when it fills, and the other way round. */
  others: BrokerOrder[];
  /** Why it is no profit target; empty if it is one. */
  flaws: Flaw[];
  /** Positions it closes, by our ids; empty if it fits none of them. */
  positions: OpenPosition[];
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
  constructor(private readonly desks: Pick<Desks, 'read'>) {}

  /** Of each account that is meant, what will close something. @throws as `Desks.read` */
  async working(account: string | null = null): Promise<WorkingLists> {
    const { read, ...rest } = await this.desks.read(account);
    return { lists: read.map((book) => ({ book, orders: workingOrders(book) })), ...rest };
  }

  /**
   * One order that closes something, working or ended, in whichever account.
   * @throws UserError `ORDER_UNKNOWN`, `ORDER_UNREADABLE`; BrokerError if it may be of an account that can't be read
   */
  async find(id: string): Promise<{ book: Book; order: WorkingOrder }> {
    const { read, unread } = await this.desks.read();
    for (const book of read) {
      const order = [...book.openOrders, ...book.history].find((each) => each.id === id);
      if (order) return { book, order: coverFor(order, book) };
    }
    const odd = read.flatMap((book) => book.odd).find(({ what, name }) => what === 'order' && name === id);
    if (odd) throw new UserError('ORDER_UNREADABLE', { row: odd });
    const [hidden] = unread;
    if (hidden) throw hidden.error;
    throw new UserError('ORDER_UNKNOWN', { id });
  }
}

/** The closing orders of several accounts; those that couldn't be looked at are named. */
export interface WorkingLists extends Omit<Books, 'read'> {
  lists: { book: Book; orders: WorkingOrder[] }[];
}

/** An ended order stands for itself. */
function coverFor(order: BrokerOrder, book: Book): WorkingOrder {
  const cover = coversOf(book.openOrders).find(({ lead, others }) =>
    [lead, ...others].some(({ id }) => id === order.id),
  );
  return workingOrder(cover ?? { lead: order, others: [] }, book);
}

/** What of a book will close something: orders that cancel each other stand together. */
export function workingOrders(book: Book): WorkingOrder[] {
  return coversOf(book.openOrders).map((cover) => workingOrder(cover, book));
}

function workingOrder({ lead: order, others }: Cover, book: Book): WorkingOrder {
  const ids = new Set([order, ...others].map(({ id }) => id));
  const positions = book.positions.filter(({ working }) => working.some((part) => ids.has(part.order.id)));
  const parts = positions.flatMap(({ working }) => working.filter((part) => ids.has(part.order.id)));
  const own = parts.filter((part) => part.order.id === order.id);
  return {
    order,
    others,
    positions,
    // Of an order over several positions, what is a target for one of them is one.
    flaws: own.some(({ flaws }) => flaws.length === 0) ? [] : (own[0]?.flaws ?? flawsOfOrder(order)),
    ours: parts.some(({ linked }) => linked),
    toMark: toMark(order, book),
  };
}

/**
 * Whether the distance of the mark from the limit says how near an order is to filling. A stop sleeps until its
 * trigger, a roll's price isn't that of closing alone, and a market order has none.
 */
export function hasNearness({ legs, price, ...order }: BrokerOrder): boolean {
  return price !== null && !isStop(order) && !legs.some(({ action }) => isOpening(action));
}

function toMark(order: BrokerOrder, { quotes }: Book): Decimal | null {
  if (!hasNearness(order)) return null;
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

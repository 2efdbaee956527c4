import { DAY_MS } from '../../../domain/dates.js';
import type { Decimal } from '../../../domain/money.js';
import { HUNDRED } from '../../../domain/money.js';
import { type Grid, neighbours } from '../../../domain/ticks.js';
import type { BrokerOrder, OddRow } from '../../../domain/types.js';
import { isOfUnderlying } from '../../../domain/underlyings.js';
import type { Book } from '../../accounts/positions.js';
import {
  hasNearness,
  markCost,
  workingOrders as ordersOf,
  type WorkingOrder,
} from '../../orders/working-orders.js';
import type { ReminderOptions } from '../options.js';
import { unreadRows } from '../selection.js';
import type { Kind } from './kind.js';

/** When nothing else is asked for. Profit targets rest for weeks; a month is worth a thought. */
const USUAL: OrderLimits = { olderThanDays: 30, withinTicks: null, withinPercent: 10 };

/** What makes an order worth telling; null is not asked for. */
export interface OrderLimits {
  olderThanDays: number | null;
  withinTicks: number | null;
  withinPercent: number | null;
}

/**
 * - `old`: received so many whole days ago
 * - `near`: the mark has to move at most as far as asked
 * - `reached`: the mark is at the limit or past it, and yet it works
 */
export type Reason =
  | { kind: 'old'; days: number }
  | { kind: 'near'; percent: Decimal | null; away: Decimal }
  | { kind: 'reached' };

export interface FlaggedOrder {
  working: WorkingOrder;
  reasons: Reason[];
}

export interface WorkingOrders {
  book: Book;
  limits: OrderLimits;
  orders: FlaggedOrder[];
  /** Nearness was asked for, and can't be told without marks. */
  unknownDistance: WorkingOrder[];
  /** Ticks were asked for, and the valid prices aren't known. */
  unknownTicks: WorkingOrder[];
  /** Working orders that can't be read. */
  unread: OddRow[];
}

export const workingOrders: Kind<WorkingOrders> = {
  trading: true,
  uses: [
    'account',
    'underlying',
    'position',
    'olderThanDays',
    'withinTicks',
    'withinPercent',
    'sayWhenEmpty',
  ],
  usually: 'market close -30m',
  async look({ reading, options, now }) {
    const book = await reading.book();
    const orders = chosen(book, options);
    const grids = new Map<string, Grid | null>();
    if (options.withinTicks !== undefined) {
      for (const { order } of orders) grids.set(order.id, await reading.grid(order));
    }
    const unread = unreadRows(book, options).filter(({ what }) => what === 'order');
    const found = { ...findOrders(book, orders, limitsOf(options), grids, now), unread };
    return found.orders.length > 0 || isBlind(found) || options.sayWhenEmpty ? found : null;
  },
};

/** Silence would say that none is near. */
export function isBlind({ unknownDistance, unknownTicks, unread }: WorkingOrders): boolean {
  return unknownDistance.length + unknownTicks.length + unread.length > 0;
}

export function limitsOf({ olderThanDays, withinTicks, withinPercent }: ReminderOptions): OrderLimits {
  const asked = olderThanDays ?? withinTicks ?? withinPercent;
  if (asked === undefined) return USUAL;
  return {
    olderThanDays: olderThanDays ?? null,
    withinTicks: withinTicks ?? null,
    withinPercent: withinPercent ?? null,
  };
}

function chosen(book: Book, { underlying, position }: ReminderOptions): WorkingOrder[] {
  return ordersOf(book).filter(
    ({ order, positions }) =>
      (underlying === undefined || isOfUnderlying(underlying, order)) &&
      (position === undefined || positions.some(({ id }) => id === position)),
  );
}

/** @param grids valid prices by order id; only needed where ticks count */
export function findOrders(
  book: Book,
  orders: readonly WorkingOrder[],
  limits: OrderLimits,
  grids: ReadonlyMap<string, Grid | null>,
  now: Date,
): Omit<WorkingOrders, 'unread'> {
  const wantsDistance = limits.withinTicks !== null || limits.withinPercent !== null;
  const priced = orders.filter(({ toMark }) => toMark !== null);
  return {
    book,
    limits,
    orders: orders
      .map((working) => ({
        working,
        reasons: [
          ...oldReason(working, limits, now),
          ...nearReason(working, book, limits, grids.get(working.order.id) ?? null),
        ],
      }))
      .filter(({ reasons }) => reasons.length > 0),
    unknownDistance: wantsDistance
      ? orders.filter(({ order, toMark }) => toMark === null && hasNearness(order))
      : [],
    unknownTicks: limits.withinTicks === null ? [] : priced.filter(({ order }) => !grids.get(order.id)),
  };
}

function oldReason({ order }: WorkingOrder, { olderThanDays }: OrderLimits, now: Date): Reason[] {
  if (olderThanDays === null || !order.receivedAt) return [];
  const days = Math.floor((now.getTime() - order.receivedAt.getTime()) / DAY_MS);
  return days >= olderThanDays ? [{ kind: 'old', days }] : [];
}

function nearReason(
  { order, toMark }: WorkingOrder,
  book: Book,
  { withinTicks, withinPercent }: OrderLimits,
  grid: Grid | null,
): Reason[] {
  if (toMark === null || (withinTicks === null && withinPercent === null)) return [];
  if (toMark.lte(0)) return [{ kind: 'reached' }];
  const cost = markCost(order, book.quotes);
  const percent = cost && !cost.isZero() ? toMark.times(HUNDRED).div(cost.abs()) : null;
  const byPercent = withinPercent !== null && percent?.lte(withinPercent) === true;
  const byTicks = withinTicks !== null && grid !== null && within(order, toMark, grid, withinTicks);
  return byPercent || byTicks ? [{ kind: 'near', percent, away: toMark }] : [];
}

/** Steps from the limit towards the market, because the tick may change on the way. */
function within({ price, effect }: BrokerOrder, away: Decimal, grid: Grid, ticks: number): boolean {
  if (!price) return false;
  // Buying back waits below the market, selling out above it.
  const up = effect === 'debit';
  let reached: Decimal = price;
  for (let step = 0; step < ticks; step += 1) {
    const { below, above } = neighbours(grid, reached);
    const next = up ? above : below;
    if (!next) break;
    reached = next;
  }
  return reached.minus(price).abs().gte(away);
}

import { describe, expect, test } from 'vitest';
import type { Grid } from '../../../src/domain/ticks.js';
import { workingOrdersTelling } from '../../../src/screens/reminders/working-orders.js';
import { workingOrders } from '../../../src/services/orders/working-orders.js';
import { KINDS } from '../../../src/services/reminders/kinds/registry.js';
import {
  findOrders,
  limitsOf,
  type OrderLimits,
} from '../../../src/services/reminders/kinds/working-orders.js';
import { d, workingOrder } from '../../domain/build.js';
import { bookOf, NOW } from './book.js';
import { lookAt } from './look.js';

const NONE: OrderLimits = { olderThanDays: null, withinTicks: null, withinPercent: null };
const PENNY: Grid = [{ below: null, increment: d('0.01') }];
const NICKEL_DIME: Grid = [
  { below: d('3'), increment: d('0.05') },
  { below: null, increment: d('0.10') },
];
const PUT = 'QQQ 2026-12-18 480 P';

interface Case {
  limits: Partial<OrderLimits>;
  limit?: string;
  mark?: string | null;
  receivedAt?: Date;
  grid?: Grid | null;
  effect?: 'debit' | 'credit';
}

/** The reasons for one order that buys back a short put (or sells a long one). */
function reasons({
  limits,
  limit = '1.00',
  mark = '2.00',
  receivedAt = NOW,
  grid = PENNY,
  effect = 'debit',
}: Case) {
  const action = effect === 'debit' ? 'buy-to-close' : 'sell-to-close';
  const order = workingOrder('9', [`${action} 1 ${PUT}`], { price: d(limit), effect, at: receivedAt });
  const book = bookOf({
    holdings: [`${effect === 'debit' ? '-' : ''}1 ${PUT} @ 2.50`],
    openOrders: [order],
    marks: mark === null ? {} : { [PUT]: mark },
  });
  return findOrders(book, workingOrders(book), { ...NONE, ...limits }, new Map([['9', grid]]), NOW);
}
const kinds = (given: Case) => reasons(given).orders.flatMap((each) => each.reasons.map(({ kind }) => kind));

describe('age', () => {
  const ago = (ms: number) => new Date(NOW.getTime() - ms);
  const DAYS_3 = 3 * 86_400_000;
  test.each([
    [ago(DAYS_3 - 1), []],
    [ago(DAYS_3), ['old']],
  ])('received %s is told with older_than_days:3 as %j', (receivedAt, expected) => {
    expect(kinds({ limits: { olderThanDays: 3 }, receivedAt })).toEqual(expected);
  });
});

describe('nearness in percent of the mark', () => {
  test.each([
    ['1.80', 10, ['near']],
    ['1.79', 10, []],
    ['2.00', 0, ['reached']],
    ['2.20', 0, ['reached']],
  ])('a limit of %s at a mark of 2.00 within %i %%: %j', (limit, withinPercent, expected) => {
    expect(kinds({ limits: { withinPercent }, limit })).toEqual(expected);
  });

  test('selling out is measured from above', () => {
    const sell = { effect: 'credit' as const, mark: '2.00' };
    expect(kinds({ ...sell, limits: { withinPercent: 10 }, limit: '2.20' })).toEqual(['near']);
    expect(kinds({ ...sell, limits: { withinPercent: 10 }, limit: '2.21' })).toEqual([]);
    expect(kinds({ ...sell, limits: { withinPercent: 10 }, limit: '1.90' })).toEqual(['reached']);
  });
});

describe('nearness in ticks', () => {
  test.each([
    ['1.00', '1.03', 3, ['near']],
    ['1.00', '1.035', 3, []],
    ['1.00', '1.03', 2, []],
  ])('limit %s, mark %s, within %i ticks of a penny: %j', (limit, mark, withinTicks, expected) => {
    expect(kinds({ limits: { withinTicks }, limit, mark })).toEqual(expected);
  });

  test('ticks are stepped over a threshold, where they change', () => {
    const from = { limit: '2.95', grid: NICKEL_DIME };
    // 2.95 → 3.00 → 3.10
    expect(kinds({ ...from, mark: '3.10', limits: { withinTicks: 2 } })).toEqual(['near']);
    expect(kinds({ ...from, mark: '3.11', limits: { withinTicks: 2 } })).toEqual([]);
    const sell = { effect: 'credit' as const, limit: '3.10', grid: NICKEL_DIME };
    expect(kinds({ ...sell, mark: '2.95', limits: { withinTicks: 2 } })).toEqual(['near']);
    expect(kinds({ ...sell, mark: '2.94', limits: { withinTicks: 2 } })).toEqual([]);
  });
});

test('an order without marks or without known ticks is named as such, not left out', () => {
  const blind = reasons({ limits: { withinPercent: 10 }, mark: null });
  expect(blind.orders).toEqual([]);
  expect(blind.unknownDistance.map(({ order }) => order.id)).toEqual(['9']);
  const untold = reasons({ limits: { withinTicks: 5 }, grid: null });
  expect(untold.unknownTicks.map(({ order }) => order.id)).toEqual(['9']);
  const unasked = reasons({ limits: { olderThanDays: 1 }, mark: null, grid: null });
  expect([unasked.unknownDistance, unasked.unknownTicks]).toEqual([[], []]);
});

test('what can’t be told is no silence; a roll, whose price says nothing about closing, is', async () => {
  const close = [`buy-to-close 1 ${PUT}`];
  const roll = [...close, 'sell-to-open 1 QQQ 2027-01-15 480 P'];
  const look = (legs: string[]) => {
    const order = workingOrder('9', legs, { price: d('1.00'), effect: 'debit', at: NOW });
    const book = bookOf({ holdings: [`-1 ${PUT} @ 2.50`], openOrders: [order], marks: {} });
    return KINDS['working-orders'].look(lookAt(book, { withinPercent: 10 }));
  };
  const found = await look(close);
  expect(found?.unknownDistance.map(({ order }) => order.id)).toEqual(['9']);
  expect(found && workingOrdersTelling(found).headline).toBe(
    'How near 1 working order is to filling isn’t known',
  );
  expect(await look(roll)).toBeNull();
});

test('without any limit the usual ones hold; with one, only that one', () => {
  expect(limitsOf({})).toEqual({ olderThanDays: 30, withinTicks: null, withinPercent: 10 });
  expect(limitsOf({ withinTicks: 0 })).toEqual({ ...NONE, withinTicks: 0 });
});

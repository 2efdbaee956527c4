import { expect, test } from 'vitest';
import type { BrokerOrder } from '../../../src/domain/types.js';
import { findMissing } from '../../../src/services/reminders/kinds/missing-targets.js';
import { d, filledOrder, workingOrder } from '../../domain/build.js';
import { bookOf } from './book.js';

const OPENED = [
  filledOrder('1', [
    'sell-to-open 2 QQQ 2026-12-18 480 P @ 3.10',
    'buy-to-open 2 QQQ 2026-12-18 475 P @ 2.00',
  ]),
  filledOrder('2', ['sell-to-open 1 SPY 2026-12-18 600 P @ 4.00'], new Date('2026-11-03T15:00:00Z')),
];
const HELD = [
  '-2 QQQ 2026-12-18 480 P @ 3.10',
  '2 QQQ 2026-12-18 475 P @ 2.00',
  '-1 SPY 2026-12-18 600 P @ 4.00',
];
const close = (units: number) =>
  workingOrder('9', [
    `buy-to-close ${units} QQQ 2026-12-18 480 P`,
    `sell-to-close ${units} QQQ 2026-12-18 475 P`,
  ]);
const ids = (views: readonly { id: number }[]) => views.map(({ id }) => id);

test('a position is missing targets while no closing order works for it, and partly while units are left over', () => {
  const none = findMissing(bookOf({ holdings: HELD, history: OPENED }), {});
  expect([ids(none.without), ids(none.partly)]).toEqual([[1, 2], []]);
  const half = findMissing(bookOf({ holdings: HELD, history: OPENED, openOrders: [close(1)] }), {});
  expect([ids(half.without), ids(half.partly)]).toEqual([[2], [1]]);
  const all = findMissing(bookOf({ holdings: HELD, history: OPENED, openOrders: [close(2)] }), {});
  expect([ids(all.without), ids(all.partly)]).toEqual([[2], []]);
});

test.each([
  ['a stop', { orderType: 'Stop', price: null }],
  ['a Day order', { timeInForce: 'Day' }],
  ['a limit at a loss', { price: d(9) }],
])('%s is no target', (_what, options) => {
  const open = workingOrder('9', ['buy-to-close 1 SPY 2026-12-18 600 P'], options);
  const found = findMissing(bookOf({ holdings: HELD, history: OPENED, openOrders: [open, close(2)] }), {});
  expect([ids(found.without), ids(found.partly)]).toEqual([[2], []]);
});

test('long calls under a lone stop are told: the stop reserves them, and would not earn', () => {
  const calls = 'NVDA 2026-12-18 180 C';
  const bought = filledOrder('3', [`buy-to-open 2 ${calls} @ 5.00`]);
  const stop = workingOrder('9', [`sell-to-close 2 ${calls}`], {
    orderType: 'Stop',
    price: null,
    stopTrigger: d(3),
  });
  const target = workingOrder('9', [`sell-to-close 2 ${calls}`], { price: d(10), effect: 'credit' });
  const told = (order: BrokerOrder) => {
    const book = bookOf({ holdings: [`2 ${calls} @ 5.00`], history: [bought], openOrders: [order] });
    const { without, partly } = findMissing(book, {});
    return [ids(without), ids(partly)];
  };
  expect(told(stop)).toEqual([[1], []]);
  expect(told(target)).toEqual([[], []]);
});

test('a filter keeps to an underlying or a position', () => {
  const book = bookOf({ holdings: HELD, history: OPENED });
  expect(ids(findMissing(book, { underlying: 'SPY' }).without)).toEqual([2]);
  for (const underlying of ['spy', 'SPY', '$SPY']) {
    expect(ids(findMissing(book, { underlying }).without)).toEqual([2]);
  }
  expect(ids(findMissing(book, { underlying: 'SP' }).without)).toEqual([]);
  expect(ids(findMissing(book, { position: 1 }).without)).toEqual([1]);
  expect(ids(findMissing(book, { position: 7 }).without)).toEqual([]);
});

test('a long leg that only covers a short one elsewhere misses no target, nor does a put over shares', () => {
  const wing = filledOrder(
    '3',
    ['buy-to-open 1 SPY 2026-12-18 590 P @ 2.00'],
    new Date('2026-11-04T15:00:00Z'),
  );
  const held = [...HELD, '1 SPY 2026-12-18 590 P @ 2.00', '1 IWM 2026-12-18 200 P @ 2.00', '100 IWM @ 210'];
  const { without } = findMissing(bookOf({ holdings: held, history: [...OPENED, wing] }), {});
  expect(without.map(({ position }) => position.underlying)).toEqual(['QQQ', 'SPY']);
  expect(without.map(({ title }) => title)).not.toContain('Long put');
});

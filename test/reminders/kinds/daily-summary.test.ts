import { describe, expect, test } from 'vitest';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import { dailySummaryTelling } from '../../../src/screens/reminders/daily-summary.js';
import { dailySummary } from '../../../src/services/reminders/kinds/daily-summary.js';
import { d, fill, filledOrder, order, orderLeg, workingOrder } from '../../domain/build.js';
import { bookOf } from './book.js';
import { blocksText, lookAt, readingOf, SILENT } from './look.js';

const PUT = 'QQQ 2026-11-27 480 P';
const CALL = 'SPY 2026-12-18 700 C';
const opening = filledOrder('1', [`sell-to-open 2 ${PUT} @ 3.00`]);
const BALANCES = { netLiquidatingValue: d('150000'), cash: null, derivativeBuyingPower: d('90000') };
const WITH_BALANCES = { ...SILENT, balances: async () => BALANCES };
const HALF_CLOSED = bookOf({
  holdings: [`-1 ${PUT} @ 3.00`, `-1 ${CALL} @ 2.00`],
  history: [
    opening,
    order('2', [orderLeg(`buy-to-close 1 ${PUT} @ 1.00`, 1, new Date('2026-11-23T16:00:00Z'))]),
  ],
  openOrders: [workingOrder('9', [`buy-to-close 1 ${PUT}`], { price: d('1.10'), effect: 'debit' })],
  marks: { [PUT]: '1.00' },
});

/** The summary of a run due at this instant. */
async function summary(dueAt: string, book = HALF_CLOSED, options = {}) {
  const reading = readingOf(book, WITH_BALANCES);
  return dailySummary.look(lookAt(book, options, { reading, dueAt: new Date(dueAt), now: new Date(dueAt) }));
}

describe('which part of the day it tells', () => {
  test.each([
    ['2026-11-23T13:00:00Z', 'before'],
    ['2026-11-23T20:59:59Z', 'before'],
    ['2026-11-23T21:00:00Z', 'after'],
    // The day after Thanksgiving closes at 13:00 in New York.
    ['2026-11-27T17:59:59Z', 'before'],
    ['2026-11-27T18:00:00Z', 'after'],
    // Thanksgiving has no close.
    ['2026-11-26T22:00:00Z', 'before'],
  ])('due %s it tells what is %s the close', async (dueAt, part) => {
    expect((await summary(dueAt))?.part).toBe(part);
  });

  test('a run delivered late still tells of the day it was due on', async () => {
    const now = new Date('2026-11-24T13:00:00Z');
    const dueAt = new Date('2026-11-23T21:15:00Z');
    const reading = readingOf(HALF_CLOSED, WITH_BALANCES);
    const found = await dailySummary.look(lookAt(HALF_CLOSED, {}, { reading, now, dueAt }));
    expect(found).toMatchObject({ part: 'after', day: '2026-11-23' });
  });
});

test('before the close: what expires within a week, what is uncovered, what works', async () => {
  const found = await summary('2026-11-23T14:00:00Z');
  expect(found?.expiring.map(({ view, dte }) => [view.position.underlying, dte])).toEqual([['QQQ', 4]]);
  expect(found?.without.map(({ position }) => position.underlying)).toEqual(['SPY']);
  expect(found?.orders.map(({ order: each }) => each.id)).toEqual(['9']);
});

test('after the close: what was realised, what is open, what isn’t known of it, balances, what is reached', async () => {
  const found = await summary('2026-11-23T21:15:00Z');
  if (found?.part !== 'after') throw new Error('it told the wrong part');
  expect(found.closed.map(({ order: each }) => each.id)).toEqual(['2']);
  expect(found.realised.dollars?.toString()).toBe('200');
  expect(found.realised.unknown).toBe(0);
  expect(found.open.dollars?.toString()).toBe('200');
  expect(found.open.unknown).toBe(1);
  expect(found.balances).toBe(BALANCES);
  expect(found.reached.map(({ order: each }) => each.id)).toEqual(['9']);
});

test('fills that opened something are told beside those that closed, each with its own day', async () => {
  const today = new Date('2026-11-23T15:30:00Z');
  const earlier = new Date('2026-11-20T15:30:00Z');
  const partly = order('5', [
    {
      ...orderLeg(`sell-to-open 3 ${CALL} @ 2.00`, 0),
      fills: [fill(1, d('2.00'), earlier), fill(2, d('2.10'), today)],
    },
  ]);
  const unfilled = workingOrder('6', [`sell-to-open 1 ${PUT}`], { price: d('1.00'), effect: 'credit' });
  const history = [opening, partly, filledOrder('7', [`buy-to-open 1 ${PUT} @ 1.00`], today), unfilled];
  const book = bookOf({ holdings: [`-3 ${CALL} @ 2.00`], history });
  const found = await summary('2026-11-23T21:15:00Z', book);
  if (found?.part !== 'after') throw new Error('it told the wrong part');
  const opened = found.opened.map((each) => [each.order.id, [...each.contracts.values()]]);
  expect(opened).toEqual([
    ['5', [2]],
    ['7', [1]],
  ]);
  const text = blocksText(dailySummaryTelling(found));
  expect(text).toMatch(/Filled today[\s\S]*Order 5 · #\d+ SPY .* · opened 2 × SPY 18 Dec 26 700 C/);
  expect(await summary('2026-11-23T21:15:00Z', book, { underlying: 'SPY' })).toMatchObject({
    opened: [{ order: { id: '5' } }],
  });
});

test('balances that can’t be read are told as missing, and the rest all the same', async () => {
  const balances = async () => {
    throw new BrokerUnreachable('no answer');
  };
  const reading = readingOf(HALF_CLOSED, { ...SILENT, balances });
  const dueAt = new Date('2026-11-23T21:15:00Z');
  const found = await dailySummary.look(lookAt(HALF_CLOSED, {}, { reading, dueAt, now: dueAt }));
  expect(found).toMatchObject({ part: 'after', balances: null });
});

test('an account in which nothing is and nothing was says nothing, unless asked to', async () => {
  const empty = bookOf({});
  expect(await summary('2026-11-23T14:00:00Z', empty)).toBeNull();
  expect(await summary('2026-11-23T21:15:00Z', empty)).toBeNull();
  expect(await summary('2026-11-23T21:15:00Z', empty, { sayWhenEmpty: true })).toMatchObject({
    part: 'after',
  });
});

import { describe, expect, test } from 'vitest';
import { expirationDayTelling } from '../../../src/screens/reminders/expiration-day.js';
import { findExpiringToday } from '../../../src/services/reminders/kinds/expiration-friday.js';
import { findExpiring } from '../../../src/services/reminders/kinds/expiry.js';
import { findMissing } from '../../../src/services/reminders/kinds/missing-targets.js';
import { d, filledOrder } from '../../domain/build.js';
import { bookOf, marketOf, NOW } from './book.js';

const MARKET = marketOf({});
const shortPut = (day: string) => `-1 QQQ ${day} 480 P @ 3.10`;
const find = (day: string, options = {}) =>
  findExpiring(bookOf({ holdings: [shortPut(day)] }), MARKET, options, NOW).groups.map(
    ({ within }) => within,
  );

describe('DTE at or below a limit, from 23 November', () => {
  test.each([
    ['2026-12-15', 22, []],
    ['2026-12-14', 21, [21]],
    ['2026-12-01', 8, [21]],
    ['2026-11-30', 7, [7]],
    ['2026-11-23', 0, [7]],
    ['2026-11-20', -3, [7]],
  ])('%s (%i DTE) is told within %j by default', (day, _dte, within) => {
    expect(find(day)).toEqual(within);
  });

  test('own limits replace the usual ones', () => {
    expect(find('2026-11-30', { dte: [0, 6] })).toEqual([]);
    expect(find('2026-11-29', { dte: [0, 6] })).toEqual([6]);
    expect(find('2026-11-23', { dte: [0, 6] })).toEqual([0]);
  });

  test('the day counts at the exchange: 23:00 in New York is not yet the next day', () => {
    const late = new Date('2026-11-24T04:00:00Z');
    const [group] = findExpiring(bookOf({ holdings: [shortPut('2026-11-30')] }), MARKET, {}, late).groups;
    expect(group?.positions[0]?.dte).toBe(7);
  });
});

describe('what settles in the morning', () => {
  const THURSDAY = new Date('2026-12-17T15:00:00Z');
  const book = { ...bookOf({ holdings: ['-1 SPX 2026-12-18 5800 P @ 3.10'] }), readAt: THURSDAY };

  test('counts to its last trade, the day before it expires', () => {
    const [group] = findExpiring(book, MARKET, { dte: [0] }, THURSDAY).groups;
    expect(group?.positions[0]).toMatchObject({ dte: 0, lastDay: '2026-12-17', over: false });
  });

  test('is told on the day of its last trade as on an expiration day', () => {
    const { positions } = findExpiringToday(book, MARKET, {}, THURSDAY);
    expect(positions).toHaveLength(1);
    const telling = expirationDayTelling(
      { book, day: '2026-12-17', closesAt: null, positions, unread: [] },
      THURSDAY,
    );
    expect(telling.headline).toBe('1 position trades last today, Thu 17 Dec 26');
    expect(telling.blocks.join('\n')).toContain('(1 DTE, settles in the morning: trades last today)');
  });

  test('once it has traded last, is expired and not settled, never −1 DTE, and misses no target', () => {
    const friday = new Date('2026-12-18T14:00:00Z');
    const late = { ...book, readAt: friday };
    const { positions } = findExpiringToday(late, MARKET, {}, friday);
    const telling = expirationDayTelling(
      { book: late, day: '2026-12-18', closesAt: null, positions, unread: [] },
      friday,
    );
    expect(telling.blocks.join('\n')).toContain('18 Dec 26 (expired, not settled yet)');
    expect(findMissing(late, {}).without).toEqual([]);
    expect(findMissing(book, {}).without).toHaveLength(1);
  });
});

test('the nearest expiration comes first, and a calendar goes by its front month alone', () => {
  const book = bookOf({
    holdings: [
      '-1 QQQ 2026-12-04 480 P @ 1.00',
      '-1 IWM 2026-11-27 200 C @ 1.00',
      '1 IWM 2026-12-18 200 C @ 2.00',
    ],
  });
  const { groups } = findExpiring(book, MARKET, {}, NOW);
  const told = groups.flatMap(({ positions }) =>
    positions.map(({ view, dte }) => [view.position.underlying, dte]),
  );
  expect(told[0]).toEqual(['IWM', 4]);
  expect(told).toContainEqual(['QQQ', 11]);
});

test('a short leg that outlives the first expiration is marked as well', () => {
  const book = bookOf({
    holdings: ['1 IWM 2026-11-27 200 C @ 1.00', '-1 IWM 2026-12-18 200 C @ 2.00'],
    history: [
      filledOrder('1', [
        'buy-to-open 1 IWM 2026-11-27 200 C @ 1.00',
        'sell-to-open 1 IWM 2026-12-18 200 C @ 2.00',
      ]),
    ],
    marks: { 'IWM 2026-12-18 200 C': '10.05' },
  });
  const market = marketOf({
    IWM: { price: d('210'), dividend: { date: '2026-12-15', amount: d('0.80') } },
  });
  const told = findExpiring(book, market, {}, NOW).groups.flatMap(({ positions }) => positions);
  const marks = told.flatMap(({ shorts }) =>
    shorts.map(({ leg, marks }) => [leg.instrument.option?.expiration, marks.map(({ kind }) => kind)]),
  );
  expect(marks).toEqual([['2026-12-18', ['in-the-money', 'early-assignment', 'ex-dividend']]]);
});

test('expiration day tells only what expires on this very day at the exchange', () => {
  const book = bookOf({ holdings: [shortPut('2026-11-23'), '-1 SPY 2026-11-24 600 P @ 1.00'] });
  const on = (now: Date) =>
    findExpiringToday(book, MARKET, {}, now).positions.map(({ view }) => view.position.underlying);
  expect(on(NOW)).toEqual(['QQQ']);
  expect(on(new Date('2026-11-24T04:59:00Z'))).toEqual(['QQQ']);
  expect(on(new Date('2026-11-24T05:00:00Z'))).toEqual(['SPY']);
  expect(on(new Date('2026-11-25T15:00:00Z'))).toEqual([]);
});

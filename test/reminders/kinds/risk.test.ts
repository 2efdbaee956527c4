import { describe, expect, test } from 'vitest';
import type { ExDividend } from '../../../src/ports/broker.js';
import type { UnderlyingFacts } from '../../../src/services/reminders/market.js';
import { markedShorts } from '../../../src/services/reminders/risk.js';
import { d, leg } from '../../domain/build.js';
import { marketOf, NOW, quote } from './book.js';

interface Case {
  leg: string;
  facts?: Partial<UnderlyingFacts>;
  mark?: string;
}

function kinds({ leg: text, facts = {}, mark }: Case): string[] {
  const held = leg(text);
  const market = marketOf({ [held.instrument.underlying]: facts });
  const quotes = new Map(mark === undefined ? [] : [[held.instrument.symbol, quote(mark)]]);
  return markedShorts([held], market, quotes, NOW).flatMap(({ marks }) => marks.map(({ kind }) => kind));
}

const FAR_PUT = '-1 QQQ 2026-12-18 480 P @ 3.00';
const FAR_CALL = '-1 AAPL 2026-12-18 280 C @ 3.00';

describe('in the money', () => {
  test.each([
    [FAR_PUT, 'QQQ', '480', []],
    [FAR_PUT, 'QQQ', '479.99', ['in-the-money']],
    [FAR_CALL, 'AAPL', '280', []],
    [FAR_CALL, 'AAPL', '280.01', ['in-the-money']],
  ])('%s with %s at %s: %j', (text, _underlying, price, expected) => {
    expect(kinds({ leg: text, facts: { price: d(price) }, mark: '9' })).toEqual(expected);
  });

  test('tells by how much', () => {
    const [short] = markedShorts([leg(FAR_PUT)], marketOf({ QQQ: { price: d('476.80') } }), new Map(), NOW);
    const [mark] = short?.marks ?? [];
    expect(mark?.kind === 'in-the-money' && mark.by.toFixed()).toBe('3.2');
  });

  test('long legs and legs closed already carry no such risk', () => {
    const market = marketOf({ QQQ: { price: d('400') } });
    expect(markedShorts([leg('1 QQQ 2026-12-18 480 P @ 3')], market, new Map(), NOW)).toEqual([]);
    expect(markedShorts([leg(FAR_PUT, 0)], market, new Map(), NOW)).toEqual([]);
  });
});

describe('what isn’t known is a mark of its own', () => {
  test('a missing price, an adjusted contract, a missing mark, unknown dividends', () => {
    expect(kinds({ leg: FAR_PUT })).toEqual(['price-unknown']);
    expect(kinds({ leg: FAR_PUT, facts: { price: d('470') } })).toEqual([
      'in-the-money',
      'extrinsic-unknown',
    ]);
    expect(
      kinds({ leg: '-1 AAPL1/AAPL 2026-12-18 280 C @ 3', facts: { price: d('300') }, mark: '20' }),
    ).toEqual(['adjusted']);
    expect(kinds({ leg: FAR_CALL, facts: { price: d('300'), dividend: null }, mark: '25' })).toEqual([
      'in-the-money',
      'ex-dividend-unknown',
    ]);
  });
});

describe('assignment', () => {
  test.each([
    ['10.10', true],
    ['10.11', false],
    // A mark below intrinsic value is a stale one; nothing is left of time value either way.
    ['9.90', true],
  ])('a put 10.00 in the money marked %s may be exercised early: %s', (mark, early) => {
    const found = kinds({ leg: FAR_PUT, facts: { price: d('470') }, mark });
    expect(found.includes('early-assignment')).toBe(early);
  });

  test.each([
    ['2026-11-30', true],
    ['2026-12-01', false],
  ])('expiring %s it is said to be assigned if it stays there: %s', (day, near) => {
    const found = kinds({ leg: `-1 QQQ ${day} 480 P @ 3`, facts: { price: d('470') }, mark: '12' });
    expect(found.includes('assigned-at-expiration')).toBe(near);
  });

  test('European index options settle in cash and are never assigned early; OEX is American', () => {
    const deep = { price: d('6000'), isIndex: true };
    expect(kinds({ leg: '-1 SPXW/SPX 2026-12-18 6500 P @ 3', facts: deep, mark: '500' })).toEqual([
      'in-the-money',
    ]);
    const [short] = markedShorts(
      [leg('-1 SPXW/SPX 2026-11-24 6500 P @ 3')],
      marketOf({ SPX: deep }),
      new Map(),
      NOW,
    );
    expect(short?.marks).toContainEqual({ kind: 'assigned-at-expiration', cash: true });
    expect(kinds({ leg: '-1 OEX 2026-12-18 6500 P @ 3', facts: deep, mark: '500' })).toContain(
      'early-assignment',
    );
  });
});

describe('ex-dividend risk of a short call in the money', () => {
  const call = (dividend: ExDividend, mark = '20.20') =>
    markedShorts(
      [leg(FAR_CALL)],
      marketOf({ AAPL: { price: d('300'), dividend } }),
      new Map([[leg(FAR_CALL).instrument.symbol, quote(mark)]]),
      NOW,
    ).flatMap(({ marks }) => marks.filter(({ kind }) => kind === 'ex-dividend'));

  test.each([
    ['2026-11-22', 0],
    ['2026-11-23', 0],
    ['2026-11-24', 1],
    ['2026-12-18', 1],
    ['2026-12-19', 0],
    [null, 0],
  ])('going ex on %s gives %i marks, expiring on 18 December', (date, count) => {
    expect(call({ date, amount: d('0.26') })).toHaveLength(count);
  });

  test.each([
    ['0.21', true],
    ['0.20', false],
    [null, null],
  ])('a dividend of %s against 0.20 of time value: likely %s', (amount, likely) => {
    const [mark] = call({ date: '2026-12-10', amount: amount === null ? null : d(amount) });
    expect(mark).toMatchObject({ likely });
  });

  test('puts and calls out of the money have none', () => {
    const dividend = { date: '2026-12-10', amount: d('5') };
    expect(kinds({ leg: FAR_PUT, facts: { price: d('470'), dividend }, mark: '11' })).toEqual([
      'in-the-money',
    ]);
    expect(kinds({ leg: FAR_CALL, facts: { price: d('279'), dividend }, mark: '3' })).toEqual([]);
  });
});

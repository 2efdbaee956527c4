import { describe, expect, it } from 'vitest';
import { dayChange } from '../../src/domain/day-change.js';
import type { Position, Quote } from '../../src/domain/types.js';
import { d, leg, x } from './build.js';

const LEGS = ['-2 QQQ 2026-12-18 480 P @ 3.00', '2 QQQ 2026-12-18 475 P @ 2.00'].map((text) => leg(text));
const DAY = '2026-11-27';
const BEFORE = new Date('2026-11-20T15:00:00Z');

const position = (change: Partial<Position> = {}) =>
  ({ legs: LEGS, openedAt: BEFORE, ...change }) as unknown as Position;

/** Marks, and where each leg closed on a day before. */
function quotes(marks: string[], closes: (string | null)[], day = '2026-11-25'): Map<string, Quote> {
  return new Map(
    LEGS.map(({ instrument }, index) => {
      const close = closes[index];
      const mark = marks[index] === undefined ? null : d(marks[index]);
      const quote: Quote = { bid: null, ask: null, mark };
      return [instrument.symbol, close ? { ...quote, previousClose: { price: d(close), day } } : quote];
    }),
  );
}

describe('what a day has changed', () => {
  it('is the difference to the close before it, over what is held', () => {
    expect(dayChange(position(), quotes(['2.20', '1.60'], ['2.50', '1.70']), DAY)).toEqual(x(40));
  });

  it('is the whole profit of what was opened that day', () => {
    const fresh = position({ openedAt: new Date('2026-11-27T15:00:00Z') });
    expect(dayChange(fresh, quotes(['2.20', '1.60'], [null, null]), DAY)).toEqual(x(80));
  });

  it('leaves shares out, as the open profit does, and what is closed already', () => {
    const legs = [...LEGS, leg('100 QQQ @ 490'), leg('-1 QQQ 2026-12-18 490 P @ 3.00', 0)];
    expect(dayChange(position({ legs }), quotes(['2.20', '1.60'], ['2.50', '1.70']), DAY)).toEqual(x(40));
  });

  it.each([
    ['a mark', position(), quotes(['2.20'], ['2.50', '1.70'])],
    ['an earlier close', position(), quotes(['2.20', '1.60'], ['2.50', null])],
    ['a close of an earlier day', position(), quotes(['2.20', '1.60'], ['2.50', '1.70'], DAY)],
    ['the day of its opening', position({ openedAt: null }), quotes(['2.20', '1.60'], ['2.50', '1.70'])],
    ['anything held', position({ legs: [] }), quotes(['2.20', '1.60'], ['2.50', '1.70'])],
  ])('is not known without %s', (_what, of, told) => {
    expect(dayChange(of, told, DAY)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginsUnderlying,
  isOfUnderlying,
  isSameUnderlying,
  nearestUnderlying,
  underlyingOfRoot,
} from '../../src/domain/underlyings.js';
import { leg, option } from './build.js';

const item = (text: string) => {
  const held = leg(text);
  return { underlying: held.instrument.underlying, legs: [held] };
};
const BRK = {
  underlying: 'BRK/B',
  legs: [{ instrument: { ...option('BRKB 2026-12-18 480 P'), underlying: 'BRK/B' } }],
};
const SPX = item('-1 SPX 2026-12-18 5800 P');
const SPXW = item('-1 SPXW/SPX 2026-12-18 5800 P');
const QQQ = item('-1 QQQ 2026-12-18 480 P');
const SPY = item('-1 SPY 2026-12-18 580 P');

describe('an underlying', () => {
  it.each(['BRK/B', 'BRK.B', 'BRKB', 'BRK-B', 'brk b', ' Brk/b '])('BRK/B is found as %s', (typed) => {
    expect(isOfUnderlying(typed, BRK)).toBe(true);
    expect(isOfUnderlying(typed, QQQ)).toBe(false);
  });

  it('is found by the root of what is held, and an index by the roots it has', () => {
    for (const typed of ['SPX', 'SPXW', 'spxw', '$SPX']) {
      expect(isOfUnderlying(typed, SPX)).toBe(true);
      expect(isOfUnderlying(typed, SPXW)).toBe(true);
    }
    expect(isOfUnderlying('SPX', SPY)).toBe(false);
    expect(isOfUnderlying('AAPL1', item('1 AAPL1/AAPL 2026-12-18 200 C'))).toBe(true);
  });

  it('is no other one’s beginning, but while it is typed', () => {
    expect(isOfUnderlying('SP', SPY)).toBe(false);
    expect(beginsUnderlying('sp', SPY)).toBe(true);
    expect(beginsUnderlying('brk.', BRK)).toBe(true);
    expect(beginsUnderlying('', QQQ)).toBe(true);
    expect(beginsUnderlying('IW', SPY)).toBe(false);
  });

  it.each([
    ['SPYY', 'SPY'],
    ['QQ', 'QQQ'],
    ['BRKA', 'BRK/B'],
    ['BRK.A', 'BRK/B'],
    ['SPWX', 'SPX'],
    ['AAPL', null],
    ['X', null],
  ])('nobody holds %s: the nearest is %s', (typed, nearest) => {
    expect(nearestUnderlying(typed, [QQQ, SPY, BRK, SPX])).toBe(nearest);
    expect(nearestUnderlying(typed, [])).toBeNull();
  });

  it('what is held is always nearest to itself', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[A-Z]{1,5}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, (held) => {
        const items = held.map((name) => item(`1 ${name} 2026-12-18 100 C`));
        for (const name of held) {
          expect(items.filter((each) => isOfUnderlying(name, each))).toHaveLength(1);
          expect(nearestUnderlying(name.toLowerCase(), items)).toBe(name);
        }
      }),
    );
  });
});

describe('underlyings by the roots of their contracts', () => {
  it.each([
    ['SPXW', 'SPX'],
    ['NDXP', 'NDX'],
    ['AAPL1', 'AAPL'],
    ['2SPX', 'SPX'],
    ['QQQ', 'QQQ'],
  ])('%s is of %s', (root, underlying) => {
    expect(underlyingOfRoot(root)).toBe(underlying);
    expect(isSameUnderlying(underlying, root)).toBe(true);
  });

  it('is the same in another spelling, and not for a name that only begins alike', () => {
    expect(isSameUnderlying('BRKB', 'BRK/B')).toBe(true);
    expect(isSameUnderlying('A', 'AAPL')).toBe(false);
  });
});

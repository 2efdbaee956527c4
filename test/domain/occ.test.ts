import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeContract,
  describeSymbol,
  describeTerse,
  isAdjusted,
  parseOcc,
} from '../../src/domain/occ.js';
import type { OptionTerms } from '../../src/domain/types.js';
import { d, option, stock } from './build.js';
import { formatOcc } from './format-occ.js';

describe('option symbols', () => {
  it('reads root, day, type and strike', () => {
    expect(parseOcc('SPXW  261218P05800000')).toEqual({
      root: 'SPXW',
      expiration: '2026-12-18',
      type: 'put',
      strike: d(5800),
    });
    expect(parseOcc('SPY   270115C00480500')).toMatchObject({
      root: 'SPY',
      type: 'call',
      strike: d('480.5'),
    });
    expect(parseOcc('AAPL1 261218C00150000')?.root).toBe('AAPL1');
    expect(parseOcc('GOOGL7261218C00150000')?.root).toBe('GOOGL7');
    expect(parseOcc('F     261218P00000005')?.strike.toString()).toBe('0.005');
  });

  it.each([
    ['a stock', 'AAPL'],
    ['a future', '/ESZ6'],
    ['a day the calendar lacks', 'QQQ   260230P00480000'],
    ['a left-padded root', '   QQQ261218P00480000'],
    ['a root with a gap', 'Q Q   261218P00480000'],
    ['no root', '      261218P00480000'],
    ['an unpadded root', 'QQQ261218P00480000'],
    ['a seven-character root', 'QQQQQQQ261218P00480000'],
    ['a strike of zero', 'QQQ   261218P00000000'],
    ['another letter', 'QQQ   261218X00480000'],
    ['trailing text', 'QQQ   261218P00480000 '],
  ])('takes %s for no option', (_, symbol) => {
    expect(parseOcc(symbol)).toBeNull();
  });

  it('refuses to write what a symbol cannot hold', () => {
    const terms: OptionTerms = { root: 'QQQ', expiration: '2026-12-18', type: 'put', strike: d(480) };
    expect(() => formatOcc({ ...terms, strike: d('480.0001') })).toThrow(RangeError);
    expect(() => formatOcc({ ...terms, strike: d(100_000) })).toThrow(RangeError);
    expect(() => formatOcc({ ...terms, root: 'SEVENCH' })).toThrow(RangeError);
    expect(() => formatOcc({ ...terms, expiration: '2026-02-30' })).toThrow(RangeError);
  });

  it('reads back whatever it writes', () => {
    const terms = fc.record({
      root: fc.stringMatching(/^[A-Z0-9]{1,6}$/),
      expiration: fc
        .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      type: fc.constantFrom('call' as const, 'put' as const),
      strike: fc.integer({ min: 1, max: 99_999_999 }).map((thousandths) => d(thousandths).div(1000)),
    });
    fc.assert(
      fc.property(terms, (each) => {
        const symbol = formatOcc(each);
        expect(symbol).toHaveLength(21);
        expect(parseOcc(symbol)).toEqual(each);
      }),
    );
  });
});

describe('contracts in words', () => {
  it('shows the root, since it can differ from the underlying', () => {
    expect(describeContract(option('QQQ 2026-12-18 480 P'))).toBe('QQQ 18 Dec 26 480 P');
    expect(describeContract(option('SPXW/SPX 2026-12-01 5802.5 C'))).toBe('SPXW 1 Dec 26 5802.5 C');
    expect(describeTerse(option('QQQ 2026-12-18 480 P'))).toBe('480P');
    expect(describeSymbol('SPXW  261201C05802500')).toBe('SPXW 1 Dec 26 5802.5 C');
    expect(describeSymbol('BRK/B')).toBe('BRK/B');
  });

  it('shows a multiplier that is not 100', () => {
    expect(describeContract(option('AAPL1/AAPL 2026-12-18 150 C', 150))).toBe('AAPL1 18 Dec 26 150 C (x150)');
  });

  it('names stock as shares', () => {
    expect(describeContract(stock('AAPL'))).toBe('AAPL shares');
  });

  it('knows adjusted roots from others', () => {
    expect(isAdjusted({ ...parseOcc('AAPL1 261218C00150000')! })).toBe(true);
    expect(isAdjusted({ ...parseOcc('AAPL  261218C00150000')! })).toBe(false);
    expect(isAdjusted({ ...parseOcc('2SPX  261218C05800000')! })).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../../src/domain/exact.js';
import { Decimal } from '../../src/domain/money.js';
import {
  best,
  breakEvens,
  type Payoff,
  payoffAt,
  payoffOf,
  profitNow,
  worst,
} from '../../src/domain/payoff.js';
import { openProfit } from '../../src/domain/profit.js';
import type { Position, PositionLeg, Quote } from '../../src/domain/types.js';
import { d, leg, x } from './build.js';

const of = (...legs: string[]): Payoff => {
  const payoff = payoffOf(legs.map((text) => leg(text)));
  if (!payoff) throw new Error('no payoff');
  return payoff;
};

const texts = (values: readonly Exact[]) => values.map(String);

describe('a payoff at expiration', () => {
  it('of a credit vertical: the credit above, the width less the credit below, and one break-even', () => {
    const vertical = of('-2 QQQ 2026-12-18 480 P @ 3.10', '2 QQQ 2026-12-18 475 P @ 2.02');
    expect(best(vertical)).toEqual({ profit: x(216), at: [{ from: d(480), to: null }] });
    expect(worst(vertical)).toEqual({ profit: x(-784), at: [{ from: d(0), to: d(475) }] });
    expect(texts(breakEvens(vertical))).toEqual(['478.92']);
    expect(payoffAt(vertical, d(478))).toEqual(x('-184'));
  });

  it('of an iron condor: two break-evens, and the same loss on both sides', () => {
    const condor = of(
      '-1 QQQ 2026-12-18 480 P @ 3.10',
      '1 QQQ 2026-12-18 470 P @ 2.02',
      '-1 QQQ 2026-12-18 530 C @ 2.80',
      '1 QQQ 2026-12-18 540 C @ 1.90',
    );
    expect(texts(breakEvens(condor))).toEqual(['478.02', '531.98']);
    expect(worst(condor).at).toEqual([
      { from: d(0), to: d(470) },
      { from: d(540), to: null },
    ]);
    expect(best(condor)).toEqual({ profit: x(198), at: [{ from: d(480), to: d(530) }] });
  });

  it('of a naked call has no end of loss, of a long one none of profit', () => {
    const short = of('-1 QQQ 2026-12-18 500 C @ 7.25');
    expect(worst(short)).toEqual({ profit: null, at: [] });
    expect(best(short)).toEqual({ profit: x(725), at: [{ from: d(0), to: d(500) }] });
    expect(texts(breakEvens(short))).toEqual(['507.25']);
    expect(best(of('1 QQQ 2026-12-18 500 C @ 7.25')).profit).toBeNull();
  });

  it('of a covered call counts its shares', () => {
    const covered = of('100 QQQ @ 490', '-1 QQQ 2026-12-18 500 C @ 7.25');
    expect(covered.shares).toBe(true);
    expect(best(covered)).toEqual({ profit: x(1725), at: [{ from: d(500), to: null }] });
    expect(worst(covered)).toEqual({ profit: x(-48275), at: [{ from: d(0), to: d(0) }] });
    expect(texts(breakEvens(covered))).toEqual(['482.75']);
  });

  it('of several expirations is that at the nearest', () => {
    const diagonal = of('-1 QQQ 2026-12-18 510 C @ 3.00', '1 QQQ 2027-01-15 500 C @ 9.00');
    expect(diagonal.expiration).toBe('2026-12-18');
    expect(diagonal.later).toEqual(['2027-01-15']);
    expect(best(diagonal).profit).toEqual(x(400));
  });

  it('takes what is held, the size of each contract, and averages without rounding', () => {
    const adjustedSize = payoffOf([
      {
        ...leg('-3 QQQ 2026-12-18 480 P @ 4.37/3', 2),
        instrument: { ...leg('-1 QQQ 2026-12-18 480 P').instrument, multiplier: 10 },
      },
    ]);
    expect(String(adjustedSize && best(adjustedSize).profit)).toBe('437/15');
  });

  it('is not known without an opening price, nor of an adjusted contract, nor of shares alone', () => {
    expect(payoffOf([leg('-1 QQQ 2026-12-18 480 P @ ?')])).toBeNull();
    expect(payoffOf([leg('-1 QQQ1/QQQ 2026-12-18 480 P @ 3.10')])).toBeNull();
    expect(payoffOf([leg('100 QQQ @ 490')])).toBeNull();
    expect(payoffOf([leg('-1 QQQ 2026-12-18 480 P @ 3.10', 0)])).toBeNull();
  });

  it('that never earns nor loses has no break-even, and one that only touches zero has that one', () => {
    expect(breakEvens(of('1 QQQ 2026-12-18 480 P @ 1', '-1 QQQ 2026-12-18 480 P @ 1'))).toEqual([]);
    // A butterfly that cost nothing.
    const free = of(
      '1 QQQ 2026-12-18 470 P @ 2',
      '-2 QQQ 2026-12-18 480 P @ 3',
      '1 QQQ 2026-12-18 490 P @ 4',
    );
    expect(texts(breakEvens(free))).toEqual(['470', '490']);
  });
});

const strike = fc.integer({ min: 1, max: 40 }).map((step) => step * 25);
const anyLeg = fc
  .record({
    count: fc.integer({ min: -5, max: 5 }).filter((count) => count !== 0),
    strike,
    type: fc.constantFrom('C', 'P'),
    day: fc.constantFrom('2026-12-18', '2026-12-18', '2027-01-15'),
    cents: fc.integer({ min: 1, max: 9_000 }),
    over: fc.integer({ min: 1, max: 7 }),
    multiplier: fc.constantFrom(100, 100, 10, 33),
  })
  .map(({ count, strike: at, type, day, cents, over, multiplier }): PositionLeg => {
    const made = leg(`${count} QQQ ${day} ${at} ${type} @ ${cents}/${100 * over}`);
    return { ...made, instrument: { ...made.instrument, multiplier } };
  });
const shares = fc.option(fc.integer({ min: -300, max: 300 }).filter((count) => count !== 0));
const anyLegs = fc
  .tuple(fc.array(anyLeg, { minLength: 1, maxLength: 6 }), shares)
  .map(([legs, count]) => [...legs, ...(count === null ? [] : [leg(`${count} QQQ @ 501.37`)])]);
const price = fc.integer({ min: 0, max: 200_000 }).map((cents) => new Decimal(cents).div(100));

/** The plain sum over the legs, written down a second time. */
function summed(legs: readonly PositionLeg[], at: Decimal): Exact {
  let total = Exact.zero;
  for (const { instrument, side, held, openPrice } of legs) {
    const { option, multiplier } = instrument;
    const sign = option?.type === 'put' ? -1 : 1;
    const worth = option ? Decimal.max(0, at.minus(option.strike).times(sign)) : at;
    const each = Exact.of(worth)
      .minus(openPrice ?? 0)
      .times(held * multiplier);
    total = side === 'long' ? total.plus(each) : total.minus(each);
  }
  return total;
}

describe('any payoff', () => {
  it('is at every price the sum over its legs', () => {
    fc.assert(
      fc.property(anyLegs, price, (legs, at) => {
        const payoff = payoffOf(legs);
        expect(payoff && payoffAt(payoff, at).eq(summed(legs, at))).toBe(true);
      }),
    );
  });

  it('is zero at each break-even, and keeps its sign between two', () => {
    fc.assert(
      fc.property(anyLegs, price, price, (legs, one, other) => {
        const payoff = payoffOf(legs);
        if (!payoff) throw new Error('no payoff');
        const zeros = breakEvens(payoff);
        for (const zero of zeros) {
          expect(payoffAt(payoff, zero)).toEqual(Exact.zero);
        }
        const apart = zeros.some(
          (zero) => zero.gte(Decimal.min(one, other)) && zero.lte(Decimal.max(one, other)),
        );
        const [first, second] = [payoffAt(payoff, one), payoffAt(payoff, other)];
        if (!apart) expect(first.times(second).gte(0)).toBe(true);
      }),
    );
  });

  it('lies between its worst and its best everywhere, and reaches them where they are said to be', () => {
    fc.assert(
      fc.property(anyLegs, price, (legs, at) => {
        const payoff = payoffOf(legs);
        if (!payoff) throw new Error('no payoff');
        const [most, least] = [best(payoff), worst(payoff)];
        const here = payoffAt(payoff, at);
        expect(most.profit?.lt(here) ?? false).toBe(false);
        expect(least.profit?.gt(here) ?? false).toBe(false);
        for (const { profit, at: stretches } of [most, least]) {
          expect(stretches.length > 0).toBe(profit !== null);
          for (const { from, to } of stretches) {
            for (const each of [from, to ?? d(5_000), from.plus(to ?? d(5_000)).div(2)])
              expect(profit?.eq(payoffAt(payoff, each))).toBe(true);
          }
        }
        // Without an end in profit, or in loss, somewhere beyond is more than any number.
        if (most.profit === null) expect(payoffAt(payoff, d(1e9)).gt(here)).toBe(true);
        if (least.profit === null) expect(payoffAt(payoff, d(1e9)).lt(here)).toBe(true);
      }),
    );
  });
});

describe('the profit now', () => {
  const quotesOf = (legs: readonly PositionLeg[], mark: string): Map<string, Quote> =>
    new Map(legs.map(({ instrument }) => [instrument.symbol, { bid: null, ask: null, mark: d(mark) }]));

  it('is the open profit that the text says, and with shares theirs as well', () => {
    fc.assert(
      fc.property(fc.array(anyLeg, { minLength: 1, maxLength: 4 }), (legs) => {
        const quotes = quotesOf(legs, '1.37');
        const position = { legs, strategy: 'custom', units: 1 } as unknown as Position;
        expect(profitNow(legs, quotes)).toEqual(openProfit(position, quotes, []).dollars);
      }),
    );
    const covered = [leg('100 QQQ @ 490'), leg('-1 QQQ 2026-12-18 500 C @ 7.25')];
    const quotes = quotesOf(covered, '5.00');
    quotes.set('QQQ', { bid: null, ask: null, mark: d('494.50') });
    expect(profitNow(covered, quotes)).toEqual(x(675));
  });

  it('is unknown where a mark or an opening price is', () => {
    expect(profitNow([leg('-1 QQQ 2026-12-18 500 C @ 7.25')], new Map())).toBeNull();
    const unpriced = [leg('-1 QQQ 2026-12-18 500 C @ ?')];
    expect(profitNow(unpriced, quotesOf(unpriced, '5'))).toBeNull();
  });
});

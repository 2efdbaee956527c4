import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../../src/domain/exact.js';
import { type ExecutedLeg, executionOf } from '../../src/domain/execution.js';
import type { LegAction } from '../../src/domain/types.js';
import { d, x } from './build.js';

interface Traded {
  action: LegAction;
  quantity: number;
  /** Contracts and price per share of each fill listed. */
  fills: [number, string][];
  lagging?: boolean;
}

function leg({ action, quantity, fills, lagging = false }: Traded): ExecutedLeg {
  const listed = fills.reduce((total, [contracts]) => total + contracts, 0);
  const paid = fills.reduce((total, [contracts, price]) => total.plus(d(price).times(contracts)), d(0));
  const filled = { quantity: lagging ? quantity : listed, listed, paid, lagging };
  return { action, multiplier: 100, quantity, filled };
}

/** Two put verticals sold for 1.50 in all, to be bought back at 0.80 each. */
const TERMS = { units: 2, price: d('0.80'), effect: 'debit', profit: x(140) } as const;
const short = (fills: Traded['fills'], change: Partial<Traded> = {}) =>
  leg({ action: 'buy-to-close', quantity: 2, fills, ...change });
const long = (fills: Traded['fills'], change: Partial<Traded> = {}) =>
  leg({ action: 'sell-to-close', quantity: 2, fills, ...change });

describe('what has traded of an order', () => {
  it('is nothing before the first fill', () => {
    expect(executionOf(TERMS, [short([]), long([])])).toBeNull();
  });

  it('at its limit made what was shown', () => {
    const whole = executionOf(TERMS, [short([[2, '1.30']]), long([[2, '0.50']])]);
    expect(whole).toEqual({
      units: 2,
      price: x('0.80'),
      profit: x(140),
      percent: x('140').div(300).times(100),
    });
  });

  it('in part made its part, with what the fill was better', () => {
    const part = executionOf(TERMS, [short([[1, '1.28']]), long([[1, '0.50']])]);
    expect(part).toEqual({ units: 1, price: x('0.78'), profit: x(72), percent: x(48) });
  });

  it.each([
    ['one leg is ahead', [short([[2, '1.30']]), long([[1, '0.50']])], 1],
    ['one leg has none', [short([[2, '1.30']]), long([])], 0],
    ['fills are not listed yet', [short([[1, '1.30']], { lagging: true }), long([[2, '0.50']])], 2],
  ])('has no price while %s', (_what, legs, units) => {
    expect(executionOf(TERMS, legs)).toEqual({ units, price: null, profit: null, percent: null });
  });

  it('of what was bought is in percent of what was paid', () => {
    const terms = { units: 1, price: d('4.50'), effect: 'credit', profit: x(150) } as const;
    const sold = leg({ action: 'sell-to-close', quantity: 1, fills: [[1, '4.60']] });
    expect(executionOf(terms, [sold])).toEqual({
      units: 1,
      price: x('4.60'),
      profit: x(160),
      percent: x(160).div(3),
    });
  });

  it('earns nothing that is known where the opening price isn’t', () => {
    const whole = executionOf({ ...TERMS, profit: null }, [short([[2, '1.30']]), long([[2, '0.50']])]);
    expect(whole).toMatchObject({ price: x('0.80'), profit: null });
  });

  it('equals a ledger in whole cents, whatever the fills', () => {
    const cents = fc.integer({ min: 1, max: 900 });
    const account = fc
      .record({
        units: fc.integer({ min: 1, max: 40 }),
        ratios: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
      })
      .chain(({ units, ratios }) =>
        fc.record({
          units: fc.constant(units),
          filled: fc.integer({ min: 1, max: units }),
          limit: cents,
          effect: fc.constantFrom('debit' as const, 'credit' as const),
          legs: fc.tuple(
            ...ratios.map((ratio) =>
              fc.record({
                ratio: fc.constant(ratio),
                action: fc.constantFrom('buy-to-close' as const, 'sell-to-close' as const),
                /** What a contract had been opened at. */
                opened: cents,
                /** One fill a contract, each at its own price. */
                prices: fc.array(cents, { minLength: units * ratio, maxLength: units * ratio }),
              }),
            ),
          ),
        }),
      );
    fc.assert(
      fc.property(account, ({ units, filled, limit, effect, legs }) => {
        const sign = (action: LegAction) => (action === 'sell-to-close' ? 1 : -1);
        // Opening brought or cost the opposite of closing; profit is what came in less what went out.
        const opening = legs.reduce((sum, each) => sum - sign(each.action) * each.opened * each.ratio, 0);
        const atLimit = (effect === 'credit' ? limit : -limit) + opening;
        const closing = legs.reduce(
          (sum, { ratio, action, prices }) =>
            sum + sign(action) * prices.slice(0, filled * ratio).reduce((total, price) => total + price, 0),
          0,
        );
        const execution = executionOf(
          { units, price: d(limit).div(100), effect, profit: x(atLimit).times(units) },
          legs.map(({ ratio, action, prices }) =>
            leg({
              action,
              quantity: units * ratio,
              fills: prices.slice(0, filled * ratio).map((price) => [1, `${price / 100}`]),
            }),
          ),
        );
        expect(execution?.units).toBe(filled);
        // In cents per share all along; 100 shares a contract make them dollars.
        expect(execution?.profit?.eq(Exact.of(closing).plus(opening * filled))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

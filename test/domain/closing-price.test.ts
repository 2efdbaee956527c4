import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costAt, type Limit, limitAt, stepTowards } from '../../src/domain/closing-price.js';
import { type Grid, isOnTick, neighbours, tickAt } from '../../src/domain/ticks.js';
import { d } from './build.js';

const step = (increment: string, below: string | null = null) => ({
  increment: d(increment),
  below: below === null ? null : d(below),
});
const PENNY: Grid = [step('0.01')];
const NICKEL: Grid = [step('0.05')];
const DIME_ABOVE_THREE: Grid = [step('0.05', '3'), step('0.10')];

const grids = fc.constantFrom(PENNY, NICKEL, DIME_ABOVE_THREE);
/** In tenths of a cent, so that costs lie between ticks and on halves. */
const costs = fc.integer({ min: -8_000, max: 8_000 }).map((mills) => d(mills).div(1000));
const effects = fc.constantFrom('debit', 'credit' as const) as fc.Arbitrary<Limit['effect']>;
const rules = fc.constantFrom('nearest', 'favour', 'met' as const) as fc.Arbitrary<
  'nearest' | 'favour' | 'met'
>;

const text = ({ price, effect }: Limit) => `${effect} ${price.toFixed(2)}`;

describe('a limit at which a position is closed', () => {
  it.each([
    ['0.83', 'nearest', NICKEL, 'debit 0.85'],
    ['0.825', 'nearest', NICKEL, 'debit 0.80'],
    ['-0.825', 'nearest', NICKEL, 'credit 0.85'],
    ['0.83', 'met', NICKEL, 'debit 0.85'],
    ['-0.83', 'met', NICKEL, 'credit 0.80'],
    ['0.83', 'favour', NICKEL, 'debit 0.80'],
    ['-0.83', 'favour', NICKEL, 'credit 0.85'],
    ['3.06', 'met', DIME_ABOVE_THREE, 'debit 3.10'],
    ['-0.02', 'met', NICKEL, 'credit 0.05'],
    ['0', 'nearest', PENNY, 'debit 0.01'],
  ] as const)('for %s, %s, is %s', (cost, rule, grid, wanted) => {
    expect(text(limitAt(grid, d(cost), rule, 'debit'))).toBe(wanted);
  });

  it('is always on tick, and what would be received is never paid', () => {
    fc.assert(
      fc.property(grids, costs, rules, effects, (grid, cost, rule, usual) => {
        const limit = limitAt(grid, cost, rule, usual);
        expect(isOnTick(grid, limit.price)).toBe(true);
        if (!cost.isZero()) expect(limit.effect).toBe(cost.gt(0) ? 'debit' : 'credit');
      }),
    );
  });

  it('at the natural price is the best of those that fill at once', () => {
    fc.assert(
      fc.property(grids, costs, effects, (grid, natural, usual) => {
        const met = limitAt(grid, natural, 'met', usual);
        const lowest = tickAt(grid, d(0));
        // Less than a tick is to be had: the least there is waits for more.
        if (natural.abs().lt(lowest) && met.effect === 'credit') {
          expect(met.price).toEqual(lowest);
          return;
        }
        expect(costAt(met).gte(natural)).toBe(true);
        const { below, above } = neighbours(grid, met.price);
        const better = met.effect === 'debit' ? below : above.negated();
        if (better) expect(better.lt(natural)).toBe(true);
      }),
    );
  });

  it('at the mid is never worse than one at the natural price, and no valid price is nearer to the mid', () => {
    fc.assert(
      fc.property(grids, costs, fc.nat(500), (grid, mid, half) => {
        const natural = mid.plus(d(half).div(1000));
        const limit = limitAt(grid, mid, 'nearest', 'debit');
        expect(costAt(limit).lte(costAt(limitAt(grid, natural, 'met', 'debit')))).toBe(true);
        const { below, above } = neighbours(grid, mid.abs());
        for (const other of [below, above]) {
          if (other) expect(limit.price.minus(mid.abs()).abs().lte(other.minus(mid.abs()).abs())).toBe(true);
        }
      }),
    );
  });
});

describe('a step towards the market', () => {
  it.each([
    ['debit 0.80', '0.93', NICKEL, 'debit 0.85'],
    ['debit 0.95', '0.93', NICKEL, null],
    ['credit 0.80', '-0.70', NICKEL, 'credit 0.75'],
    ['credit 3.00', '-2.50', DIME_ABOVE_THREE, 'credit 2.95'],
    ['credit 0.05', '0.20', NICKEL, 'debit 0.05'],
    ['credit 0.05', '-0.01', NICKEL, null],
  ] as const)('from %s with the market at %s', (from, natural, grid, wanted) => {
    const [effect, price] = from.split(' ') as [Limit['effect'], string];
    const next = stepTowards(grid, { effect, price: d(price) }, d(natural));
    expect(next && text(next)).toBe(wanted);
  });

  it('is one valid price each, and step by step comes to the best limit that fills at once, never beyond', () => {
    fc.assert(
      fc.property(grids, costs, fc.nat(60), effects, (grid, natural, ticks, usual) => {
        const met = limitAt(grid, natural, 'met', usual);
        const trail: Limit[] = [met];
        for (let at = 0; at < ticks; at += 1) {
          const { price, effect } = trail[0] as Limit;
          const { below, above } = neighbours(grid, price);
          const lowest = tickAt(grid, d(0));
          trail.unshift(
            effect === 'credit'
              ? { effect, price: above }
              : below
                ? { effect, price: below }
                : { effect: 'credit', price: lowest },
          );
        }
        let [limit] = trail as [Limit];
        for (const next of trail.slice(1)) {
          const stepped = stepTowards(grid, limit, natural);
          // Of what brings less than a tick, nobody is asked to pay.
          if (limit.effect === 'credit' && next.effect === 'debit' && natural.lte(0)) return;
          expect(stepped && text(stepped)).toBe(text(next));
          limit = next;
        }
        expect(stepTowards(grid, limit, natural)).toBeNull();
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnderlyingInfo } from '../../src/domain/market.js';
import type { Decimal } from '../../src/domain/money.js';
import { spreadTick } from '../../src/domain/spread-ticks.js';
import {
  type Grid,
  gridFor,
  isOnTick,
  neighbours,
  roundToGrid,
  singleLegTicks,
  tickAt,
} from '../../src/domain/ticks.js';
import { d } from './build.js';

const none = new Map<string, Decimal>();
const step = (increment: string, below: string | null = null) => ({
  increment: d(increment),
  below: below === null ? null : d(below),
});
const PENNY: Grid = [step('0.01')];
const NICKEL: Grid = [step('0.05')];
const PENNY_NICKEL: Grid = [step('0.01', '3'), step('0.05')];
const NICKEL_DIME: Grid = [step('0.05', '3'), step('0.1')];
/** A threshold that is no multiple of either tick: nothing in the code may rely on tidy schedules. */
const UNTIDY: Grid = [step('0.03', '1'), step('0.07', '2.5'), step('0.25')];

function info(symbol: string, more: Partial<UnderlyingInfo> = {}): UnderlyingInfo {
  return { symbol, isIndex: false, optionTicks: [], ...more };
}

describe('the grid of an order', () => {
  it('takes the broker’s schedule for one leg, sorted by threshold', () => {
    const ticks = [step('0.1'), step('0.05', '3.0')];
    expect(gridFor(1, info('SPX', { optionTicks: ticks }), none)).toEqual([step('0.05', '3'), step('0.1')]);
  });

  it('refuses one leg where the broker gives no schedule', () => {
    expect(() => gridFor(1, info('XYZ'), none)).toThrow(expect.objectContaining({ code: 'TICKS_UNKNOWN' }));
  });

  it.each([
    ['no last step', [step('0.01', '3')]],
    ['two last steps', [step('0.01'), step('0.05')]],
    ['a zero increment', [step('0')]],
    ['a threshold twice', [step('0.01', '3'), step('0.05', '3'), step('0.1')]],
    ['a threshold of zero', [step('0.01', '0'), step('0.05')]],
  ])('refuses a schedule with %s', (_, optionTicks) => {
    expect(singleLegTicks(info('XYZ', { optionTicks }))).toBeNull();
  });

  it.each([
    ['SPX', true, '0.05'],
    ['SPX', false, '0.05'],
    ['NDX', true, '0.05'],
    ['RUT', false, '0.05'],
    ['SOMEINDEX', true, '0.05'],
    ['VIX', true, '0.01'],
    ['XSP', true, '0.01'],
    ['MRUT', true, '0.01'],
    ['QQQ', false, '0.01'],
    ['AAPL', false, '0.01'],
  ])('trades multi-leg %s (index: %s) in steps of %s', (symbol, isIndex, tick) => {
    expect(spreadTick(symbol, isIndex, none).toString()).toBe(tick);
  });

  it('lets the settings overrule the table, and only for several legs', () => {
    const overrides = new Map([['RUT', d('0.01')]]);
    const rut = info('RUT', { isIndex: true, optionTicks: [step('0.05')] });
    expect(gridFor(4, rut, overrides)).toEqual([step('0.01')]);
    expect(gridFor(1, rut, overrides)).toEqual([step('0.05')]);
  });
});

describe('ticks at thresholds', () => {
  it('applies the larger tick exactly at the threshold', () => {
    expect(tickAt(PENNY_NICKEL, d('2.99')).toString()).toBe('0.01');
    expect(tickAt(PENNY_NICKEL, d('3')).toString()).toBe('0.05');
    expect(isOnTick(PENNY_NICKEL, d('3.00'))).toBe(true);
    expect(isOnTick(PENNY_NICKEL, d('3.01'))).toBe(false);
    expect(isOnTick(PENNY_NICKEL, d('2.99'))).toBe(true);
  });

  it('accepts neither zero nor negative prices', () => {
    expect(isOnTick(PENNY, d('0'))).toBe(false);
    expect(isOnTick(PENNY, d('-0.01'))).toBe(false);
  });

  it('names the neighbours on either side of a threshold', () => {
    expect(neighbours(PENNY_NICKEL, d('3.00'))).toEqual({ below: d('2.99'), above: d('3.05') });
    expect(neighbours(NICKEL_DIME, d('3.00'))).toEqual({ below: d('2.95'), above: d('3.1') });
    expect(neighbours(NICKEL_DIME, d('2.97'))).toEqual({ below: d('2.95'), above: d('3') });
    expect(neighbours(NICKEL, d('0.02'))).toEqual({ below: null, above: d('0.05') });
  });
});

describe('rounding', () => {
  it.each([
    // The old system's quantize(0.05) left 1.23 and 1.234 as they were.
    ['1.234', NICKEL, '1.25'],
    ['1.23', NICKEL, '1.25'],
    ['1.22', NICKEL, '1.2'],
    ['2.996', PENNY_NICKEL, '3'],
    ['3.024', PENNY_NICKEL, '3'],
    ['3.03', PENNY_NICKEL, '3.05'],
    ['2.98', NICKEL_DIME, '3'],
    ['0.004', PENNY, '0.01'],
    ['0', NICKEL, '0.05'],
    ['-1', NICKEL, '0.05'],
  ])('takes %s to the nearest valid price', (raw, grid, expected) => {
    expect(roundToGrid(grid, d(raw), 'nearest', 'down').toString()).toBe(expected);
  });

  it('gives exact halves to the side asked for', () => {
    expect(roundToGrid(NICKEL, d('1.225'), 'nearest', 'down').toString()).toBe('1.2');
    expect(roundToGrid(NICKEL, d('1.225'), 'nearest', 'up').toString()).toBe('1.25');
    // Half-way between 2.95 and 3.00, either side of the threshold.
    expect(roundToGrid(NICKEL_DIME, d('2.975'), 'nearest', 'up').toString()).toBe('3');
    expect(roundToGrid(NICKEL_DIME, d('2.975'), 'nearest', 'down').toString()).toBe('2.95');
  });

  it('keeps the side of repeating decimals that no power of ten can hold', () => {
    const third = d(10).div(3);
    expect(roundToGrid(PENNY, third, 'down').toString()).toBe('3.33');
    expect(roundToGrid(PENNY, third, 'up').toString()).toBe('3.34');
  });
});

describe('laws of rounding', () => {
  const grids = fc.constantFrom(PENNY, NICKEL, PENNY_NICKEL, NICKEL_DIME, UNTIDY);
  const prices = fc.integer({ min: -1000, max: 60_000 }).map((thousandths) => d(thousandths).div(1000));
  const halves = fc.constantFrom('down' as const, 'up' as const);

  it('always lands on a positive whole multiple of the tick at the result', () => {
    fc.assert(
      fc.property(grids, prices, fc.constantFrom('down', 'up', 'nearest'), halves, (grid, raw, way, half) => {
        const price = roundToGrid(grid, raw, way as 'nearest', half);
        expect(price.gt(0) && price.mod(tickAt(grid, price)).isZero()).toBe(true);
      }),
    );
  });

  it('has no valid price nearer than the nearest, wherever the thresholds lie', () => {
    // Every valid price up to 6, by plain enumeration of thousandths.
    const valid = new Map(
      [PENNY, NICKEL, PENNY_NICKEL, NICKEL_DIME, UNTIDY].map((grid) => [
        grid,
        Array.from({ length: 6000 }, (_, index) => d(index + 1).div(1000)).filter((price) =>
          price.mod(grid.find(({ below }) => !below || price.lt(below))?.increment ?? 1).isZero(),
        ),
      ]),
    );
    fc.assert(
      fc.property(grids, fc.integer({ min: 0, max: 55_000 }), halves, (grid, tenThousandths, half) => {
        const raw = d(tenThousandths).div(10_000);
        const distance = roundToGrid(grid, raw, 'nearest', half).minus(raw).abs();
        const closest = (valid.get(grid) ?? []).map((price) => price.minus(raw).abs());
        expect(distance.toString()).toBe(closest.reduce((a, b) => (b.lt(a) ? b : a)).toString());
      }),
      { numRuns: 60 },
    );
  });

  it('goes down only down and up only up, except that the lowest price is one tick', () => {
    fc.assert(
      fc.property(grids, prices, (grid, raw) => {
        const lowest = roundToGrid(grid, d(0), 'up');
        expect(roundToGrid(grid, raw, 'up').gte(raw)).toBe(true);
        const down = roundToGrid(grid, raw, 'down');
        expect(down.lte(raw) || down.eq(lowest)).toBe(true);
      }),
    );
  });

  it('leaves valid prices alone and keeps order', () => {
    fc.assert(
      fc.property(grids, prices, prices, halves, (grid, a, b, half) => {
        const [low, high] = a.lt(b) ? [a, b] : [b, a];
        const rounded = roundToGrid(grid, low, 'nearest', half);
        expect(roundToGrid(grid, rounded, 'nearest', half).eq(rounded)).toBe(true);
        expect(rounded.lte(roundToGrid(grid, high, 'nearest', half))).toBe(true);
      }),
    );
  });

  it('finds neighbours with nothing valid between them and the price', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 1, max: 6000 }), (grid, thousandths) => {
        const price = d(thousandths).div(1000);
        const { below, above } = neighbours(grid, price);
        expect(above.gt(price) && isOnTick(grid, above)).toBe(true);
        if (below) expect(below.lt(price) && isOnTick(grid, below)).toBe(true);
        const start = below?.times(1000).toNumber() ?? 0;
        for (let each = start + 1; each < above.times(1000).toNumber(); each += 1) {
          if (each !== thousandths) expect(isOnTick(grid, d(each).div(1000))).toBe(false);
        }
      }),
      { numRuns: 40 },
    );
  });
});

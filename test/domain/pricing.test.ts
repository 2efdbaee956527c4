import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closingEffect,
  entryDoubt,
  type PriceRequest,
  percentAt,
  priceTarget,
  rawPrice,
} from '../../src/domain/pricing.js';
import { type Grid, isOnTick } from '../../src/domain/ticks.js';
import type { Entry } from '../../src/domain/types.js';
import { entryDoubtText } from '../../src/screens/doubts.js';
import { saying } from '../support/saying.js';
import { d, x } from './build.js';

const PENNY: Grid = [{ below: null, increment: d('0.01') }];
const NICKEL: Grid = [{ below: null, increment: d('0.05') }];
const NICKEL_DIME: Grid = [
  { below: d(3), increment: d('0.05') },
  { below: null, increment: d('0.1') },
];

const credit = (amount: string, width?: string): Entry => ({
  kind: 'credit',
  credit: x(amount),
  ...(width !== undefined && { width: d(width) }),
});
const vertical = (debit: string, width: string): Entry => ({
  kind: 'debit-vertical',
  debit: x(debit),
  width: d(width),
});
const debit = (amount: string): Entry => ({ kind: 'debit', debit: x(amount) });

type Ask = { percent: string } | { price: string };
function price(entry: Entry, ask: Ask, more: Partial<PriceRequest> = {}) {
  const base = { entry, grid: PENNY, rounding: 'nearest' as const, multiplier: 100, units: 1, ...more };
  return 'percent' in ask
    ? priceTarget({ ...base, percent: d(ask.percent) } as PriceRequest)
    : priceTarget({ ...base, price: d(ask.price) } as PriceRequest);
}
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('the exact closing price', () => {
  it.each<[Entry, string, string]>([
    [credit('1.85'), '40', '1.11'],
    [credit('1.85'), '60', '0.74'],
    [credit('2.40'), '50', '1.2'],
    [credit('2.40'), '100', '0'],
    [vertical('2.10', '5'), '50', '3.55'],
    [vertical('2.10', '5'), '100', '5'],
    [debit('4.20'), '100', '8.4'],
    [debit('4.20'), '25', '5.25'],
    [debit('4.20'), '1000', '46.2'],
  ])('of %o at %s %% is %s', (entry, percent, expected) => {
    expect(rawPrice(entry, d(percent)).toString()).toBe(expected);
  });

  it.each([
    [credit('1'), '0'],
    [credit('1'), '-5'],
    [credit('1'), '100.01'],
    [vertical('2', '5'), '101'],
    [debit('1'), '1000.5'],
    [debit('1'), 'NaN'],
  ])('refuses %o at %s %%', (entry, percent) => {
    expect(() => rawPrice(entry, d(percent))).toThrow(code('PERCENT_OUT_OF_RANGE'));
  });

  it('closes what was sold by paying and what was bought by selling', () => {
    expect(closingEffect(credit('1'))).toBe('debit');
    expect(closingEffect(vertical('1', '5'))).toBe('credit');
    expect(closingEffect(debit('1'))).toBe('credit');
  });
});

describe('a priced target', () => {
  it('says limit, effective percent, profit and what rounding costs', () => {
    // 0.6 of 2.07 is 1.242: 1.25 on the nickel grid gives up 0.008 a share.
    const target = price(credit('2.07', '25'), { percent: '40' }, { grid: NICKEL, units: 2 });
    expect(target).toMatchObject({ effect: 'debit', lossMaking: false });
    expect(target.raw?.toString()).toBe('1.242');
    expect(target.tick.toString()).toBe('0.05');
    expect(target.limit.toString()).toBe('1.25');
    expect(target.requestedPercent?.toString()).toBe('40');
    expect(target.effectivePercent?.toDecimalPlaces(2).toString()).toBe('39.61');
    expect(target.roundingCost.toString()).toBe('1.6');
    expect(target.profit?.toString()).toBe('164');
    expect(target.perUnitProfit?.toString()).toBe('82');
  });

  it('counts rounding that helps as a negative cost', () => {
    expect(price(credit('2.04'), { percent: '40' }, { grid: NICKEL }).roundingCost.toString()).toBe('-2.4');
    expect(price(debit('2.04'), { percent: '50' }, { grid: NICKEL }).limit.toString()).toBe('3.05');
    expect(price(debit('2.04'), { percent: '50' }, { grid: NICKEL }).roundingCost.toString()).toBe('1');
  });

  it('gives exact halves to the trader on both sides', () => {
    // 1.225 and 3.025 lie half-way.
    expect(price(credit('2.45'), { percent: '50' }, { grid: NICKEL }).limit.toString()).toBe('1.2');
    expect(price(debit('1.21'), { percent: '150' }, { grid: NICKEL }).limit.toString()).toBe('3.05');
  });

  it('with rounding for profit never gives any up', () => {
    const options = { grid: NICKEL, rounding: 'profit' as const };
    expect(price(credit('2.07'), { percent: '40' }, options).limit.toString()).toBe('1.2');
    expect(price(debit('2.04'), { percent: '50' }, options).limit.toString()).toBe('3.1');
  });

  it('prices 100 % of a credit at one tick', () => {
    const target = price(credit('1.85'), { percent: '100' }, { grid: NICKEL });
    expect(target.limit.toString()).toBe('0.05');
    expect(target.effectivePercent?.lt(100)).toBe(true);
  });

  it('uses the tick of the rounded price across a threshold', () => {
    const below = price(debit('1.98'), { percent: '50' }, { grid: NICKEL_DIME });
    expect([below.limit.toString(), below.tick.toString()]).toEqual(['2.95', '0.05']);
    const at = price(debit('1.99'), { percent: '50' }, { grid: NICKEL_DIME });
    expect([at.limit.toString(), at.tick.toString()]).toEqual(['3', '0.1']);
  });

  it('never asks for more than the width', () => {
    const target = price(vertical('1', '2.03'), { percent: '100' }, { grid: NICKEL });
    expect(target.limit.toString()).toBe('2');
    const bounded: Entry = { kind: 'debit', debit: x(2), width: d(5) };
    expect(() => price(bounded, { percent: '200' })).toThrow(
      saying({
        code: 'PRICE_OUT_OF_REACH',
        what: 'Out of reach: 200 % of the debit is 6.00, more than the 5.00 this can be worth.',
        hint: 'Give a percentage up to 150, or a price of your own.',
      }),
    );
  });

  it('refuses a percentage where the smallest price already takes all the profit', () => {
    expect(() => price(credit('0.05'), { percent: '50' }, { grid: NICKEL })).toThrow(
      code('NO_PROFIT_ON_TICK'),
    );
  });
});

describe('a price the trader sets', () => {
  it('shows its effective percent and has no rounding', () => {
    const target = price(credit('2', '5'), { price: '0.90' }, { units: 3 });
    expect(target).toMatchObject({ raw: null, requestedPercent: null, lossMaking: false });
    expect(target.effectivePercent?.toString()).toBe('55');
    expect(target.roundingCost.isZero()).toBe(true);
    expect(target.profit?.toString()).toBe('330');
  });

  it('may make a loss, and says so', () => {
    const target = price(credit('2', '5'), { price: '3' });
    expect(target.lossMaking).toBe(true);
    expect(target.effectivePercent?.toString()).toBe('-50');
    expect(target.profit?.toString()).toBe('-100');
    expect(price(debit('2'), { price: '1' }).lossMaking).toBe(true);
  });

  it('must be on tick, and the neighbours are named', () => {
    expect(() => price(credit('2'), { price: '1.23' }, { grid: NICKEL })).toThrow(
      saying({ code: 'PRICE_OFF_TICK', hint: expect.stringContaining('1.20 or 1.25') }),
    );
    expect(() => price(credit('2'), { price: '0.02' }, { grid: NICKEL })).toThrow(
      saying({ hint: expect.stringContaining('0.05 or more') }),
    );
    expect(() => price(credit('2'), { price: '0' })).toThrow(code('PRICE_OFF_TICK'));
    expect(() => price(credit('2'), { price: '-0.05' })).toThrow(code('PRICE_OFF_TICK'));
    expect(() => price(credit('2'), { price: 'Infinity' })).toThrow(code('PRICE_OFF_TICK'));
  });

  it('cannot be above the width, whichever way', () => {
    expect(() => price(vertical('2', '5'), { price: '5.01' })).toThrow(code('PRICE_ABOVE_WIDTH'));
    expect(() => price(credit('2', '5'), { price: '5.01' })).toThrow(code('PRICE_ABOVE_WIDTH'));
    expect(price(vertical('2', '5'), { price: '5' }).effectivePercent?.toString()).toBe('100');
  });
});

describe('implausible entries', () => {
  it.each([
    credit('0'),
    credit('-0.2', '5'),
    credit('5', '5'),
    credit('5.2', '5'),
    vertical('0', '5'),
    vertical('-1', '5'),
    vertical('5', '5'),
    debit('0'),
    { kind: 'credit', credit: null } as const,
  ])('%o is doubted and takes no percentage', (entry) => {
    expect(entryDoubt(entry)).not.toBeNull();
    expect(() => price(entry, { percent: '50' })).toThrow(code('ENTRY_IMPLAUSIBLE'));
  });

  it('still takes a price, with no percent to show', () => {
    expect(price(credit('-0.2', '5'), { price: '0.10' })).toMatchObject({
      effectivePercent: null,
      lossMaking: true,
    });
  });

  it('takes a price where the opening price is not known, with no profit to show', () => {
    expect(price({ kind: 'credit', credit: null }, { price: '0.10' })).toMatchObject({
      profit: null,
      perUnitProfit: null,
      effectivePercent: null,
      lossMaking: false,
    });
  });

  it('has no doubt about ordinary ones', () => {
    expect(entryDoubt(credit('4.99', '5'))).toBeNull();
    expect(entryDoubt(vertical('0.01', '5'))).toBeNull();
    expect(entryDoubt(debit('12'))).toBeNull();
  });
});

it('a doubt names an average that comes to no end in four decimals', () => {
  const entry = { kind: 'credit', credit: x('-0.1/3'), width: d(5) } as const;
  const doubt = entryDoubt(entry);
  expect(doubt && entryDoubtText(doubt)).toBe(
    'the fills give an opening credit of -0.0333, which is not above zero',
  );
});

describe('laws of pricing', () => {
  const cents = (min: number, max: number) => fc.integer({ min, max }).map((value) => x(`${value}/100`));
  const entries: fc.Arbitrary<Entry> = fc.oneof(
    cents(50, 3000).map((amount): Entry => ({ kind: 'credit', credit: amount })),
    cents(50, 900).map((amount): Entry => ({ kind: 'credit', credit: amount, width: d(10) })),
    cents(50, 900).map((amount): Entry => ({ kind: 'debit-vertical', debit: amount, width: d(10) })),
    cents(50, 3000).map((amount): Entry => ({ kind: 'debit', debit: amount })),
  );
  const percents = fc.integer({ min: 100, max: 10_000 }).map((hundredths) => d(hundredths).div(100));
  const grids = fc.constantFrom(PENNY, NICKEL, NICKEL_DIME);
  const ask = (entry: Entry, percent: ReturnType<typeof d>, grid: Grid, rounding = 'nearest') => {
    try {
      return priceTarget({ entry, percent, grid, rounding: rounding as 'profit', multiplier: 100, units: 1 });
    } catch (error) {
      expect(error).toMatchObject({ code: 'NO_PROFIT_ON_TICK' });
      return null;
    }
  };

  it('every limit is on tick and makes a profit', () => {
    fc.assert(
      fc.property(
        entries,
        percents,
        grids,
        fc.constantFrom('nearest', 'profit'),
        (entry, percent, grid, way) => {
          const target = ask(entry, percent, grid, way);
          if (!target) return;
          expect(isOnTick(grid, target.limit)).toBe(true);
          expect(target.profit?.gt(0)).toBe(true);
        },
      ),
    );
  });

  it('rounding for profit gives none up, but for the tick and width that bound it', () => {
    fc.assert(
      fc.property(entries, percents, grids, (entry, percent, grid) => {
        const target = ask(entry, percent, grid, 'profit');
        const bounded =
          target?.limit.eq(target.tick) ||
          ('width' in entry && entry.width?.minus(target?.limit ?? 0).lt(0.1));
        expect(!target || bounded || target.roundingCost.lte(0)).toBe(true);
      }),
    );
  });

  it('a higher percentage never earns less', () => {
    fc.assert(
      fc.property(entries, percents, percents, grids, (entry, a, b, grid) => {
        const [low, high] = a.lt(b)
          ? [ask(entry, a, grid), ask(entry, b, grid)]
          : [ask(entry, b, grid), ask(entry, a, grid)];
        if (low && high) expect(high.profit?.gte(low.profit ?? 0)).toBe(true);
      }),
    );
  });

  it('the percent of an exact price is the percent asked for', () => {
    fc.assert(
      fc.property(entries, percents, (entry, percent) => {
        expect(percentAt(entry, rawPrice(entry, percent))?.eq(percent)).toBe(true);
      }),
    );
  });

  it('rounding cost is the exact profit less the rounded one', () => {
    fc.assert(
      fc.property(
        entries,
        percents,
        grids,
        fc.integer({ min: 1, max: 50 }),
        (entry, percent, grid, units) => {
          const one = ask(entry, percent, grid);
          if (!one) return;
          const all = priceTarget({ entry, percent, grid, rounding: 'nearest', multiplier: 10, units });
          const sign = one.effect === 'debit' ? 1 : -1;
          const cost = x(all.limit.toString())
            .minus(all.raw ?? 0)
            .times(sign * 10 * units);
          expect(all.roundingCost.toString()).toBe(cost.toString());
          expect(all.profit?.toString()).toBe(all.perUnitProfit?.times(units).toString());
        },
      ),
    );
  });
});

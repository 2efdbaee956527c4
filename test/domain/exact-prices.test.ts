import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage } from '../../src/domain/coverage.js';
import { UserError } from '../../src/domain/errors.js';
import { groupPositions } from '../../src/domain/grouping.js';
import { Decimal } from '../../src/domain/money.js';
import { ShortGuard } from '../../src/domain/protection.js';
import { componentsOf } from '../../src/domain/strategies/index.js';
import { planTargets, type TargetOverrides } from '../../src/domain/targets.js';
import type { Grid } from '../../src/domain/ticks.js';
import type { BrokerOrder, LegAction, OrderLeg } from '../../src/domain/types.js';
import { roughPercent, signedUsd } from '../../src/screens/format.js';
import { d, fill, holding, option, order } from './build.js';
import { oracle, rounded, type WholeEntry, type WholeGrid } from './price-oracle.js';

const PENNY: WholeGrid = [[null, 100n]];
const NICKEL: WholeGrid = [[null, 500n]];
const NICKEL_DIME: WholeGrid = [
  [30_000n, 500n],
  [null, 1000n],
];
const PENNY_NICKEL: WholeGrid = [
  [30_000n, 100n],
  [null, 500n],
];

/** `-QQQ 2026-12-18 480 P`: minus is sold. Fills as contracts and price in hundredths of a cent. */
interface FilledLeg {
  contract: string;
  fills: (readonly [contracts: number, price: number])[];
}

function openingOrder(legs: readonly FilledLeg[]): BrokerOrder {
  return order(
    '10',
    legs.map(({ contract, fills }): OrderLeg => {
      const action: LegAction = contract.startsWith('-') ? 'sell-to-open' : 'buy-to-open';
      const quantity = fills.reduce((total, [count]) => total + count, 0);
      const instrument = option(contract.replace(/^-/, ''));
      const prices = fills.map(([count, price]) => fill(count, priceOf(price)));
      return { instrument, action, quantity, remaining: 0, fills: prices };
    }),
  );
}

function priceOf(hundredthsOfCents: number | bigint): Decimal {
  return new Decimal(hundredthsOfCents.toString()).div(10_000);
}

function plans(
  legs: readonly FilledLeg[],
  grid: WholeGrid,
  rounding: 'nearest' | 'profit',
  overrides: TargetOverrides,
) {
  const opening = openingOrder(legs);
  const holdings = opening.legs.map(({ quantity, action }, index) =>
    holding(
      `${action === 'sell-to-open' ? -quantity : quantity} ${legs[index]?.contract.replace(/^-/, '')} @ 1`,
    ),
  );
  const [position] = groupPositions({ account: 'A', holdings, orders: [opening] });
  if (!position) throw new Error('no position');
  return planTargets({
    position,
    components: componentsOf(position),
    coverage: coverage(position.legs, holdings, []),
    working: [],
    overrides,
    grid: (): Grid =>
      grid.map(([below, tick]) => ({
        below: below === null ? null : priceOf(below),
        increment: priceOf(tick),
      })),
    rounding,
    guard: ShortGuard.of(holdings, []),
  }).plans;
}

const PUT_475 = 'QQQ 2026-12-18 475 P';
const PUT_480 = '-QQQ 2026-12-18 480 P';
const SPX_LOW = 'SPXW/SPX 2026-12-18 5790 P';
const SPX_HIGH = '-SPXW/SPX 2026-12-18 5800 P';
/** One contract a fill, prices in cents. */
const each = (contract: string, ...cents: number[]): FilledLeg => ({
  contract,
  fills: cents.map((price) => [1, price * 100] as const),
});

describe('three verticals filled one contract at a time', () => {
  it.each([
    [
      'a credit of exactly 0.51: its half 0.255 is an exact half of ticks',
      [each(PUT_480, 145, 145, 147), each(PUT_475, 94, 94, 96)],
      PENNY,
      'nearest',
      '0.25',
    ],
    [
      'a credit of exactly 0.50: its half is a valid price',
      [each(PUT_480, 145, 145, 146), each(PUT_475, 94, 96, 96)],
      PENNY,
      'profit',
      '0.25',
    ],
    [
      'a credit of exactly 3.45: its half 1.725 is an exact half of nickels',
      [each(SPX_HIGH, 1210, 1210, 1215), each(SPX_LOW, 865, 865, 870)],
      NICKEL,
      'nearest',
      '1.7',
    ],
  ] as const)('%s', (_name, legs, grid, rounding, limit) => {
    const [target] = plans(legs, grid, rounding, { percent: d(50) });
    expect(target?.pricing.limit.toString()).toBe(limit);
  });

  it('offers no target that earns $0.00', () => {
    // A credit of exactly 0.05: 1 % off it still rounds to 0.05.
    const legs = [each(SPX_HIGH, 101, 101, 100), each(SPX_LOW, 96, 96, 95)];
    expect(() => plans(legs, NICKEL, 'nearest', { percent: d(1) })).toThrow(
      expect.objectContaining({ code: 'NO_PROFIT_ON_TICK' }),
    );
  });

  it('doubts a debit that equals the width', () => {
    const bought = { ...each(PUT_480, 1200, 1200, 1201), contract: PUT_480.replace(/^-/, '') };
    const sold = { ...each(PUT_475, 700, 700, 701), contract: `-${PUT_475}` };
    expect(() => plans([bought, sold], PENNY, 'nearest', { percent: d(50) })).toThrow(
      expect.objectContaining({ code: 'ENTRY_IMPLAUSIBLE' }),
    );
  });

  it('doubts a credit that equals the width', () => {
    const legs = [each(PUT_480, 1200, 1200, 1201), each(PUT_475, 700, 700, 701)];
    expect(() => plans(legs, PENNY, 'nearest', { percent: d(50) })).toThrow(
      expect.objectContaining({ code: 'ENTRY_IMPLAUSIBLE' }),
    );
  });
});

/** A way of opening: its legs per unit, what its entry is, and the width in hundredths of a cent. */
interface Shape {
  name: string;
  legs: readonly (readonly [contract: string, ratio: number])[];
  /** Null: the money's sign decides. */
  kind: WholeEntry['kind'] | null;
  /** By the kind it turns out to be. */
  width: Partial<Record<WholeEntry['kind'], bigint>>;
}

const on = (strike: number, type: 'P' | 'C', day = '18') => `QQQ 2026-12-${day} ${strike} ${type}`;
const SHAPES: readonly Shape[] = [
  {
    name: 'bull put vertical',
    legs: [
      [on(470, 'P'), 1],
      [`-${on(480, 'P')}`, 1],
    ],
    kind: 'credit',
    width: { credit: 100_000n },
  },
  {
    name: 'iron condor',
    legs: [
      [on(460, 'P'), 1],
      [`-${on(470, 'P')}`, 1],
      [`-${on(500, 'C')}`, 1],
      [on(505, 'C'), 1],
    ],
    kind: 'credit',
    width: { credit: 100_000n },
  },
  {
    name: 'iron butterfly',
    legs: [
      [on(470, 'P'), 1],
      [`-${on(480, 'P')}`, 1],
      [`-${on(480, 'C')}`, 1],
      [on(490, 'C'), 1],
    ],
    kind: 'credit',
    width: { credit: 100_000n },
  },
  {
    name: 'short strangle',
    legs: [
      [`-${on(470, 'P')}`, 1],
      [`-${on(500, 'C')}`, 1],
    ],
    kind: 'credit',
    width: {},
  },
  { name: 'short call', legs: [[`-${on(500, 'C')}`, 1]], kind: 'credit', width: {} },
  { name: 'short put', legs: [[`-${on(470, 'P')}`, 1]], kind: 'credit', width: { credit: 4_700_000n } },
  { name: 'long call', legs: [[on(480, 'C'), 1]], kind: 'debit', width: {} },
  { name: 'long put', legs: [[on(480, 'P'), 1]], kind: 'debit', width: { debit: 4_800_000n } },
  {
    name: 'long straddle',
    legs: [
      [on(480, 'P'), 1],
      [on(480, 'C'), 1],
    ],
    kind: 'debit',
    width: {},
  },
  {
    name: 'bull call vertical',
    legs: [
      [on(480, 'C'), 1],
      [`-${on(490, 'C')}`, 1],
    ],
    kind: 'debit-vertical',
    width: { 'debit-vertical': 100_000n },
  },
  {
    name: 'long butterfly',
    legs: [
      [on(470, 'C'), 1],
      [`-${on(480, 'C')}`, 2],
      [on(490, 'C'), 1],
    ],
    kind: 'debit',
    width: { debit: 100_000n },
  },
  {
    name: 'broken-wing butterfly',
    legs: [
      [on(460, 'P'), 1],
      [`-${on(475, 'P')}`, 2],
      [on(480, 'P'), 1],
    ],
    // At zero it owes 10, at the body it is worth 5.
    kind: null,
    width: { credit: 100_000n, debit: 50_000n },
  },
  {
    name: 'front ratio spread',
    legs: [
      [on(480, 'C'), 1],
      [`-${on(490, 'C')}`, 2],
    ],
    kind: null,
    width: { debit: 100_000n },
  },
  {
    name: 'back ratio spread of three to two',
    legs: [
      [`-${on(480, 'C')}`, 2],
      [on(490, 'C'), 3],
    ],
    kind: null,
    width: { credit: 200_000n },
  },
];

const PERCENTS = fc.oneof(
  fc.constantFrom(2500, 4000, 5000, 6000, 7500, 10_000, 100),
  fc.integer({ min: 1, max: 10_000 }),
);
const GRIDS = fc.constantFrom(PENNY, NICKEL, NICKEL_DIME, PENNY_NICKEL);
const ROUNDINGS = fc.constantFrom('nearest' as const, 'profit' as const);

/** A quantity in parts of one to all, each at its own price around a base; in cents, or finer. */
function fillsOf(quantity: number): fc.Arbitrary<FilledLeg['fills']> {
  const prices = fc
    .tuple(fc.integer({ min: 1, max: 1200 }), fc.constantFrom(100, 500, 1, 25))
    .chain(([base, step]) =>
      fc.array(
        fc.integer({ min: 0, max: 6 }).map((more) => base * 100 + more * step),
        { minLength: 8, maxLength: 8 },
      ),
    );
  return fc.tuple(prices, fc.array(fc.integer({ min: 1, max: 13 }), { maxLength: 7 })).map(([at, parts]) => {
    const fills: (readonly [number, number])[] = [];
    let left = quantity;
    for (const [index, part] of [...parts, quantity].entries()) {
      const count = Math.min(part, left);
      left -= count;
      if (count > 0) fills.push([count, at[index] ?? 100]);
    }
    return fills;
  });
}

const openings = fc.constantFrom(...SHAPES).chain((shape) => {
  const most = Math.floor(40 / Math.max(...shape.legs.map(([, ratio]) => ratio)));
  return fc.integer({ min: 1, max: most }).chain((units) =>
    fc.tuple(...shape.legs.map(([, ratio]) => fillsOf(ratio * units))).map((fills) => ({
      shape,
      units,
      legs: shape.legs.map(([contract], index) => ({ contract, fills: fills[index] ?? [] })),
    })),
  );
});

/** What came in less what was paid, over all fills. */
function amountOf(legs: readonly FilledLeg[]): bigint {
  let amount = 0n;
  for (const { contract, fills } of legs) {
    for (const [count, price] of fills) {
      amount += BigInt(count * price) * (contract.startsWith('-') ? 1n : -1n);
    }
  }
  return amount;
}

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('laws of exact prices', () => {
  it('a limit is the one computed with whole numbers, for any fills, strategy, grid and rounding', () => {
    fc.assert(
      fc.property(openings, PERCENTS, GRIDS, ROUNDINGS, ({ shape, units, legs }, percent, grid, rounding) => {
        const amount = amountOf(legs);
        const kind = shape.kind ?? (amount > 0n ? 'credit' : 'debit');
        const entry: WholeEntry = { kind, amount, units: BigInt(units), width: shape.width[kind] ?? null };
        const told = oracle(entry, BigInt(percent), grid, rounding);
        const ask = () => plans(legs, grid, rounding, { percent: d(percent).div(100) });
        if ('refused' in told) {
          expect(refusal(ask)).toBe(told.refused);
          return;
        }
        const [target, ...more] = ask();
        expect(more).toEqual([]);
        expect(target?.pricing.limit.times(10_000).toString()).toBe(told.limit.toString());

        // What is shown is of the exact values too: (amount / units - limit) × 100 shares × units, in dollars.
        const gain =
          kind === 'credit' ? amount - told.limit * BigInt(units) : told.limit * BigInt(units) + amount;
        expect(signedUsd(target?.pricing.profit ?? d(0))).toBe(dollars(gain, 100n));
        const paid = kind === 'credit' ? amount : -amount;
        const full = kind === 'debit-vertical' ? (entry.width ?? 0n) * BigInt(units) - paid : paid;
        expect(roughPercent(target?.pricing.effectivePercent ?? d(0))).toBe(percentShown(gain * 100n, full));
        const cost = full * BigInt(percent) - gain * 10_000n;
        expect(signedUsd(target?.pricing.roundingCost ?? d(0))).toBe(dollars(cost, 1_000_000n));
      }),
      { numRuns: 1500 },
    );
  });

  it('a Trident’s verticals are each of their own fills', () => {
    const tridents = fc
      .integer({ min: 1, max: 20 })
      .chain((units) =>
        fc.tuple(
          fc.constant(units),
          fc.tuple(fillsOf(2 * units), fillsOf(2 * units), fillsOf(units), fillsOf(units)),
        ),
      );
    fc.assert(
      fc.property(tridents, PERCENTS, GRIDS, ROUNDINGS, ([units, fills], percent, grid, rounding) => {
        const names = [on(470, 'P'), `-${on(480, 'P')}`, `-${on(485, 'C')}`, on(495, 'C')];
        const legs = names.map((contract, index) => ({ contract, fills: fills[index] ?? [] }));
        const parts = [
          { key: 'puts', legs: legs.slice(0, 2), units: 2 * units },
          { key: 'calls', legs: legs.slice(2), units },
        ];
        const told = parts.map((part) => ({
          key: part.key,
          ...oracle(
            { kind: 'credit', amount: amountOf(part.legs), units: BigInt(part.units), width: 100_000n },
            BigInt(percent),
            grid,
            rounding,
          ),
        }));
        const priced = told.flatMap((each) => ('limit' in each ? [`${each.key} ${each.limit}`] : []));
        const ask = () => plans(legs, grid, rounding, { percent: d(percent).div(100) });
        if (priced.length === 0) {
          expect(told.map((each) => 'refused' in each && each.refused)).toContain(refusal(ask));
          return;
        }
        expect(
          ask().map(({ componentKey, pricing }) => `${componentKey} ${pricing.limit.times(10_000)}`),
        ).toEqual(priced);
      }),
      { numRuns: 500 },
    );
  });
});

/** @param scale how many hundredths of a cent make `top` a dollar, over a hundred shares */
function dollars(top: bigint, scale: bigint): string {
  const text = rounded(top, scale, 2);
  const sign = text.startsWith('−') ? '−' : text === '0.00' ? '' : '+';
  const [whole = '', cents] = text.replace('−', '').split('.');
  return `${sign}$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

function percentShown(top: bigint, bottom: bigint): string {
  return `${rounded(top, bottom, 1).replace(/\.0$/, '')} %`;
}

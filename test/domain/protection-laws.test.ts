import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClosingLeg, coverage, withPlanned } from '../../src/domain/coverage.js';
import { groupPositions } from '../../src/domain/grouping.js';
import { ShortGuard } from '../../src/domain/protection.js';
import { componentsOf } from '../../src/domain/strategies/index.js';
import { attributeWorking, planTargets } from '../../src/domain/targets.js';
import type { BrokerOrder, Holding } from '../../src/domain/types.js';
import { d, filledOrder, holding, option, stock, workingOrder } from './build.js';
import { type History, messyHistories } from './history.js';

/** Longs bought in orders of their own, of this expiration, an earlier and a later one; strikes that no shape uses. */
const LONGS = [
  'QQQ 2026-12-18 450 P',
  'QQQ 2026-12-11 455 P',
  'QQQ 2027-01-15 475 P',
  'QQQ 2026-12-18 500 C',
  'QQQ 2027-01-15 470 C',
];

const accounts = fc
  .tuple(
    messyHistories,
    fc.array(fc.record({ which: fc.nat(LONGS.length - 1), count: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 3,
    }),
    fc.constantFrom(0, 0, 100, 250),
    fc.array(fc.nat(40), { maxLength: 2 }),
  )
  .map(([history, bought, shares, selling]) => withLongs(history, bought, shares, selling));

function withLongs(
  history: History,
  bought: { which: number; count: number }[],
  shares: number,
  selling: number[],
): { holdings: Holding[]; orders: BrokerOrder[]; open: BrokerOrder[] } {
  const once = [...new Map(bought.map((each) => [each.which, each])).values()];
  const longs = once.map(({ which, count }) => ({ contract: LONGS[which] ?? '', count }));
  const orders = longs.map(({ contract, count }, index) =>
    filledOrder(String(200 + index), [`buy-to-open ${count} ${contract} @ 2`]),
  );
  const holdings = [
    ...history.holdings,
    ...longs.map(({ contract, count }) => holding(`${count} ${contract} @ 2`)),
    ...(shares > 0 ? [{ ...holding('1 QQQ @ 480'), instrument: stock('QQQ'), quantity: shares }] : []),
  ];
  const open = selling.flatMap((pick, index) => {
    const long = longs[pick % Math.max(1, longs.length)];
    return long ? [workingOrder(`w${index}`, [`sell-to-close 1 ${long.contract}`])] : [];
  });
  return { holdings, orders: [...history.orders, ...orders, ...open], open };
}

/** Naked shorts by the plainest search: every way to give each short its own long is tried. */
function naked(holdings: readonly Holding[]): number {
  const units = (side: 'long' | 'short') =>
    holdings.flatMap(({ instrument, side: held, quantity }) =>
      held === side ? Array.from({ length: Math.max(0, quantity) }, () => instrument) : [],
    );
  const options = units('long').filter(({ option }) => option);
  const lots = Math.floor(units('long').filter(({ option }) => !option).length / 100);
  const takenBy = new Map<number, number>();
  const shorts = units('short').filter(({ option }) => option);
  const covers = (long: number, short: number) => {
    const [a, b] = [options[long]?.option, shorts[short]?.option];
    if (long >= options.length) return b?.type === 'call';
    return a?.type === b?.type && (a?.expiration ?? '') >= (b?.expiration ?? '');
  };
  const place = (short: number, seen: Set<number>): boolean => {
    for (let long = 0; long < options.length + lots; long += 1) {
      if (!covers(long, short) || seen.has(long)) continue;
      seen.add(long);
      const owner = takenBy.get(long);
      if (owner !== undefined && !place(owner, seen)) continue;
      takenBy.set(long, short);
      return true;
    }
    return false;
  };
  return shorts.filter((_, short) => !place(short, new Set())).length;
}

function afterFills(holdings: readonly Holding[], orders: readonly (readonly ClosingLeg[])[]): Holding[] {
  const left = holdings.map((each) => ({ ...each }));
  for (const { instrument, contracts } of orders.flat()) {
    const found = left.find((each) => each.instrument.symbol === instrument.symbol);
    if (found) found.quantity = Math.max(0, found.quantity - contracts);
  }
  return left;
}

function plansOf({
  holdings,
  orders,
  open,
}: {
  holdings: Holding[];
  orders: BrokerOrder[];
  open: BrokerOrder[];
}) {
  const positions = groupPositions({ account: 'A', holdings, orders });
  const working = attributeWorking(positions, open);
  let left = coverage(
    positions.flatMap(({ legs }) => legs),
    holdings,
    open,
  );
  let guard = ShortGuard.of(holdings, open);
  return positions.flatMap((position) => {
    try {
      const { plans } = planTargets({
        position,
        components: componentsOf(position),
        coverage: left,
        working: working.get(position.key) ?? [],
        overrides: { percent: d(50) },
        grid: () => [{ below: null, increment: d('0.01') }],
        rounding: 'nearest',
        guard,
      });
      const legs = plans.map((plan) => plan.legs);
      left = withPlanned(left, legs.flat());
      guard = guard.after(legs);
      return legs;
    } catch (error) {
      expect(error).toMatchObject({ name: 'UserError' });
      return [];
    }
  });
}

/** Of an index: on one day a series that settles in the morning and one of the afternoon, and days before and after. */
const SERIES = ['SPXW/SPX 2026-12-11', 'SPX 2026-12-18', 'SPXW/SPX 2026-12-18', 'SPX 2027-01-15'];
const indexBooks = fc
  .uniqueArray(
    fc.record({
      series: fc.nat(SERIES.length - 1),
      strike: fc.constantFrom(5800, 5850),
      signed: fc.constantFrom(-2, -1, 1, 2),
    }),
    { selector: ({ series, strike }) => `${series} ${strike}`, minLength: 2, maxLength: 6 },
  )
  .map((drawn) =>
    drawn.map(({ series, strike, signed }) => holding(`${signed} ${SERIES[series]} ${strike} P @ 5`)),
  );

/** Puts of an index that no long one covers, by when they end (`series` is sorted so), or by the broker: none but those that end together. */
function nakedOfIndex(
  holdings: readonly Holding[],
  covers: (long: number, short: number) => boolean,
): number {
  const endOf = ({ instrument: { option: terms } }: Holding) =>
    SERIES.findIndex(
      (each) => each.startsWith(terms?.root ?? '-') && each.endsWith(terms?.expiration ?? '-'),
    );
  const ends = (side: 'long' | 'short') =>
    holdings.flatMap((each) =>
      each.side === side ? Array.from({ length: each.quantity }, () => endOf(each)) : [],
    );
  const longs = ends('long');
  const most = (shorts: readonly number[], left: readonly number[]): number => {
    const [short, ...others] = shorts;
    if (short === undefined) return 0;
    const uncovered = 1 + most(others, left);
    const taken = [...new Set(left)].filter((long) => covers(long, short));
    return Math.min(uncovered, ...taken.map((long) => most(others, left.toSpliced(left.indexOf(long), 1))));
  };
  return most(ends('short'), longs);
}

describe('an index that settles in cash', () => {
  const sold = (text: string): ClosingLeg[] => [
    { instrument: option(text), action: 'sell-to-close', contracts: 1 },
  ];
  const leaves = (held: readonly string[], text: string) =>
    ShortGuard.of(
      held.map((each) => holding(each)),
      [],
    )
      .leaves(sold(text))
      .map(({ instrument, contracts }) => `${contracts} ${instrument.symbol}`);
  const SHORT = '-1 SPXW/SPX 2026-12-18 5800 P @ 5';

  it('has no cover of a put that settles in the morning of the day on whose afternoon the short one ends', () => {
    const held = [SHORT, '1 SPXW/SPX 2026-12-18 5750 P @ 4', '1 SPX 2026-12-18 5750 P @ 4'];
    expect(leaves(held, 'SPXW/SPX 2026-12-18 5750 P')).toEqual([`1 ${option(SHORT.slice(3)).symbol}`]);
    expect(leaves(held, 'SPX 2026-12-18 5750 P')).toEqual([]);
  });

  it('has none at the broker of another expiration: it knows no calendars there', () => {
    const held = [SHORT, '1 SPXW/SPX 2026-12-18 5750 P @ 4', '1 SPX 2027-01-15 5750 P @ 9'];
    expect(leaves(held, 'SPXW/SPX 2026-12-18 5750 P')).toEqual([`1 ${option(SHORT.slice(3)).symbol}`]);
  });

  it('keeps what protects a short all the same, though it is no cover at the broker', () => {
    const held = [SHORT, '1 SPX 2027-01-15 5750 P @ 9'];
    expect(leaves(held, 'SPX 2027-01-15 5750 P')).toEqual([`1 ${option(SHORT.slice(3)).symbol}`]);
  });

  it('is left with what its shorts have, by when they end and by the broker alike', () => {
    let both = 0;
    fc.assert(
      fc.property(indexBooks, fc.nat(20), (holdings, pick) => {
        const longs = holdings.filter(({ side }) => side === 'long');
        const long = longs[pick % Math.max(1, longs.length)];
        if (!long) return;
        const legs = [{ instrument: long.instrument, action: 'sell-to-close' as const, contracts: 1 }];
        const after = afterFills(holdings, [legs]).filter(({ quantity }) => quantity > 0);
        const [lived, margined] = [
          (one: number, other: number) => one >= other,
          (one: number, other: number) => one === other,
        ].map((covers) => nakedOfIndex(after, covers) - nakedOfIndex(holdings, covers)) as [number, number];
        const left = ShortGuard.of(holdings, []).leaves(legs);
        const count = left.reduce((total, { contracts }) => total + contracts, 0);
        expect(count).toBeGreaterThanOrEqual(Math.max(lived, margined));
        expect(count).toBeLessThanOrEqual(lived + margined);
        if (lived !== margined) both += 1;
      }),
      { numRuns: 500 },
    );
    expect(both).toBeGreaterThan(20);
  });
});

describe('laws of what is left', () => {
  it('every contract held is in components with units, exactly as often as it is held', () => {
    fc.assert(
      fc.property(accounts, ({ holdings, orders }) => {
        const total = new Map<string, number>();
        for (const position of groupPositions({ account: 'A', holdings, orders })) {
          for (const { legs, units } of componentsOf(position)) {
            for (const { instrument, ratio } of legs)
              total.set(instrument.symbol, (total.get(instrument.symbol) ?? 0) + ratio * units);
          }
          const keys = componentsOf(position).map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
        }
        for (const { instrument, quantity } of holdings) {
          if (instrument.option) expect(total.get(instrument.symbol)).toBe(quantity);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('whichever of the planned orders fill, and whatever sells already, no more shorts are naked than without them', () => {
    fc.assert(
      fc.property(accounts, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (account, fills) => {
        const planned = plansOf(account).filter((_, index) => fills[index]);
        const selling = account.open.map(({ legs }) =>
          legs.map(({ instrument, action, quantity }) => ({ instrument, action, contracts: quantity })),
        );
        for (const before of [account.holdings, afterFills(account.holdings, selling)]) {
          expect(naked(afterFills(before, planned))).toBeLessThanOrEqual(naked(before));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says exactly how many shorts an order leaves naked', () => {
    fc.assert(
      fc.property(accounts, fc.nat(20), fc.integer({ min: 1, max: 3 }), ({ holdings }, pick, count) => {
        const longs = holdings.filter(({ side, instrument }) => side === 'long' && instrument.option);
        const long = longs[pick % Math.max(1, longs.length)];
        if (!long) return;
        const contracts = Math.min(count, long.quantity);
        const legs: ClosingLeg[] = [{ instrument: long.instrument, action: 'sell-to-close', contracts }];
        const left = ShortGuard.of(holdings, []).leaves(legs);
        const more = naked(afterFills(holdings, [legs])) - naked(holdings);
        expect(left.reduce((total, each) => total + each.contracts, 0)).toBe(more);
      }),
      { numRuns: 200 },
    );
  });
});

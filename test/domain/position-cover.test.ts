import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertCovered, coverage, withPlanned } from '../../src/domain/coverage.js';
import { groupPositions } from '../../src/domain/grouping.js';
import { positionCover } from '../../src/domain/position-cover.js';
import { ShortGuard } from '../../src/domain/protection.js';
import { componentsOf } from '../../src/domain/strategies/index.js';
import { attributeWorking, planTargets } from '../../src/domain/targets.js';
import type { Grid } from '../../src/domain/ticks.js';
import type { BrokerOrder, Holding, Position } from '../../src/domain/types.js';
import { d, filledOrder, holding, type OrderOptions, workingOrder } from './build.js';
import { messyHistories } from './history.js';

const P480 = 'QQQ 2026-12-18 480 P';
const P475 = 'QQQ 2026-12-18 475 P';
const PENNY: Grid = [{ below: null, increment: d('0.01') }];

/** Two bull put verticals opened for a credit of 1.00 each. */
const OPENING = filledOrder('1', [`sell-to-open 2 ${P480} @ 3`, `buy-to-open 2 ${P475} @ 2`]);
const HELD = [holding(`-2 ${P480} @ 3`), holding(`2 ${P475} @ 2`)];

function coverOf(openOrders: BrokerOrder[], holdings: Holding[] = HELD) {
  const [position] = groupPositions({ account: 'A', holdings, orders: [OPENING, ...openOrders] });
  if (!position) throw new Error('no position');
  const working = attributeWorking([position], openOrders).get(position.key) ?? [];
  const covers = coverage(position.legs, holdings, openOrders);
  const cover = positionCover({ position, components: componentsOf(position), working, coverage: covers });
  const shares = ({ target, reserved, restricted, free }: (typeof cover.contracts)[number]) =>
    [target, reserved, restricted, free].join('/');
  return {
    state: cover.state,
    units: cover.components.map((each) => [each.target, each.reserved, each.restricted, each.free].join('/')),
    contracts: cover.contracts.map(shares),
  };
}

const close = (units: number, options: OrderOptions = {}, id = '7') =>
  workingOrder(id, [`buy-to-close ${units} ${P480}`, `sell-to-close ${units} ${P475}`], {
    price: d('0.5'),
    effect: 'debit',
    ...options,
  });

describe('how covered a position is (target/reserved/restricted/free)', () => {
  it.each<[string, BrokerOrder[], string, string]>([
    ['nothing works', [], 'none', '0/0/0/2'],
    ['all have a target', [close(2)], 'full', '2/0/0/0'],
    ['one has a target', [close(1)], 'part', '1/0/0/1'],
    ['a limit that just earns', [close(2, { price: d('0.99') })], 'full', '2/0/0/0'],
    ['a limit at the opening price', [close(2, { price: d('1') })], 'reserved', '0/2/0/0'],
    ['a limit at a loss', [close(2, { price: d('1.01') })], 'reserved', '0/2/0/0'],
    ['a limit that even receives', [close(2, { price: d('0.1'), effect: 'credit' })], 'full', '2/0/0/0'],
    ['a limit without a price', [close(2, { price: null, effect: null })], 'reserved', '0/2/0/0'],
    ['a stop', [close(2, { orderType: 'Stop', price: null })], 'reserved', '0/2/0/0'],
    ['a stop limit', [close(2, { orderType: 'Stop Limit' })], 'reserved', '0/2/0/0'],
    ['a market order', [close(1, { orderType: 'Market', price: null })], 'reserved', '0/1/0/1'],
    ['a Day order', [close(2, { timeInForce: 'Day' })], 'reserved', '0/2/0/0'],
    ['a GTD order', [close(2, { timeInForce: 'GTD' })], 'reserved', '0/2/0/0'],
    ['a waiting order', [close(2, { contingent: true })], 'reserved', '0/2/0/0'],
    ['an order of unknown status', [close(2, { state: 'unrecognised' })], 'reserved', '0/2/0/0'],
    ['one leg of the spread', [workingOrder('7', [`sell-to-close 2 ${P475}`])], 'reserved', '0/2/0/0'],
    ['a target and a stop', [close(1), close(1, { orderType: 'Stop' }, '8')], 'part', '1/1/0/0'],
    ['a target and one leg', [close(1), workingOrder('8', [`buy-to-close 1 ${P480}`])], 'part', '1/1/0/0'],
    [
      'a limit and its stop',
      ['7', '8'].map((id) =>
        close(
          2,
          { complex: { id: '9', tag: 'OCO::order' }, ...(id === '8' ? { orderType: 'Stop' } : {}) },
          id,
        ),
      ),
      'full',
      '2/0/0/0',
    ],
    [
      'a limit at a loss and its stop',
      ['7', '8'].map((id) =>
        close(
          2,
          {
            complex: { id: '9', tag: 'OCO::order' },
            price: d(2),
            ...(id === '8' ? { orderType: 'Stop' } : {}),
          },
          id,
        ),
      ),
      'reserved',
      '0/2/0/0',
    ],
  ])('%s', (_what, orders, state, units) => {
    expect(coverOf(orders)).toMatchObject({ state, units: [units] });
  });

  it('is not full while one leg has an order and the other has none', () => {
    expect(coverOf([workingOrder('7', [`sell-to-close 2 ${P475}`])])).toMatchObject({
      state: 'reserved',
      contracts: ['0/0/0/2', '0/2/0/0'],
    });
  });

  it('tells what is restricted from what is reserved', () => {
    const locked = [holding(`-2 ${P480} @ 3`, { restricted: 2 }), holding(`2 ${P475} @ 2`)];
    expect(coverOf([], locked)).toMatchObject({ state: 'none', units: ['0/0/2/0'] });
    expect(
      coverOf([close(1)], [holding(`-2 ${P480} @ 3`, { restricted: 1 }), holding(`2 ${P475} @ 2`)]),
    ).toMatchObject({ state: 'part', units: ['1/0/1/0'] });
  });
});

const kinds = fc.record({
  pick: fc.nat(10),
  count: fc.integer({ min: 1, max: 4 }),
  legs: fc.integer({ min: 1, max: 4 }),
  orderType: fc.constantFrom('Limit', 'Limit', 'Limit', 'Stop', 'Stop Limit', 'Market'),
  timeInForce: fc.constantFrom('GTC', 'GTC', 'GTC', 'Day', 'GTD'),
  price: fc.constantFrom('0.01', '0.5', '1', '2.5', '40'),
  effect: fc.constantFrom('debit' as const, 'credit' as const),
  paired: fc.boolean(),
  contingent: fc.constantFrom(false, false, true),
});
type Kind = typeof kinds extends fc.Arbitrary<infer K> ? K : never;

/** A close of the first legs of some position; with its stop where it is a pair. */
function ordersOf(positions: readonly Position[], each: Kind, index: number): BrokerOrder[] {
  const legs = positions[each.pick % Math.max(1, positions.length)]?.legs ?? [];
  const texts = legs.slice(0, each.legs).map(({ instrument: { option }, side, opened }) => {
    const contract = `QQQ 2026-12-18 ${option?.strike} ${option?.type === 'put' ? 'P' : 'C'}`;
    return `${side === 'short' ? 'buy' : 'sell'}-to-close ${Math.min(opened, each.count)} ${contract}`;
  });
  if (texts.length === 0) return [];
  const { orderType, timeInForce, effect, contingent } = each;
  const options = { orderType, timeInForce, effect, contingent, price: d(each.price) };
  if (!each.paired) return [workingOrder(`w${index}`, texts, options)];
  const complex = { id: `c${index}`, tag: 'OCO::order' };
  return [
    workingOrder(`w${index}`, texts, { ...options, complex, orderType: 'Limit' }),
    workingOrder(`s${index}`, texts, { ...options, complex, orderType: 'Stop Limit' }),
  ];
}

/** By the fills of the legs themselves: what the order would make of a position that holds all of its contracts. */
function earns({ price, effect, legs }: BrokerOrder, position: Position): boolean {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  const units = legs.map(({ quantity }) => quantity).reduce(gcd);
  let profit = (price ?? d(0)).times(effect === 'credit' ? units : -units);
  for (const { instrument, quantity } of legs) {
    const own = position.legs.find((leg) => leg.instrument.symbol === instrument.symbol);
    const open = own?.openPrice?.toDecimalPlaces(8);
    if (!own || !open) return false;
    profit = profit.plus(open.times(own.side === 'short' ? quantity : -quantity));
  }
  return profit.gt('0.0000001');
}

/** Contracts by symbol that can fill: of a pair one order only. */
function claims(orders: readonly BrokerOrder[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const { legs } of orders.filter((order) => !order.id.startsWith('s'))) {
    for (const { instrument, remaining } of legs)
      total.set(instrument.symbol, (total.get(instrument.symbol) ?? 0) + remaining);
  }
  return total;
}

describe('laws of cover, over random accounts and orders of every kind', () => {
  const world = fc.record({
    history: messyHistories,
    extra: fc.array(kinds, { maxLength: 5 }),
    restricted: fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }),
  });
  const account = ({
    history,
    extra,
    restricted,
  }: typeof world extends fc.Arbitrary<infer W> ? W : never) => {
    const holdings = history.holdings.map((each, index) => ({ ...each, restricted: restricted[index] ?? 0 }));
    const positions = groupPositions({ account: 'A', holdings, orders: history.orders });
    const open = extra.flatMap((each, index) => ordersOf(positions, each, index));
    const working = attributeWorking(positions, open);
    const covers = coverage(
      positions.flatMap(({ legs }) => legs),
      holdings,
      open,
    );
    const views = positions.map((position) => {
      const components = componentsOf(position);
      const parts = working.get(position.key) ?? [];
      return {
        position,
        components,
        parts,
        cover: positionCover({ position, components, working: parts, coverage: covers }),
      };
    });
    return { holdings, positions, open, covers, views };
  };

  it('target, reserved, restricted and free are never negative and together what is held', () => {
    fc.assert(
      fc.property(world, (given) => {
        for (const { cover } of account(given).views) {
          for (const { held, target, reserved, restricted, free } of [
            ...cover.contracts,
            ...cover.components,
          ]) {
            for (const share of [target, reserved, restricted, free]) expect(share).toBeGreaterThanOrEqual(0);
            expect(target + reserved + restricted + free).toBe(held);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('what is called covered has an earning, lasting limit order for every contract', () => {
    let seen = 0;
    fc.assert(
      fc.property(world, (given) => {
        const { open, views } = account(given);
        for (const { position, cover } of views.filter((view) => view.cover.state === 'full')) {
          seen += 1;
          const good = open.filter(
            (order) =>
              order.orderType === 'Limit' &&
              order.timeInForce === 'GTC' &&
              (!order.contingent || order.complex !== null) &&
              earns(order, position),
          );
          for (const { instrument, held } of cover.contracts) {
            const legs = good
              .flatMap((order) => order.legs)
              .filter((leg) => leg.instrument.symbol === instrument.symbol);
            expect(legs.reduce((total, { remaining }) => total + remaining, 0)).toBeGreaterThanOrEqual(held);
          }
        }
      }),
      { numRuns: 800 },
    );
    expect(seen).toBeGreaterThan(10);
  });

  it('nothing planned closes more than is held beside what works', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { holdings, open, covers, views } = account(given);
        let left: ReturnType<typeof coverage> = covers;
        const guard = ShortGuard.of(holdings, open);
        const planned = views.flatMap(({ position, components, parts }) => {
          try {
            const { plans } = planTargets({
              position,
              components,
              working: parts,
              coverage: left,
              overrides: { percent: d(50) },
              guard,
              grid: () => PENNY,
              rounding: 'nearest' as const,
            });
            const legs = plans.flatMap((plan) => plan.legs);
            left = withPlanned(left, legs);
            return legs;
          } catch (error) {
            // Leftovers can be priced implausibly or have too many legs; they plan nothing then.
            expect(error).toMatchObject({ name: 'UserError' });
            return [];
          }
        });
        const claimed = claims(open);
        for (const { instrument, quantity, restricted } of holdings) {
          const own = planned.filter((leg) => leg.instrument.symbol === instrument.symbol);
          const total = own.reduce((sum, { contracts }) => sum + contracts, 0);
          if (total === 0) continue;
          expect(total + (claimed.get(instrument.symbol) ?? 0)).toBeLessThanOrEqual(quantity - restricted);
        }
        expect(() => assertCovered(planned, covers)).not.toThrow();
      }),
      { numRuns: 400 },
    );
  });
});

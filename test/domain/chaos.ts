import fc from 'fast-check';
import type {
  BrokerOrder,
  Holding,
  Instrument,
  LegAction,
  OrderLeg,
  OrderState,
} from '../../src/domain/types.js';
import { d, order } from './build.js';
import { formatOcc } from './format-occ.js';

/** Few contracts, so that orders meet in them; two underlyings and three expirations, so that not all do. */
export const CONTRACTS: Instrument[] = ['QQQ', 'SPXW'].flatMap((root) =>
  ['2026-12-04', '2026-12-11', '2026-12-18'].flatMap((expiration) =>
    ([470, 480] as const).flatMap((strike) =>
      (['put', 'call'] as const).map((type) => {
        const option = { root, expiration, type, strike: d(strike) };
        const underlying = root === 'SPXW' ? 'SPX' : root;
        return { symbol: formatOcc(option), underlying, multiplier: 100, option };
      }),
    ),
  ),
);
export const SHARES: Instrument = { symbol: 'QQQ', underlying: 'QQQ', multiplier: 1, option: null };
const ACTIONS: LegAction[] = ['buy-to-open', 'sell-to-open', 'buy-to-close', 'sell-to-close'];
const STATES: OrderState[] = ['filled', 'filled', 'filled', 'cancelled', 'working', 'unrecognised'];

const contract = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...CONTRACTS) },
  { weight: 1, arbitrary: fc.constant(SHARES) },
);
const minute = fc.option(fc.nat(60), { freq: 8 });
const instantOf = (at: number | null) => (at === null ? null : new Date(Date.UTC(2026, 10, 2, 15, at)));

const leg = fc
  .record({
    instrument: contract,
    action: fc.constantFrom(...ACTIONS),
    quantity: fc.integer({ min: 1, max: 6 }),
    left: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(6) }),
    prices: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 2 }),
    at: fc.nat(60),
    unlisted: fc.nat(9),
  })
  .map(({ instrument, action, quantity, left, prices, at, unlisted }): OrderLeg => {
    const remaining = Math.min(left, quantity);
    const filled = quantity - remaining;
    const parts = filled > 1 && prices.length > 1 ? [1, filled - 1] : filled > 0 ? [filled] : [];
    const fills = parts.map((part, index) => ({
      id: `${instrument.symbol}:${action}:${at}:${index}`,
      quantity: part,
      price: d(prices[index] ?? 1).div(100),
      at: new Date(Date.UTC(2026, 10, 2, 15, at + index)),
    }));
    return { instrument, action, quantity, remaining, fills: unlisted === 0 ? [] : fills };
  });

/** Whatever a broker may tell: orders without sense, holdings that no order explains, links to anything. */
export const chaos = fc.record({
  orders: fc.array(
    fc
      .record({
        legs: fc.array(leg, { minLength: 1, maxLength: 4 }),
        state: fc.constantFrom(...STATES),
        received: minute,
        updated: minute,
      })
      .map(({ legs, state, received, updated }) => ({
        legs,
        change: { state, receivedAt: instantOf(received), updatedAt: instantOf(updated) },
      })),
    { maxLength: 25 },
  ),
  held: fc.uniqueArray(
    fc.record({
      instrument: contract,
      side: fc.constantFrom('long' as const, 'short' as const),
      quantity: fc.integer({ min: 1, max: 9 }),
      created: minute,
    }),
    { maxLength: 8, selector: ({ instrument }) => instrument.symbol },
  ),
  meant: fc.array(fc.tuple(fc.nat(25), fc.nat(25)), { maxLength: 6 }),
});

export type Chaos = typeof chaos extends fc.Arbitrary<infer T> ? T : never;

export function accountOf({ orders, held, meant }: Chaos) {
  const told: BrokerOrder[] = orders.map(({ legs, change }, index) => ({
    ...order(`${9 + index}`, legs),
    ...change,
  }));
  const holdings: Holding[] = held.map(({ created, ...holding }) => ({
    ...holding,
    restricted: 0,
    averageOpenPrice: d('1.25'),
    createdAt: instantOf(created),
  }));
  const links = new Map(meant.map(([closing, opening]) => [`${9 + closing}`, `order:${9 + opening}`]));
  return { account: 'A', holdings, orders: told, links };
}

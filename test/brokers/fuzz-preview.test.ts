import fc from 'fast-check';
import pino from 'pino';
import { expect, it } from 'vitest';
import { BrokerError, UserError } from '../../src/domain/errors.js';
import type { Broker } from '../../src/ports/broker.js';
import type { OrderArchive } from '../../src/ports/order-archive.js';
import type { Store } from '../../src/ports/store.js';
import { AccountDesk } from '../../src/services/accounts/account-desk.js';
import { AccountNames } from '../../src/services/accounts/account-names.js';
import { type Preview, PreviewService } from '../../src/services/previews/preview.js';
import { PreviewPricer } from '../../src/services/previews/pricing.js';
import { BriskClock } from '../services/support/brisk-clock.js';
import { accessRules, NO_CHAINS } from '../services/support/builders.js';
import { NEVER_HALTED } from '../services/support/halting.js';
import { brokerOf } from './support/canned.js';
import { ACCOUNT } from './support/fake-api.js';
import { JUNK, type Mutated, mutated } from './support/mutations.js';
import { placedAnswer, wireLeg, wireOrder, wirePosition } from './support/wire.js';

/** What can't be understood in the account's rows, through the real reading, grouping and pricing of a preview. */

const RUNS = Number(process.env.FUZZ_RUNS ?? 60);
const quiet = pino({ level: 'silent' });
const ACTOR = { userId: '1', roleIds: [], guildId: null, channelId: '2' };
const SYMBOLS = {
  short: 'QQQ   261218P00480000',
  long: 'QQQ   261218P00475000',
  otherShort: 'SPY   261218P00580000',
  otherLong: 'SPY   261218P00575000',
  indexShort: 'SPXW  261218P05800000',
  indexLong: 'SPXW  261218P05790000',
  call: 'IWM   261218C00240000',
};
const UNDERLYINGS: Record<string, string> = { SPXW: 'SPX' };
const underlyingOf = (symbol: string) => {
  const root = symbol.slice(0, 6).trim();
  return UNDERLYINGS[root] ?? root;
};

const list = (...items: unknown[]) => ({ data: { items } });
const holding = (symbol: string, direction: 'Short' | 'Long', price: string) =>
  wirePosition({
    symbol,
    'underlying-symbol': underlyingOf(symbol),
    quantity: '3',
    'quantity-direction': direction,
    'average-open-price': price,
  });
const opened = (id: number, short: string | null, long: string) =>
  wireOrder({
    id,
    status: 'Filled',
    'underlying-symbol': underlyingOf(long),
    price: '2.0',
    'price-effect': 'Credit',
    size: 3,
    'external-identifier': null,
    'received-at': '2026-11-02T15:31:06.041+00:00',
    legs: [...(short ? [leg(short, 'Sell to Open', 3, '4.0')] : []), leg(long, 'Buy to Open', 3, '2.0')],
  });
const leg = (symbol: string, action: string, quantity: number, price: string | null) =>
  wireLeg({
    symbol,
    action,
    quantity,
    'remaining-quantity': price ? 0 : quantity,
    fills: price
      ? [
          {
            'fill-id': `${symbol}1`,
            quantity,
            'fill-price': price,
            'filled-at': '2026-11-02T15:31:07.041+00:00',
          },
        ]
      : [],
  });

const TICKS = { 'option-tick-sizes': [{ value: '0.05', threshold: '3.0' }, { value: '0.1' }] };

/** Three bull put verticals of three, of the first of which one is being closed already, and three long calls. */
const ROWS = {
  positions: list(
    holding(SYMBOLS.short, 'Short', '4.0'),
    holding(SYMBOLS.long, 'Long', '2.0'),
    holding(SYMBOLS.otherShort, 'Short', '4.0'),
    holding(SYMBOLS.otherLong, 'Long', '2.0'),
    holding(SYMBOLS.indexShort, 'Short', '4.0'),
    holding(SYMBOLS.indexLong, 'Long', '2.0'),
    holding(SYMBOLS.call, 'Long', '2.0'),
  ),
  live: list(
    wireOrder({
      id: 30,
      status: 'Live',
      'underlying-symbol': 'QQQ',
      price: '1.0',
      'price-effect': 'Debit',
      size: 1,
      legs: [leg(SYMBOLS.short, 'Buy to Close', 1, null), leg(SYMBOLS.long, 'Sell to Close', 1, null)],
    }),
  ),
  history: list(
    opened(10, SYMBOLS.short, SYMBOLS.long),
    opened(20, SYMBOLS.otherShort, SYMBOLS.otherLong),
    opened(21, SYMBOLS.indexShort, SYMBOLS.indexLong),
    opened(22, null, SYMBOLS.call),
  ),
  quotes: list(
    ...Object.values(SYMBOLS).map((symbol) => ({
      symbol,
      bid: '1.9',
      ask: '2.1',
      mark: '2.0',
      'is-trading-halted': false,
      'updated-at': '2026-11-23T15:00:00.000+00:00',
    })),
  ),
  instruments: list(
    ...Object.values(SYMBOLS).map((symbol) => ({
      symbol,
      'stops-trading-at': '2026-12-18T21:15:00.000+00:00',
      'expires-at': '2026-12-18T21:15:00.000+00:00',
      'settlement-type': 'PM',
    })),
  ),
  status: { data: { 'is-closed': false, 'is-frozen': false, 'is-closing-only': false } },
  underlyings: list(...['QQQ', 'SPY', 'IWM'].map((symbol) => ({ symbol, 'is-index': false, ...TICKS })), {
    symbol: 'SPX',
    'is-index': true,
    ...TICKS,
  }),
  trial: { data: placedAnswer(wireOrder(), { errors: [] }) },
};
type Rows = Record<keyof typeof ROWS, unknown>;

const NOTHING_KEPT: OrderArchive = {
  reach: async () => null,
  touching: async () => [],
  changedSince: async () => [],
  begin: async () => {},
  keep: async () => true,
};

/** Nothing was ever placed; ids in the order of asking. A database would be most of what a run costs. */
const store = {
  recentlyPlaced: async () => [],
  contractsUnderWay: async () => new Set<string>(),
  orderLinks: async () => new Map(),
  rememberPositions: async (seen: readonly { key: string }[]) =>
    new Map(seen.map(({ key }, index) => [key, index + 1])),
  createPlan: async () => {},
} as unknown as Store;

let plans = 0;

/** A bot that knows nothing yet, on these rows. */
async function previewOf(rows: Rows): Promise<Preview> {
  const clock = new BriskClock('2026-11-23T15:00:01Z');
  const broker = brokerOf((path) => {
    if (path.includes('/positions')) return rows.positions;
    if (path.includes('/orders/live')) return rows.live;
    if (path.includes('/dry-run')) return rows.trial;
    const single = /\/orders\/(\d+)$/.exec(path)?.[1];
    if (single) return { data: found(rows, single) };
    if (path.includes('/orders')) return path.includes('page-offset=0') ? rows.history : list();
    if (path.startsWith('/market-data')) return rows.quotes;
    if (path.includes('equity-options')) return rows.instruments;
    if (path.includes('trading-status')) return rows.status;
    return path.includes('symbol')
      ? rows.underlyings
      : { data: { symbol: path.split('/').at(-1), ...TICKS } };
  }) as Broker;
  const desk = new AccountDesk(ACCOUNT, {
    broker,
    store,
    clock,
    log: quiet,
    archive: NOTHING_KEPT,
    targets: new Map(),
    names: new AccountNames(),
    onOrders: () => {},
    onChange: () => {},
  });
  const sut = new PreviewService({
    chains: NO_CHAINS,
    store,
    clock,
    desks: { one: async () => desk, holding: async () => desk, find: async () => desk },
    log: quiet,
    broker,
    pricer: new PreviewPricer(broker, {
      rounding: 'nearest',
      spreadTicks: new Map(),
      maxOrderContracts: null,
    }),
    access: accessRules({ traderUserIds: ['1'] }),
    halting: NEVER_HALTED,
    ttlSeconds: 120,
    newPlanId: () => `preview-${++plans}`,
  });
  try {
    return await sut.create({ actor: ACTOR, which: 'all', overrides: {}, dryRun: false });
  } finally {
    await desk.positions.idle();
  }
}

function found(rows: Rows, id: string): unknown {
  const all = [rows.live, rows.history].flatMap((answer) => {
    const items = (answer as { data?: { items?: unknown } } | null)?.data?.items;
    return Array.isArray(items) ? items : [];
  });
  return all.find((each) => String((each as { id?: unknown } | null)?.id) === id) ?? null;
}

/** What Submit would send, one text per order. */
function ordersIn({ positions }: Preview): string[] {
  return positions
    .flatMap(({ targets }) => targets)
    .filter(({ blocked }) => blocked === null)
    .map(({ order }) => {
      const legs = order.legs.map(({ symbol, action, quantity }) => `${action} ${quantity} ${symbol}`).sort();
      return `${legs.join(', ')} @ ${order.price} ${order.effect}`;
    });
}

it('three verticals and a call are previewed, less what works', async () => {
  const preview = await previewOf(ROWS);
  expect(preview.odd).toEqual([]);
  expect(ordersIn(preview).map((order) => order.replaceAll(/ +/g, ' '))).toMatchInlineSnapshot(`
    [
      "buy-to-close 2 QQQ 261218P00480000, sell-to-close 2 QQQ 261218P00475000 @ 1 debit",
      "buy-to-close 3 SPY 261218P00580000, sell-to-close 3 SPY 261218P00575000 @ 1 debit",
      "buy-to-close 3 SPXW 261218P05800000, sell-to-close 3 SPXW 261218P05790000 @ 1 debit",
      "sell-to-close 3 IWM 261218C00240000 @ 4 credit",
    ]
  `);
});

it.each(['positions', 'live', 'history'] as const)(
  'a row of the %s that can’t be understood adds no order and changes no price, and is told',
  async (which) => {
    const sound = ordersIn(await previewOf(ROWS));
    const inRows = mutated(ROWS[which], [...JUNK, null, undefined]).filter(({ at }) =>
      at.every(({ path }) => path.length > 2),
    );
    await fc.assert(
      fc.asyncProperty(inRows, async (odd) => {
        const preview = await previewOf({ ...ROWS, [which]: odd.answer }).catch((error: unknown) => {
          expect(error instanceof BrokerError || error instanceof UserError, String(error)).toBe(true);
          return null;
        });
        if (preview === null) return;
        const orders = ordersIn(preview);
        for (const order of orders) expect(sound).toContain(order);
        if (orders.length < sound.length && !isFrozen(odd)) expect(preview.odd.length).toBeGreaterThan(0);
        for (const symbol of doubted(which, odd)) expect(orders.join()).not.toContain(symbol);
      }),
      { numRuns: RUNS },
    );
  },
  20_000 + RUNS * 200,
);

it.each(['quotes', 'instruments', 'status', 'trial', 'underlyings'] as const)(
  'what can’t be understood beside the account (%s) adds no order, and no order goes missing in silence',
  async (which) => {
    const sound = ordersIn(await previewOf(ROWS));
    // Another step is another price, where the broker's own steps count: of single legs alone.
    const unpriced = (orders: string[]) =>
      which === 'underlyings' ? orders.map((order) => order.replace(/(call.*|C00.*) @ .*/, '$1')) : orders;
    await fc.assert(
      fc.asyncProperty(mutated(ROWS[which]), async (odd) => {
        const preview = await previewOf({ ...ROWS, [which]: odd.answer }).catch((error: unknown) => {
          expect(error instanceof BrokerError || error instanceof UserError, String(error)).toBe(true);
          return null;
        });
        if (preview === null) return;
        const orders = ordersIn(preview);
        for (const order of unpriced(orders)) expect(unpriced(sound)).toContain(order);
        for (const order of orders) expect(Number(/@ (\S+)/.exec(order)?.[1]) * 100).toSatisfy(isWhole);
        const reasons = preview.positions.flatMap(({ notes, targets }) => [
          ...notes,
          ...targets.flatMap(({ blocked }) => blocked ?? []),
        ]);
        // What has expired by what the broker tells is passed over as such.
        const ended = preview.positions.length < 4 && which === 'instruments';
        if (orders.length < sound.length && !ended) expect(reasons.length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS },
    );
  },
  20_000 + RUNS * 200,
);

function isWhole(cents: number): boolean {
  return Math.abs(cents - Math.round(cents)) < 1e-9;
}

/** A row can be understood as frozen. */
function isFrozen({ at }: Mutated): boolean {
  return at.some(({ path, value }) => path.at(-1) === 'is-frozen' && value === true);
}

const OF_HOLDING = ['symbol', 'instrument-type', 'quantity', 'quantity-direction', 'multiplier'];
const OF_LEG = ['symbol', 'instrument-type', 'quantity', 'remaining-quantity', 'action'];

/** Contracts of which it can't be told any more how many can be closed. */
function doubted(which: keyof Rows, { at }: Mutated): string[] {
  return at.flatMap(({ path: [, , row, field, , ofLeg], value }) => {
    if (which === 'positions' && OF_HOLDING.includes(String(field)))
      return Object.values(SYMBOLS)[Number(row)] ?? [];
    // What is left follows from what was ordered and has filled.
    if (ofLeg === 'remaining-quantity' && (value ?? null) === null) return [];
    if (which === 'live' && OF_LEG.includes(String(ofLeg))) return [SYMBOLS.short, SYMBOLS.long];
    return [];
  });
}

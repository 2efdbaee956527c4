import fc from 'fast-check';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../src/db/index.js';
import { AccountChoice } from '../../src/services/account.js';
import { AccountWatch } from '../../src/services/account-watch.js';
import { BrokerError, UserError } from '../../src/services/errors.js';
import type { Broker } from '../../src/services/ports/broker.js';
import type { OrderArchive } from '../../src/services/ports/order-archive.js';
import { PositionService } from '../../src/services/positions.js';
import { type Preview, PreviewService } from '../../src/services/preview.js';
import { PreviewPricer } from '../../src/services/preview-pricing.js';
import { BriskClock } from '../services/support/brisk-clock.js';
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
};

const list = (...items: unknown[]) => ({ data: { items } });
const holding = (symbol: string, direction: 'Short' | 'Long', price: string) =>
  wirePosition({
    ...{ symbol, 'underlying-symbol': symbol.slice(0, 3), quantity: '3', 'quantity-direction': direction },
    'average-open-price': price,
  });
const opened = (id: number, short: string, long: string) =>
  wireOrder({
    ...{
      id,
      status: 'Filled',
      'underlying-symbol': short.slice(0, 3),
      price: '2.0',
      'price-effect': 'Credit',
    },
    ...{ size: 3, 'external-identifier': null, 'received-at': '2026-11-02T15:31:06.041+00:00' },
    legs: [leg(short, 'Sell to Open', 3, '4.0'), leg(long, 'Buy to Open', 3, '2.0')],
  });
const leg = (symbol: string, action: string, quantity: number, price: string | null) =>
  wireLeg({
    ...{ symbol, action, quantity, 'remaining-quantity': price ? 0 : quantity },
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

/** Two bull put verticals of three, of the first of which one is being closed already. */
const ROWS = {
  positions: list(
    holding(SYMBOLS.short, 'Short', '4.0'),
    holding(SYMBOLS.long, 'Long', '2.0'),
    holding(SYMBOLS.otherShort, 'Short', '4.0'),
    holding(SYMBOLS.otherLong, 'Long', '2.0'),
  ),
  live: list(
    wireOrder({
      ...{
        id: 30,
        status: 'Live',
        'underlying-symbol': 'QQQ',
        price: '1.0',
        'price-effect': 'Debit',
        size: 1,
      },
      legs: [leg(SYMBOLS.short, 'Buy to Close', 1, null), leg(SYMBOLS.long, 'Sell to Close', 1, null)],
    }),
  ),
  history: list(opened(10, SYMBOLS.short, SYMBOLS.long), opened(20, SYMBOLS.otherShort, SYMBOLS.otherLong)),
};
type Rows = Record<keyof typeof ROWS, unknown>;

const NOTHING_KEPT: OrderArchive = {
  reach: async () => null,
  touching: async () => [],
  changedSince: async () => [],
  begin: async () => {},
  keep: async () => true,
};

let store: BotStore;
beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: quiet });
});
afterEach(() => store.close());

let plans = 0;

/** A bot that knows nothing yet, on these rows. */
async function previewOf(rows: Rows): Promise<Preview> {
  const clock = new BriskClock('2026-11-23T15:00:01Z');
  const broker = brokerOf((path) => {
    if (path.includes('/positions')) return rows.positions;
    if (path.includes('/orders/live')) return rows.live;
    if (path.includes('/dry-run')) return { data: placedAnswer(wireOrder()) };
    const single = /\/orders\/(\d+)$/.exec(path)?.[1];
    if (single) return { data: found(rows, single) };
    if (path.includes('/orders')) return path.includes('page-offset=0') ? rows.history : list();
    if (path.startsWith('/market-data') || path.includes('equity-options')) return list();
    if (path.includes('trading-status')) return { data: {} };
    const symbol = path.split('/').at(-1);
    const ticks = { 'option-tick-sizes': [{ value: '0.01' }] };
    return path.includes('symbol')
      ? list({ symbol: 'QQQ', ...ticks }, { symbol: 'SPY', ...ticks })
      : { data: { symbol, ...ticks } };
  }) as Broker;
  const account = new AccountChoice(
    { accounts: async () => [{ number: ACCOUNT, nickname: null, type: null }] } as unknown as Broker,
    null,
  );
  const positions = new PositionService({
    ...{ broker, store, clock, log: quiet, account },
    archive: NOTHING_KEPT,
    watch: new AccountWatch(broker, clock, 'this'),
    targets: new Map(),
    onOrders: () => {},
  });
  const sut = new PreviewService({
    ...{ store, clock, positions, log: quiet, broker },
    pricer: new PreviewPricer(broker, {
      rounding: 'nearest',
      spreadTicks: new Map(),
      maxOrderContracts: null,
    }),
    access: { traderUserIds: ['1'], traderRoleIds: [], channelIds: [], readOnly: false },
    ttlSeconds: 120,
    newPlanId: () => `preview-${++plans}`,
  });
  try {
    return await sut.create({ actor: ACTOR, which: 'all', overrides: {}, dryRun: false });
  } finally {
    await positions.idle();
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

it('two verticals are previewed, less what works', async () => {
  const preview = await previewOf(ROWS);
  expect(preview.odd).toEqual([]);
  expect(ordersIn(preview).map((order) => order.replaceAll(/ +/g, ' '))).toMatchInlineSnapshot(`
    [
      "buy-to-close 2 QQQ 261218P00480000, sell-to-close 2 QQQ 261218P00475000 @ 1 debit",
      "buy-to-close 3 SPY 261218P00580000, sell-to-close 3 SPY 261218P00575000 @ 1 debit",
    ]
  `);
});

it.each(['positions', 'live', 'history'] as const)(
  'a row of the %s that can’t be understood adds no order and changes no price, and is told',
  async (which) => {
    const sound = ordersIn(await previewOf(ROWS));
    const inRows = mutated(ROWS[which], JUNK).filter(({ at }) => at.every(({ path }) => path.length > 2));
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

/** A row can be understood as frozen. */
function isFrozen({ at }: Mutated): boolean {
  return at.some(({ path, value }) => path.at(-1) === 'is-frozen' && value === true);
}

const OF_HOLDING = ['symbol', 'instrument-type', 'quantity', 'quantity-direction', 'multiplier'];
const OF_LEG = ['symbol', 'instrument-type', 'quantity', 'remaining-quantity', 'action'];

/** Contracts of which it can't be told any more how many can be closed. */
function doubted(which: keyof Rows, { at }: Mutated): string[] {
  return at.flatMap(({ path: [, , row, field, , ofLeg] }) => {
    if (which === 'positions' && OF_HOLDING.includes(String(field)))
      return Object.values(SYMBOLS)[Number(row)] ?? [];
    if (which === 'live' && OF_LEG.includes(String(ofLeg))) return [SYMBOLS.short, SYMBOLS.long];
    return [];
  });
}

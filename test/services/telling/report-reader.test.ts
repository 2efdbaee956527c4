import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import type { MarketSession } from '../../../src/ports/broker.js';
import type { OrderIntent, Plan } from '../../../src/ports/store.js';
import { isLost } from '../../../src/services/telling/report.js';
import { ReportReader } from '../../../src/services/telling/report-reader.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { claimOne, placed, placedPair } from '../../db/support/builders.js';
import { d } from '../../domain/build.js';
import { brokerWith, echo, line, report } from '../support/builders.js';

const quiet = pino({ level: 'silent' });

let store: BotStore;
let plan: Plan;
let intent: OrderIntent;
let session: MarketSession | null;
let order: BrokerOrder | null;
let reader: ReportReader;

beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: quiet });
  intent = await store.settleIntent((await claimOne(store, 'p1')).id, placed('1001'), new Date());
  plan = (await store.plan('p1')) as Plan;
  order = echo(intent);
  session = null;
  reader = new ReportReader(
    brokerWith({
      order: async (_account, id) => {
        if (!order) throw new BrokerUnreachable(`no answer about ${id}`);
        return order;
      },
      marketSession: async () => {
        if (!session) throw new BrokerUnreachable('no answer');
        return session;
      },
    }),
    store,
    new VirtualClock('2026-11-23T15:00:00Z'),
    quiet,
  );
});
afterEach(() => store.close());

describe('ReportReader', () => {
  it('reads each placed order back and remembers what it saw', async () => {
    const read = await reader.read(plan);
    expect(read).toMatchObject({ phase: 'checked', lines: [{ status: 'Live', read: true, mismatches: [] }] });
    expect((await store.intents('p1'))[0]).toMatchObject({ brokerStatus: 'Live', brokerState: 'working' });
  });

  it('shows in red where the broker has something else', async () => {
    order = echo(intent, { price: d('0.66') });
    expect((await reader.read(plan)).lines[0]?.mismatches).toHaveLength(1);
  });

  it.each<[string, string | null, 'requested' | 'refused', object | null]>([
    ['ended by it', null, 'requested', { userId: '111', successor: null }],
    ['was replaced before that: it ended by its replacement', '1009', 'requested', null],
    ['was refused that, and ended later: perhaps somebody else had it cancelled', null, 'refused', null],
  ])('an order that was to be cancelled from here %s', async (_how, replacedBy, state, cancelled) => {
    const terms = { orderId: '1001', complexId: null, positionIds: [1], underlying: 'QQQ', legs: [] };
    const times = { createdAt: new Date(), expiresAt: new Date(Date.now() + 60_000) };
    const who = { id: 'c1', account: plan.account, userId: '111', channelId: '800', planId: null };
    const price = { orderType: 'Limit', timeInForce: 'GTC', price: d('0.67'), effect: 'debit' } as const;
    await store.offerCancel({ ...who, ...times, orders: [{ ...terms, ...price, stopTrigger: null }] });
    const claim = await store.claimCancel('c1', new Date());
    const id = claim.kind === 'claimed' ? (claim.cancellation.orders[0]?.id ?? 0) : 0;
    await store.moveCancels([{ id, state, reason: null }], new Date());
    order = echo(intent, { state: 'cancelled', status: 'Cancelled', ...(replacedBy && { replacedBy }) });
    await store.recordOrders([order], new Date());
    const [read] = (await reader.read(plan)).lines;
    expect(read?.replacedBy ?? null).toBe(replacedBy);
    expect(read?.cancelled).toEqual(cancelled && expect.objectContaining(cancelled));
  });

  it('an order that can’t be read is told as sent, keeps its difference, and breaks nothing', async () => {
    order = null;
    const former = report([
      line({ orderId: '1001', mismatches: [{ what: 'price', planned: '0.67', echoed: '0.66' }] }),
    ]);
    const read = await reader.read(plan, former);
    expect(read.phase).toBe('sent');
    expect(read.lines).toMatchObject([{ state: 'placed', orderId: '1001', read: false }]);
    expect(read.lines[0]?.mismatches).toEqual(former.lines[0]?.mismatches);
  });

  it('another order’s difference is not taken for this one’s', async () => {
    order = null;
    const former = report([
      line({ orderId: '9999', mismatches: [{ what: 'price', planned: '1', echoed: '2' }] }),
    ]);
    expect((await reader.read(plan, former)).lines[0]?.mismatches).toEqual([]);
  });

  it('tells when the market opens if an order waits for that, and only then', async () => {
    const opensAt = new Date('2026-11-24T14:30:00Z');
    session = { open: false, opensAt, closesAt: null };
    expect((await reader.read(plan)).waitsForOpen).toBeNull();
    order = echo(intent, { state: 'submitted', status: 'Received' });
    expect((await reader.read(plan)).waitsForOpen).toEqual({ opensAt });
    session = { open: true, opensAt: null, closesAt: null };
    expect((await reader.read(plan)).waitsForOpen).toBeNull();
    session = null;
    expect((await reader.read(plan)).waitsForOpen).toBeNull();
  });

  it('reads the target once more where the end of its stop came between the two reads', async () => {
    const [target, stop] = await placedPair(store, 'p2', ['2001', '2002']);
    const asked: string[] = [];
    const broker = brokerWith({
      order: async (_account, id) => {
        asked.push(id);
        if (id === '2002') return echo(stop, { state: 'cancelled', status: 'Cancelled' });
        return asked.length < 3 ? echo(target) : echo(target, { state: 'filled', status: 'Filled' });
      },
    });
    reader = new ReportReader(broker, store, new VirtualClock('2026-11-23T15:00:00Z'), quiet);
    const { lines } = await reader.read((await store.plan('p2')) as Plan);
    expect(asked).toEqual(['2001', '2002', '2001']);
    expect(lines.map(isLost)).toEqual([false, false]);
    expect(lines).toMatchObject([
      { orderState: 'filled', partner: { orderId: '2002', works: false, traded: false } },
      { orderState: 'cancelled', partner: { orderId: '2001', works: false, traded: true } },
    ]);
    // What the broker shows of the stop is what was meant.
    expect(lines.flatMap(({ mismatches }) => mismatches)).toEqual([]);
  });
});

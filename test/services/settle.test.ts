import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type SqlStore } from '../../src/db/index.js';
import type { BrokerOrder } from '../../src/services/domain/types.js';
import { BrokerUnreachable } from '../../src/services/errors.js';
import { FreshLooks } from '../../src/services/fresh-looks.js';
import type { Announcer } from '../../src/services/ports/announcer.js';
import type { OrderIntent } from '../../src/services/ports/store.js';
import type { Report } from '../../src/services/report.js';
import { ReportReader } from '../../src/services/report-reader.js';
import { SettleService } from '../../src/services/settle.js';

import { claimOne, placed } from '../db/support/builders.js';
import { BriskClock } from './support/brisk-clock.js';
import { brokerWith, echo } from './support/builders.js';

const quiet = pino({ level: 'silent' });
const ABSENT_AFTER_MS = 30_000;

let clock: BriskClock;
let store: SqlStore;
let atBroker: BrokerOrder[];
let brokerDown: boolean;
let told: { how: 'post' | 'update'; report: Report; where?: string }[];
/** Messages posted so far, over all services of a test. */
let posts: number;
/** How often the channel refuses before it takes a message. */
let refusals: number;
let mine: boolean;
let settle: SettleService;
let looks: FreshLooks;
let service: () => SettleService;

beforeEach(async () => {
  clock = new BriskClock('2026-11-23T15:00:01Z');
  store = await openStore('sqlite::memory:', { logger: quiet });
  atBroker = [];
  brokerDown = false;
  told = [];
  posts = 0;
  refusals = 0;
  mine = true;
  const list = async () => {
    if (brokerDown) throw new BrokerUnreachable('no answer');
    return atBroker;
  };
  // Orders can't be sent: a call to submit would be an error of the test.
  const broker = brokerWith({
    openOrders: list,
    searchOrders: list,
    order: async (_account, id) => {
      const order = (await list()).find((each) => each.id === id);
      if (!order) throw new BrokerUnreachable('no answer');
      return order;
    },
    marketSession: async () => ({ open: true, opensAt: null, closesAt: null }),
  });
  const announcer: Announcer = {
    reaches: () => mine,
    post: async (_plan, report) => {
      told.push({ how: 'post', report });
      refusals -= 1;
      posts += 1;
      return refusals >= 0 ? null : `channel/${posts}`;
    },
    update: async (_plan, where, report) => {
      told.push({ how: 'update', report, where });
    },
  };
  service = () => {
    const reports = new ReportReader(broker, store, quiet);
    looks = new FreshLooks({ store, reports, clock, announcer, log: quiet });
    return new SettleService({
      ...{ broker, store, clock, announcer, reports, looks },
      log: quiet,
      absentAfterMs: ABSENT_AFTER_MS,
    });
  };
  settle = service();
});
afterEach(async () => {
  await settle.stop();
  await looks.stop();
  await store.close();
});

/** An intent whose answer was lost. */
async function lost(state: 'unknown' | 'submitting' | 'reserved' = 'unknown'): Promise<OrderIntent> {
  const claim = state === 'reserved' ? { state } : {};
  const intent = await claimOne(store, 'p1', {}, claim);
  if (state !== 'unknown') return intent;
  return store.settleIntent(intent.id, { state: 'unknown', reason: 'no answer' }, clock.now());
}

async function settled(): Promise<OrderIntent> {
  const [intent] = await store.intents('p1');
  if (!intent) throw new Error('no intent');
  return intent;
}

const states = () => told.map(({ report }) => report.lines[0]?.state);
const echoOf = (intent: OrderIntent, change: Partial<BrokerOrder> = {}) =>
  echo(intent, { id: '5001', ...change });

describe('an order whose answer was lost', () => {
  it('is found by its identifier, told with its id, and counted as told', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent)];
    settle.follow('p1');
    await settle.followed('p1');
    expect(await settled()).toMatchObject({ state: 'placed', brokerOrderId: '5001' });
    expect(told.at(-1)?.report.lines[0]).toMatchObject({ orderId: '5001', status: 'Live' });
    expect(await store.unreportedPlans()).toEqual([]);
  });

  it('is not mistaken for another order with another identifier', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent, { id: '5002', externalIdentifier: 'ptb-other-1' })];
    settle.follow('p1');
    await settle.followed('p1');
    expect(await settled()).toMatchObject({ state: 'absent', brokerOrderId: null });
  });

  it('counts as not placed only when its time is over, never before', async () => {
    const sentAt = (await lost()).sentAt?.getTime() ?? 0;
    settle.follow('p1');
    await settle.followed('p1');
    const { state, settledAt, reason } = await settled();
    expect(state).toBe('absent');
    expect((settledAt?.getTime() ?? 0) - sentAt).toBeGreaterThanOrEqual(ABSENT_AFTER_MS);
    expect(reason).toMatch(/\d+ s after it was sent/);
    expect(states()).toEqual(['absent', 'absent']);
  });

  it('that this process may still be sending gets a minute at least', async () => {
    const sentAt = (await lost('submitting')).sentAt?.getTime() ?? 0;
    settle.follow('p1');
    await settle.followed('p1');
    expect(((await settled()).settledAt?.getTime() ?? 0) - sentAt).toBeGreaterThanOrEqual(60_000);
  });

  it('is never called absent while an order like it, without any identifier, is there', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent, { externalIdentifier: null })];
    clock.advance(10 * ABSENT_AFTER_MS);
    await settle.settleLeftovers();
    expect((await settled()).state).toBe('unknown');
    expect(states()).toContain('unknown');
  });

  it.each<[string, (order: BrokerOrder) => BrokerOrder]>([
    ['at another price', (order) => ({ ...order, price: order.price?.plus('0.01') ?? null })],
    ['in the other direction', (order) => ({ ...order, effect: 'credit' })],
    ['on other legs', (order) => ({ ...order, legs: order.legs.slice(0, 1) })],
    ['of another size', (order) => ({ ...order, legs: order.legs.map((leg) => ({ ...leg, quantity: 9 })) })],
    ['from long before', (order) => ({ ...order, receivedAt: new Date('2026-11-23T14:00:00Z') })],
  ])('an order without identifier %s is no twin', async (_what, change) => {
    const intent = await lost();
    atBroker = [change(echoOf(intent, { externalIdentifier: null }))];
    clock.advance(10 * ABSENT_AFTER_MS);
    await settle.settleLeftovers();
    expect((await settled()).state).toBe('absent');
  });

  it('waits out a broker that is down, however long: what can’t be read is not absent', async () => {
    const intent = await lost();
    brokerDown = true;
    clock.advance(10 * ABSENT_AFTER_MS);
    await settle.settleLeftovers();
    expect((await settled()).state).toBe('unknown');
    brokerDown = false;
    atBroker = [echoOf(intent)];
    await settle.followed('p1');
    expect((await settled()).state).toBe('placed');
  });
});

it('an order whose fate stays open for a day is looked for often at first and rarely then', async () => {
  const intent = await lost();
  // An order like it that doesn't carry its identifier: nobody may call it absent.
  atBroker = [echoOf(intent, { externalIdentifier: null })];
  const end = clock.now().getTime() + 24 * 60 * 60_000;
  clock.slept.length = 0;
  settle.follow('p1');
  while (clock.now().getTime() < end) await new Promise(setImmediate);
  atBroker = [echoOf(intent)];
  await settle.followed('p1');
  expect((await settled()).state).toBe('placed');
  expect(clock.slept.length).toBeGreaterThan(100);
  expect(clock.slept.length).toBeLessThan(250);
  expect(Math.max(...clock.slept.slice(0, 60))).toBe(30_000);
});

describe('what a crash left', () => {
  it('a reservation that nothing followed is given up and frees its contracts', async () => {
    await lost('reserved');
    await settle.settleLeftovers();
    expect(await settled()).toMatchObject({ state: 'abandoned' });
    expect((await claimOne(store, 'p2')).state).toBe('submitting');
  });

  it('an outcome that was never told is told, once', async () => {
    const intent = await lost('submitting');
    await store.settleIntent(intent.id, placed('5001'), clock.now());
    atBroker = [echoOf(intent)];
    await settle.settleLeftovers();
    await settle.settleLeftovers();
    expect(told.filter(({ how }) => how === 'post')).toHaveLength(1);
  });

  it('what is not known after the first look is said to be unknown at once', async () => {
    await lost();
    await settle.settleLeftovers();
    expect(states()[0]).toBe('unknown');
  });
});

describe('telling', () => {
  it('goes on until the channel takes it', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent)];
    refusals = 3;
    settle.follow('p1');
    await settle.followed('p1');
    expect(told.filter(({ how }) => how === 'post').length).toBe(4);
    expect((await store.plan('p1'))?.reportMessageId).toMatch(/^channel/);
  });

  it('first brings the message that already tells of it up to date', async () => {
    atBroker = [echoOf(await lost())];
    settle.follow('p1', 'channel/1');
    await settle.followed('p1');
    expect(told.map(({ how }) => how)).toEqual(['update', 'post']);
  });

  it('is left to the process that can tell: settled here, and still untold', async () => {
    atBroker = [echoOf(await lost())];
    mine = false;
    await settle.settleLeftovers();
    expect((await settled()).state).toBe('placed');
    expect(told).toEqual([]);
    expect((await store.unreportedPlans()).map(({ id }) => id)).toEqual(['p1']);
  });
});

describe('orders that were on their way when they were told', () => {
  const onItsWay = { state: 'submitted', status: 'Routed' } as const;
  const died = { state: 'rejected', status: 'Rejected', rejectReason: 'off tick' } as const;

  const toldAsPlaced = async () => {
    const intent = await lost('submitting');
    await store.settleIntent(intent.id, placed('5001'), clock.now());
    await store.markReported('p1', 'channel/told', clock.now());
    return intent;
  };

  it('are read again after a lost answer was found, in every message that tells of them', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent, onItsWay)];
    settle.follow('p1', 'channel/first');
    await settle.followed('p1');
    expect(told.at(-1)?.report.lines[0]).toMatchObject({ status: 'Routed' });
    told = [];
    atBroker = [echoOf(intent, died)];
    await looks.looked('p1');
    expect(told).toMatchObject(
      ['channel/1', 'channel/first'].map((where) => ({
        ...{ how: 'update', where },
        report: { lines: [{ orderState: 'rejected', reason: 'off tick' }] },
      })),
    );
  });

  it.each(['before the first look', 'after a look that saw it on its way'])(
    'are read again at the next start if the bot ended %s',
    async (when) => {
      const intent = await toldAsPlaced();
      if (when.startsWith('after')) await store.recordOrders([echoOf(intent, onItsWay)]);
      atBroker = [echoOf(intent, died)];
      await settle.resumeLooks();
      await looks.looked('p1');
      expect(told).toMatchObject([
        { how: 'update', where: 'channel/told', report: { lines: [{ orderState: 'rejected' }] } },
      ]);
      told = [];
      await settle.resumeLooks();
      await looks.looked('p1');
      expect(told).toEqual([]);
    },
  );

  it('are read again at the next start though the stream saw them rest: no message tells of it yet', async () => {
    const intent = await toldAsPlaced();
    await store.recordOrders([echoOf(intent)]);
    atBroker = [echoOf(intent)];
    for (const times of [1, 0]) {
      told = [];
      await settle.resumeLooks();
      await looks.looked('p1');
      expect(told).toHaveLength(times);
    }
  });

  it('keep the message as it is while they can’t be read', async () => {
    await toldAsPlaced();
    brokerDown = true;
    await settle.resumeLooks();
    await looks.looked('p1');
    expect(told).toEqual([]);
  });

  it('are left alone by a process that can’t tell of them', async () => {
    const intent = await toldAsPlaced();
    atBroker = [echoOf(intent, died)];
    mine = false;
    await settle.resumeLooks();
    await looks.looked('p1');
    expect(told).toEqual([]);
  });
});

describe('an order that shows up after it was called absent', () => {
  beforeEach(async () => {
    await lost();
    settle.follow('p1');
    await settle.followed('p1');
    told = [];
  });

  it('is taken up from whatever list or stream shows it, and told', async () => {
    atBroker = [echoOf(await settled())];
    await settle.absorb(atBroker);
    expect(await settled()).toMatchObject({ state: 'placed', brokerOrderId: '5001' });
    expect(told.map(({ how, report }) => [how, report.lines[0]?.orderId])).toEqual([
      ['update', '5001'],
      ['post', '5001'],
    ]);
    expect(await store.unreportedPlans()).toEqual([]);
    await settle.absorb(atBroker);
    expect(told).toHaveLength(2);
  });

  it('is told after a restart if the bot died before it could tell', async () => {
    atBroker = [echoOf(await settled())];
    refusals = Number.POSITIVE_INFINITY;
    await settle.absorb(atBroker);
    await settle.stop();
    [told, refusals] = [[], 0];
    await service().settleLeftovers();
    expect(told.map(({ report }) => report.lines[0]?.orderId)).toContain('5001');
    expect(await store.unreportedPlans()).toEqual([]);
  });

  it('dies in the message that told of it, not in the one before', async () => {
    atBroker = [echoOf(await settled())];
    await settle.absorb(atBroker);
    const posted = (await store.plan('p1'))?.reportMessageId;
    told = [];
    atBroker = [echoOf(await settled(), { state: 'rejected', status: 'Rejected' })];
    await settle.absorb(atBroker);
    expect(told).toMatchObject([{ how: 'update', where: posted }]);
    expect(posted).toBe('channel/2');
  });

  it('is told later if the channel can’t be reached now', async () => {
    atBroker = [echoOf(await settled())];
    refusals = 2;
    await settle.absorb(atBroker);
    await settle.followed('p1');
    expect(told.filter(({ how }) => how === 'post').length).toBe(3);
  });

  it('is left alone by a process that can’t tell: recorded, nobody would look for it any more', async () => {
    atBroker = [echoOf(await settled())];
    mine = false;
    await settle.absorb(atBroker);
    expect((await settled()).state).toBe('absent');
    mine = true;
    await settle.absorb(atBroker);
    expect((await settled()).state).toBe('placed');
    expect(told.filter(({ how }) => how === 'post')).toHaveLength(1);
  });

  it('orders of nobody’s are none of its business', async () => {
    await settle.absorb([echoOf(await settled(), { externalIdentifier: null })]);
    expect((await settled()).state).toBe('absent');
    expect(told).toEqual([]);
  });
});

describe('an order that dies later than anybody looked', () => {
  it.each(['rejected', 'cancelled', 'expired'] as const)(
    '%s: its message is brought up to date',
    async (state) => {
      const intent = await lost();
      atBroker = [echoOf(intent)];
      settle.follow('p1');
      await settle.followed('p1');
      told = [];
      atBroker = [echoOf(intent, { state, status: 'Gone', rejectReason: 'because' })];
      await settle.absorb(atBroker);
      expect(told).toMatchObject([
        { how: 'update', report: { lines: [{ orderState: state, reason: 'because' }] } },
      ]);
    },
  );

  it('a working one causes no message', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent)];
    settle.follow('p1');
    await settle.followed('p1');
    told = [];
    await settle.absorb(atBroker);
    expect(told).toEqual([]);
  });
});

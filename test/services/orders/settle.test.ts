import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { BrokerUnreachable, DatabaseFailure } from '../../../src/domain/errors.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import { ChannelRefused, ChannelUnavailable } from '../../../src/ports/channel.js';
import { LEASE_MS } from '../../../src/ports/errands.js';
import type { Report } from '../../../src/ports/report.js';
import type { Edited } from '../../../src/ports/shown-previews.js';
import type { OrderIntent, Plan } from '../../../src/ports/store.js';
import { reasonText } from '../../../src/screens/reasons.js';
import { ErrandClock } from '../../../src/services/orders/errand-clock.js';
import { OrderFates } from '../../../src/services/orders/fates.js';
import { SettleService } from '../../../src/services/orders/settle.js';
import type { FreshLooks } from '../../../src/services/telling/fresh-looks.js';
import { newsOf } from '../../../src/services/telling/report.js';
import type { ResultTeller } from '../../../src/services/telling/result-teller.js';
import { claimOne, newPlan, placed } from '../../db/support/builders.js';
import { d } from '../../domain/build.js';
import { BriskClock } from '../support/brisk-clock.js';
import { brokerWith, echo, line, report } from '../support/builders.js';
import { DIRECT, FakeChannel, type Page, tellingOf } from '../support/telling.js';

const quiet = pino({ level: 'silent' });
const ABSENT_AFTER_MS = 30_000;

let clock: BriskClock;
let store: BotStore;
let atBroker: BrokerOrder[];
let brokerDown: boolean;
let channel: FakeChannel;
let told: { how: 'post' | 'update'; report: Report; where?: string; in: string }[];
/** How often the channel refuses before it takes a message. */
let refusals: number;
/** A message of a former run in the channel. */
let foundThere: (ref: string, news: string) => void;
/** So many posts reach the trader by direct message only. */
let directly: number;
let failedEdits: number;
let closings: string[];
let closing: Edited;
let mine: boolean;
/** Plans that a process was at which is surely gone. */
let gone: string[];
let settle: SettleService;
/** As the intake of orders does. */
const absorb = async (orders: BrokerOrder[]) =>
  settle.react(orders, await store.recordOrders(orders, clock.now()));
let looks: FreshLooks;
let service: () => SettleService;
let results: ResultTeller<Page>;
let delivered: () => Promise<void>;
let errandClock: (of: SettleService) => ErrandClock;

beforeEach(async () => {
  clock = new BriskClock('2026-11-23T15:00:01Z');
  store = await openStore('sqlite::memory:', { logger: quiet });
  atBroker = [];
  brokerDown = false;
  channel = new FakeChannel();
  told = channel.calls;
  foundThere = (ref, news) => channel.messages.push({ ref, page: { report: report(), news } });
  [directly, failedEdits, refusals] = [0, 0, 0];
  closings = [];
  closing = 'done';
  mine = true;
  gone = [];
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
  channel.before = (how, where) => {
    if (how === 'update') return --failedEdits >= 0 ? new ChannelUnavailable('slow down') : null;
    // Directly, a trader is reached while that is what the test is about.
    if (how === 'direct') return directly > 0 ? null : new ChannelRefused('takes no messages', 50_007);
    if (where === DIRECT) return null;
    if (directly > 0) return --directly >= 0 ? new ChannelUnavailable('not now') : null;
    return --refusals >= 0 ? new ChannelUnavailable('not now') : null;
  };
  service = () => {
    const telling = tellingOf({ store, broker, clock, channel });
    ({ looks, results, delivered } = telling);
    const fates = new OrderFates({ broker, store, clock, absentAfterMs: ABSENT_AFTER_MS });
    const reaches = () => mine;
    return new SettleService({
      store,
      processes: { inherit: async () => gone.splice(0) },
      clock,
      fates,
      results,
      looks,
      reaches,
      log: quiet,
    });
  };
  errandClock = (of) =>
    new ErrandClock({
      store,
      clock,
      previews: {
        close: async ({ id, status }) => {
          closings.push(`${id} ${status}`);
          return closing;
        },
      },
      settle: of,
      log: quiet,
      ticker: { start: () => {}, stop: () => {} },
    });
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

/** A message that was posted when nothing was known yet. */
async function said(ref: string, news = 'old'): Promise<void> {
  const holding = { kind: 'result', topic: 'p1', owner: 'test', now: clock.now(), until: clock.now() };
  const hold = await store.outbox.hold(holding);
  const note = hold?.notes.find((each) => each.news === '');
  if (!hold || !note) throw new Error('nothing is owed');
  const change = { id: note.id, news, pages: [ref], directPages: [], told: 'old', nextAt: null };
  await store.outbox.release(holding, [change], hold.asked);
}

/** Where the plan's messages are, in the order of their news. */
const places = async () =>
  (await store.outbox.notes({ kind: 'result', topic: 'p1' })).map(({ pages }) => pages.join());

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
    expect(await store.owedResults()).toEqual([]);
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
    expect(reasonText(reason ?? '')).toMatch(/\d+ s after it was sent/);
    expect(states()).toEqual(['absent']);
  });

  it('that this process may still be sending gets a minute at least', async () => {
    const sentAt = (await lost('submitting')).sentAt?.getTime() ?? 0;
    settle.follow('p1');
    await settle.followed('p1');
    expect(((await settled()).settledAt?.getTime() ?? 0) - sentAt).toBeGreaterThanOrEqual(60_000);
  });

  it('that a process was sending that is surely gone counts from then on, not by that process’s deadline', async () => {
    const sentAt = (await lost('submitting')).sentAt?.getTime() ?? 0;
    clock.advance(10_000);
    gone = ['p1'];
    const goneAt = clock.now().getTime();
    await settle.settleLeftovers();
    await settle.followed('p1');
    const settledAt = (await settled()).settledAt?.getTime() ?? 0;
    expect(settledAt).toBeGreaterThanOrEqual(goneAt + ABSENT_AFTER_MS);
    expect(settledAt - sentAt).toBeLessThan(60_000);
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
    await delivered();
    expect(told.filter(({ how }) => how === 'post').length).toBe(4);
    expect(await places()).toEqual([expect.stringMatching(/^channel/)]);
  });

  it('first brings the message that already tells of it up to date', async () => {
    atBroker = [echoOf(await lost())];
    await said('channel/0');
    settle.follow('p1');
    await settle.followed('p1');
    expect(told.map(({ how }) => how)).toEqual(['update', 'post']);
  });

  it('is left to the process that can tell: settled here, and still untold', async () => {
    atBroker = [echoOf(await lost())];
    mine = false;
    await settle.settleLeftovers();
    expect((await settled()).state).toBe('placed');
    expect(told).toEqual([]);
    expect(await store.owedResults()).toEqual(['p1']);
  });
});

describe('no message goes on telling what is false', () => {
  const saysNow = async () =>
    (await store.outbox.notes({ kind: 'result', topic: 'p1' })).map(
      ({ pages, told: says }) => [pages.join(), says] as const,
    );

  it('a message that a former run posted and could not write down is found and corrected', async () => {
    atBroker = [echoOf(await lost())];
    foundThere('channel/7', 'then');
    await settle.settleLeftovers();
    expect(told.map(({ how, where }) => where ?? how)).toEqual(['channel/7', 'post']);
    const says = await saysNow();
    expect(says.map(([ref]) => ref)).toEqual(['channel/7', 'channel/1']);
    expect(new Set(says.map(([, text]) => text)).size).toBe(1);
  });

  it('a message that a former run posted with this very news is not posted again', async () => {
    const intent = await lost('submitting');
    await store.settleIntent(intent.id, placed('5001'), clock.now());
    atBroker = [echoOf(intent)];
    const news = newsOf(report([line({ state: 'placed', orderId: '5001' })]));
    foundThere('channel/7', news);
    await settle.settleLeftovers();
    expect(told.map(({ how }) => how)).toEqual(['update']);
    expect(await places()).toEqual(['channel/7']);
  });

  it('what was said to be unknown at the start is edited when the order is found', async () => {
    const intent = await lost();
    await settle.settleLeftovers();
    expect(states()).toEqual(['unknown']);
    atBroker = [echoOf(intent)];
    await settle.followed('p1');
    expect(told.map(({ how, where }) => where ?? how)).toEqual(['post', 'channel/1', 'post']);
    expect(states().slice(1)).toEqual(['placed', 'placed']);
  });

  it('each of several messages that said "not placed" is corrected when the order turns up', async () => {
    const intent = await lost();
    await settle.settleLeftovers();
    await settle.followed('p1');
    expect(states()).toEqual(['unknown', 'absent', 'absent']);
    told.length = 0;
    atBroker = [echoOf(intent)];
    await absorb(atBroker);
    expect(told.map(({ how, where }) => where ?? how)).toEqual(['channel/1', 'channel/2', 'post']);
    expect(new Set(states())).toEqual(new Set(['placed']));
  });

  it('an edit that fails is tried again until it succeeds', async () => {
    const intent = await lost();
    await settle.settleLeftovers();
    failedEdits = 2;
    atBroker = [echoOf(intent)];
    await settle.followed('p1');
    await delivered();
    expect(told.filter(({ where }) => where === 'channel/1')).toHaveLength(3);
    expect(new Set((await saysNow()).map(([, says]) => says)).size).toBe(1);
    expect(await store.owedResults()).toEqual([]);
  });

  it('what was told by direct message is told in the channel once that opens, and only then counts', async () => {
    const intent = await lost('submitting');
    await store.settleIntent(intent.id, placed('5001'), clock.now());
    atBroker = [echoOf(intent)];
    directly = 3;
    await settle.settleLeftovers();
    expect(await store.outbox.owed('result')).toEqual(['p1']);
    await delivered();
    expect(told.filter(({ how }) => how === 'post').map((each) => each.in)).toEqual([
      '800',
      DIRECT,
      '800',
      '800',
      '800',
    ]);
    expect(await places()).toEqual(['channel/5']);
    expect(await store.owedResults()).toEqual([]);
  });
});

describe('a plan this process is still at', () => {
  it('is left to it, however long it slept', async () => {
    await lost('submitting');
    const release = settle.hold('p1');
    await settle.takeUp('p1');
    expect(told).toEqual([]);
    release();
    await settle.takeUp('p1');
    expect(told).toHaveLength(1);
  });
});

describe('looks that a telling cut short', () => {
  it.each([
    ['told in the channel', 0],
    ['told directly, and still owed to the channel', 1],
  ])('go on: %s', async (_name, direct) => {
    const intent = await lost('submitting');
    await store.settleIntent(intent.id, placed('5001'), clock.now());
    atBroker = [echoOf(intent)];
    const started: unknown[] = [];
    directly = direct;
    const followed = { halt: async () => true, start: ({ id }: Plan) => started.push(id) };
    await results.tell({ ...(await store.plan('p1')) } as Plan, true, followed as unknown as FreshLooks);
    expect(started).toEqual(['p1']);
  });
});

describe('a press that was given up', () => {
  it('is told even if the bot ended again before it could say so', async () => {
    await lost('reserved');
    refusals = Number.POSITIVE_INFINITY;
    await settle.settleLeftovers();
    expect(await settled()).toMatchObject({ state: 'abandoned' });
    expect((await store.plan('p1'))?.status).toBe('stale');
    await settle.stop();
    told.length = 0;
    refusals = 0;
    settle = service();
    await settle.settleLeftovers();
    await delivered();
    expect(states()).toEqual(['abandoned']);
    expect(await store.owedResults()).toEqual([]);
    told.length = 0;
    await settle.settleLeftovers();
    expect(told).toEqual([]);
  });

  it('is not told twice if the preview itself says it', async () => {
    await lost('reserved');
    await store.abandonPlan('p1', 'changed', clock.now());
    await settle.toldOnPreview('p1');
    await settle.settleLeftovers();
    expect(told).toEqual([]);
  });
});

describe('two processes on one database', () => {
  it('what a dead one left is taken up when its lease is over, and what a living one holds is not', async () => {
    const intent = await lost('submitting');
    atBroker = [echoOf(intent)];
    const other = errandClock(service());
    const release = settle.hold('p1');
    for (let beat = 0; beat < 20; beat += 1) {
      await settle.renew();
      await other.beat();
      await other.idle();
      clock.advance(5_000);
    }
    expect(told).toEqual([]);
    release();
    clock.advance(LEASE_MS);
    await settle.renew();
    await other.beat();
    await other.idle();
    expect(states()).toEqual(['placed']);
    await other.beat();
    await other.idle();
    expect(states()).toEqual(['placed']);
  });

  it('only one of several takes it up', async () => {
    atBroker = [echoOf(await lost('submitting'))];
    clock.advance(2 * LEASE_MS);
    const others = [1, 2, 3].map(() => errandClock(service()));
    await Promise.all(others.map((other) => other.beat()));
    await Promise.all(others.map((other) => other.idle()));
    expect(states()).toEqual(['placed']);
  });
});

describe('a preview that can’t be sent any more', () => {
  const closed = async () => {
    const errands = errandClock(settle);
    await errands.beat();
    await errands.idle();
    return closings;
  };

  it('keeps its buttons while it can be sent, and loses them after its time', async () => {
    await store.createPlan(newPlan('p9', { expiresAt: new Date(clock.now().getTime() + 60_000) }));
    expect(await closed()).toEqual([]);
    clock.advance(60_000 + LEASE_MS);
    expect(await closed()).toEqual(['p9 expired']);
    clock.advance(3_600_000);
    expect(await closed()).toEqual(['p9 expired']);
  });

  it('loses them at the next start, and again and again until that succeeded', async () => {
    await store.createPlan(newPlan('p9', { expiresAt: new Date(clock.now().getTime() + 600_000) }));
    await store.endPlan('p9', 'cancelled', clock.now());
    await store.wakeButtons(clock.now());
    closing = 'later';
    expect(await closed()).toEqual(['p9 cancelled']);
    clock.advance(60_000);
    closing = 'done';
    expect(await closed()).toEqual(['p9 cancelled', 'p9 cancelled']);
    clock.advance(600_000);
    expect(await closed()).toHaveLength(2);
  });

  it('loses them soon after its end where that was not written down, and not only when its time is up', async () => {
    await store.createPlan(newPlan('p9', { expiresAt: new Date(clock.now().getTime() + 600_000) }));
    await store.endPlan('p9', 'cancelled', clock.now());
    expect(await closed()).toEqual([]);
    clock.advance(LEASE_MS);
    expect(await closed()).toEqual(['p9 cancelled']);
  });

  it('given up after its press, loses them as well', async () => {
    await lost('reserved');
    await store.abandonPlan('p1', 'changed', clock.now());
    clock.advance(2 * LEASE_MS);
    await store.endErrand('p1', 'result');
    expect(await closed()).toEqual(['p1 stale']);
  });
});

describe('orders that were on their way when they were told', () => {
  const onItsWay = { state: 'submitted', status: 'Routed' } as const;
  const died = { state: 'rejected', status: 'Rejected', rejectReason: 'off tick' } as const;

  const toldAsPlaced = async () => {
    const intent = await lost('submitting');
    await store.settleIntent(intent.id, placed('5001'), clock.now());
    await said('channel/told', newsOf(report([line({ state: 'placed', orderId: '5001' })])));
    await store.markReported('p1', clock.now());
    return intent;
  };

  it('are read again after a lost answer was found, in every message that tells of them', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent, onItsWay)];
    await said('channel/first');
    settle.follow('p1');
    await settle.followed('p1');
    expect(told.at(-1)?.report.lines[0]).toMatchObject({ status: 'Routed' });
    told.length = 0;
    atBroker = [echoOf(intent, died)];
    await looks.looked('p1');
    expect(told).toMatchObject(
      ['channel/first', 'channel/1'].map((where) => ({
        how: 'update',
        where,
        report: { lines: [{ orderState: 'rejected', reason: 'off tick' }] },
      })),
    );
  });

  it.each(['before the first look', 'after a look that saw it on its way'])(
    'are read again at the next start if the bot ended %s',
    async (when) => {
      const intent = await toldAsPlaced();
      if (when.startsWith('after')) await store.recordOrders([echoOf(intent, onItsWay)], clock.now());
      atBroker = [echoOf(intent, died)];
      await settle.resumeLooks();
      await looks.looked('p1');
      expect(told).toMatchObject([
        { how: 'update', where: 'channel/told', report: { lines: [{ orderState: 'rejected' }] } },
      ]);
      told.length = 0;
      await settle.resumeLooks();
      await looks.looked('p1');
      expect(told).toEqual([]);
    },
  );

  it('are read again at the next start though the database lets nothing through at first', async () => {
    const intent = await toldAsPlaced();
    atBroker = [echoOf(intent, died)];
    const locked = new DatabaseFailure('locked', new Error('SQLITE_BUSY'));
    for (const call of ['unresolvedIntents', 'wakeButtons', 'plansUnderWay'] as const)
      vi.spyOn(store, call).mockRejectedValueOnce(locked).mockRejectedValueOnce(locked);
    await settle.takeUpLeftovers();
    await looks.looked('p1');
    expect(told).toMatchObject([
      { how: 'update', where: 'channel/told', report: { lines: [{ orderState: 'rejected' }] } },
    ]);
  });

  it('are read again at the next start though the stream saw them rest: no message tells of it yet', async () => {
    const intent = await toldAsPlaced();
    await store.recordOrders([echoOf(intent)], clock.now());
    atBroker = [echoOf(intent)];
    for (const times of [1, 0]) {
      told.length = 0;
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

it('a first word leaves no message behind by which others were faster', async () => {
  await lost('submitting');
  const expected = results.expect('p1');
  await expected;
  await settle.takeUp('p1');
  expect(states()).toEqual(['submitting']);
  const plan = await store.plan('p1');
  if (!plan) throw new Error('no plan');
  const known = report([line({ orderId: '5001' })]);
  expect(await results.first(plan, known, expected)).toEqual({ told: true, recorded: true });
  expect(told.slice(1).map(({ how, report }) => [how, report.lines[0]?.orderId])).toEqual([
    ['update', '5001'],
    ['post', '5001'],
  ]);
  expect(await places()).toEqual(channel.messages.map(({ ref }) => ref));
});

describe('an order that shows up after it was called absent', () => {
  beforeEach(async () => {
    await lost();
    settle.follow('p1');
    await settle.followed('p1');
    told.length = 0;
  });

  it('is taken up from whatever list or stream shows it, and told', async () => {
    atBroker = [echoOf(await settled())];
    await absorb(atBroker);
    expect(await settled()).toMatchObject({ state: 'placed', brokerOrderId: '5001' });
    expect(told.map(({ how, report }) => [how, report.lines[0]?.orderId])).toEqual([
      ['update', '5001'],
      ['post', '5001'],
    ]);
    expect(await store.owedResults()).toEqual([]);
    await absorb(atBroker);
    expect(told).toHaveLength(2);
  });

  it('is taken up beside orders of other accounts, whose it can’t be', async () => {
    const late = echoOf(await settled());
    const elsewhere = { ...late, account: '5WT00009', id: '7001' };
    await absorb([elsewhere]);
    expect(await settled()).toMatchObject({ state: 'absent', brokerOrderId: null });
    atBroker = [late];
    await absorb([elsewhere, late]);
    expect(await settled()).toMatchObject({ state: 'placed', brokerOrderId: '5001' });
  });

  it('is told after a restart if the bot died before it could tell', async () => {
    atBroker = [echoOf(await settled())];
    refusals = Number.POSITIVE_INFINITY;
    await absorb(atBroker);
    await settle.stop();
    told.length = 0;
    refusals = 0;
    await service().settleLeftovers();
    await delivered();
    expect(told.map(({ report }) => report.lines[0]?.orderId)).toContain('5001');
    expect(await store.owedResults()).toEqual([]);
  });

  it('dies in every message that tells of it', async () => {
    atBroker = [echoOf(await settled())];
    await absorb(atBroker);
    told.length = 0;
    atBroker = [echoOf(await settled(), { state: 'rejected', status: 'Rejected' })];
    await absorb(atBroker);
    expect(told).toMatchObject([
      { how: 'update', where: 'channel/1' },
      { how: 'update', where: 'channel/2' },
    ]);
  });

  it('is told later if the channel can’t be reached now', async () => {
    atBroker = [echoOf(await settled())];
    refusals = 2;
    await absorb(atBroker);
    await settle.followed('p1');
    await delivered();
    expect(told.filter(({ how }) => how === 'post').length).toBe(3);
  });

  it('is left alone by a process that can’t tell: recorded, nobody would look for it any more', async () => {
    atBroker = [echoOf(await settled())];
    mine = false;
    await absorb(atBroker);
    expect((await settled()).state).toBe('absent');
    mine = true;
    await absorb(atBroker);
    expect((await settled()).state).toBe('placed');
    expect(told.filter(({ how }) => how === 'post')).toHaveLength(1);
  });

  it('orders of nobody’s are none of its business', async () => {
    await absorb([echoOf(await settled(), { externalIdentifier: null })]);
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
      told.length = 0;
      atBroker = [echoOf(intent, { state, status: 'Gone', rejectReason: 'because' })];
      await absorb(atBroker);
      expect(told).toMatchObject([
        { how: 'update', report: { lines: [{ orderState: state, reason: 'because' }] } },
      ]);
    },
  );

  it('and one that fills, whole or in part, likewise', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent)];
    settle.follow('p1');
    await settle.followed('p1');
    told.length = 0;
    const fill = { id: 'f1', quantity: 1, price: d('0.60'), at: clock.now() };
    const [leg] = echoOf(intent).legs;
    atBroker = [echoOf(intent, { state: 'filled', legs: [{ ...leg!, remaining: 0, fills: [fill] }] })];
    await absorb(atBroker);
    await absorb(atBroker);
    expect(told).toMatchObject([
      { how: 'update', report: { lines: [{ orderState: 'filled', fill: { units: 1 } }] } },
    ]);
    expect(await store.owedResults()).toEqual([]);
  });

  it('one that ends while it is told as working is told as ended at once', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent)];
    const { before } = channel;
    let recorded: Promise<unknown> | null = null;
    channel.before = (how, where) => {
      atBroker = [echoOf(intent, { state: 'expired', status: 'Expired' })];
      recorded ??= store.recordOrders(atBroker, clock.now());
      return before(how, where);
    };
    settle.follow('p1');
    await settle.followed('p1');
    await recorded;
    expect(told.at(-1)?.report.lines).toMatchObject([{ orderState: 'expired' }]);
    expect(await store.owedResults()).toEqual([]);
  });

  it('a working one causes no message', async () => {
    const intent = await lost();
    atBroker = [echoOf(intent)];
    settle.follow('p1');
    await settle.followed('p1');
    told.length = 0;
    await absorb(atBroker);
    expect(told).toEqual([]);
  });
});

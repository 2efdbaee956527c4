import fc from 'fast-check';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { BrokerRefusal, BrokerUnreachable } from '../../../src/domain/errors.js';
import { groupPositions } from '../../../src/domain/grouping.js';
import { isOpen } from '../../../src/domain/order-fills.js';
import type { BrokerOrder, Holding } from '../../../src/domain/types.js';
import { OrderHistory } from '../../../src/services/accounts/order-history.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { d, filledOrder, holding, order, workingOrder } from '../../domain/build.js';
import { accountOf, chaos } from '../../domain/chaos.js';
import { brokerWith } from '../support/builders.js';

const DAY = 86_400_000;
const quiet = pino({ level: 'silent' });
const LEGS = ['sell-to-open 1 QQQ 2026-12-18 480 P @ 3.10'];

let clock: VirtualClock;
let listed: BrokerOrder[];
let searches: { from: Date; to: Date }[];
let single: string[];
let failure: Error | null;
let history: OrderHistory;
let store: BotStore;
/** Ids and states of orders told of. */
let told: string[];

beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: quiet });
  clock = new VirtualClock('2026-11-23T15:00:00Z');
  listed = [];
  searches = [];
  single = [];
  told = [];
  failure = null;
  history = newRun();
});
afterEach(async () => {
  await history.idle();
  await store.close();
});

/** As a bot has it after its start: nothing remembered but what the database keeps. */
function newRun(account = '5WT00001'): OrderHistory {
  return new OrderHistory({
    account,
    archive: store.archive,
    clock,
    log: quiet,
    onOrders: (orders) => void told.push(...orders.map(({ id, state }) => `${id} ${state}`)),
    broker: brokerWith({
      searchOrders: async (_account, window) => {
        searches.push(window);
        return listed.filter(
          ({ receivedAt }) => receivedAt && receivedAt >= window.from && receivedAt <= window.to,
        );
      },
      order: async (_account, id) => {
        single.push(id);
        if (failure) throw failure;
        const found = listed.find((each) => each.id === id);
        if (!found) throw new BrokerRefusal(404, 'record_not_found', 'Couldn’t find it');
        return found;
      },
    }),
  });
}

const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY);
const held = (days: number) => holding('-1 QQQ 2026-12-18 480 P @ 3.10', { createdAt: daysAgo(days) });
const read = async (holdings = [held(10)], open: BrokerOrder[] = []) =>
  (await history.since(holdings, open)).map(({ id }) => id);

describe('OrderHistory', () => {
  it('reaches far enough back that an opening order may have rested for months before it filled', async () => {
    listed = [order('1', [], { at: daysAgo(10 + 119) }), order('2', [], { at: daysAgo(10 + 121) })];
    expect(await read()).toEqual(['1']);
  });

  it('later reads ask only for what is new, with an overlap, and keep what was read', async () => {
    listed = [order('1', [], { at: daysAgo(5) })];
    await read();
    clock.advance(60_000);
    listed.push(order('2', [], { at: clock.now() }));
    expect(await read()).toEqual(['1', '2']);
    const [first, second] = searches;
    expect(second?.from.getTime()).toBeGreaterThan(first?.from.getTime() ?? 0);
    expect(second?.from.getTime()).toBeLessThan(clock.now().getTime() - 60_000);
  });

  it('a holding older than those before makes it read further back once more', async () => {
    listed = [order('old', [], { at: daysAgo(200) })];
    expect(await read([held(10)])).toEqual([]);
    expect(await read([held(10), held(190)])).toEqual(['old']);
  });

  it('a holding of which the broker doesn’t say since when counts as old', async () => {
    listed = [order('old', [], { at: daysAgo(400) })];
    expect(await read([holding('-1 QQQ 2026-12-18 480 P @ 3.10')])).toEqual(['old']);
  });

  it('an order that rested for months is read by itself once it is open no more, once', async () => {
    const resting = workingOrder('resting', LEGS, { at: daysAgo(300) });
    listed = [resting];
    expect(await read([held(1)], [resting])).toEqual(['resting']);
    listed = [{ ...resting, state: 'filled', status: 'Filled' }];
    clock.advance(3_600_000);
    const [filled] = await history.since([held(1)], []);
    expect(filled?.state).toBe('filled');
    expect(single).toEqual(['resting']);
    clock.advance(3_600_000);
    await read([held(1)]);
    expect(single).toEqual(['resting']);
  });

  it('tells of an order of ours that ended while nobody listened, however long it had rested', async () => {
    const ours = { externalIdentifier: 'ptb-1' };
    const resting = { ...workingOrder('resting', LEGS, { at: daysAgo(300) }), ...ours };
    listed = [
      resting,
      { ...order('new', [], { at: daysAgo(1) }), ...ours },
      order('theirs', [], { at: daysAgo(1) }),
    ];
    await read([held(1)], [resting]);
    expect(told).toEqual(['new filled']);
    listed[0] = { ...resting, state: 'filled', status: 'Filled' };
    await history.idle();
    history = newRun();
    await read([held(1)]);
    expect(told).toContain('resting filled');
  });

  it('an order that the broker knows no more is forgotten: the sandbox is wiped every day', async () => {
    const resting = workingOrder('resting', LEGS, { at: daysAgo(300) });
    await read([held(1)], [resting]);
    expect(await read([held(1)])).toEqual([]);
    expect(await read([held(1)])).toEqual([]);
    expect(single).toEqual(['resting']);
  });

  it.each([
    new BrokerUnreachable('no answer'),
    new BrokerRefusal(500, 'internal_error', 'oops'),
    new BrokerRefusal(404, 'http_404', 'a page of some proxy'),
  ])('an order that can’t be read now makes the read fail, not the order vanish: %s', async (trouble) => {
    const resting = workingOrder('resting', LEGS, { at: daysAgo(300) });
    await read([held(1)], [resting]);
    failure = trouble;
    await expect(read([held(1)])).rejects.toThrow(trouble);
    failure = null;
    listed = [{ ...resting, state: 'cancelled' }];
    expect(await read([held(1)])).toEqual(['resting']);
  });

  it('lists oldest first', async () => {
    listed = [order('b', [], { at: daysAgo(1) }), order('a', [], { at: daysAgo(2) })];
    expect(await read()).toEqual(['a', 'b']);
  });
});

describe('what an earlier run kept', () => {
  const CONDOR = [
    'sell-to-open 1 SPX 2026-11-30 6000 P @ 3.10',
    'buy-to-open 1 SPX 2026-11-30 5975 P @ 2.10',
  ];
  const UNDONE = CONDOR.map((leg) =>
    leg.replace('sell-to-open', 'buy-to-close').replace('buy-to-open', 'sell-to-close'),
  );
  const filled = (id: string, legs: readonly string[], at: Date) => filledOrder(id, [...legs], at);
  /** The bot was down for an hour. */
  async function restart(): Promise<void> {
    await history.idle();
    history = newRun();
    clock.advance(3_600_000);
    searches = [];
  }

  it('isn’t read at the broker again: a start asks for the new end only', async () => {
    listed = [
      filled('1', LEGS, daysAgo(90)),
      filled('2', CONDOR, daysAgo(60)),
      filled('3', UNDONE, daysAgo(59)),
    ];
    expect(await read([held(91)])).toEqual(['1', '2', '3']);
    await restart();
    listed.push(filled('4', LEGS, daysAgo(0)));
    expect(await read([held(91)])).toEqual(['1', '3', '4']);
    expect(searches).toHaveLength(1);
    expect(searches[0]?.from.getTime()).toBe(daysAgo(59).getTime() - 3_600_000);
  });

  it('comes to mind as it was told, to the last digit', async () => {
    const odd = filled(
      '1',
      ['sell-to-open 1 QQQ 2026-12-18 480 P @ 3.123456789012345678901234567'],
      daysAgo(90),
    );
    listed = [odd, filled('9', CONDOR, daysAgo(60))];
    await read([held(91)]);
    await restart();
    const [first] = await history.since([held(91)], []);
    expect(first).toEqual(odd);
  });

  it('comes to mind when its contract is held again, and its chain with it', async () => {
    const roll = [
      'buy-to-close 1 SPX 2026-11-30 6000 P @ 4.00',
      'sell-to-open 1 QQQ 2026-12-18 480 P @ 3.10',
    ];
    listed = [
      filled('1', CONDOR, daysAgo(60)),
      filled('2', roll, daysAgo(50)),
      filled('3', UNDONE, daysAgo(49)),
    ];
    await read([held(91)]);
    await restart();
    expect(await read([])).toEqual(['3']);
    expect(await read([held(91)])).toEqual(['1', '2', '3']);
    expect(searches.every(({ from }) => from.getTime() > daysAgo(50).getTime())).toBe(true);
  });

  it('an order that was still open is asked for by its id', async () => {
    const resting = workingOrder('1', LEGS, { at: daysAgo(90) });
    listed = [resting, filled('2', CONDOR, daysAgo(60))];
    await read([held(1)], [resting]);
    await restart();
    listed[0] = filled('1', LEGS, daysAgo(90));
    const [first] = await history.since([held(1)], []);
    expect(first?.state).toBe('filled');
    expect(single).toEqual(['1']);
  });

  it.each([
    ['knows it no more', () => []],
    ['gave its id to another order', () => [filled('2', LEGS, daysAgo(1))]],
  ])('is dropped where the broker %s, and everything read anew', async (_what, now) => {
    listed = [filled('1', LEGS, daysAgo(90)), filled('2', CONDOR, daysAgo(60))];
    await read([held(91)]);
    await restart();
    listed = now();
    const left = listed.map(({ id }) => id);
    expect(await read([held(91)])).toEqual(left);
    await restart();
    expect(await read([held(91)])).toEqual(left);
  });

  it.each(['{"id":"1"}', 'not even JSON'])(
    'is read anew where a row can’t be understood: %s',
    async (payload) => {
      listed = [filled('1', LEGS, daysAgo(90)), filled('2', CONDOR, daysAgo(60))];
      await read([held(91)]);
      await history.idle();
      const reach = await store.archive.reach('5WT00001');
      const symbols = [held(1).instrument.symbol];
      await store.archive.keep('5WT00001', [{ id: '0', changedAt: daysAgo(80), symbols, payload }], reach!);
      await restart();
      expect(await read([held(91)])).toEqual(['1', '2']);
      await restart();
      expect(await read([held(91)])).toEqual(['1', '2']);
      expect(searches[0]?.from.getTime()).toBe(daysAgo(60).getTime() - 3_600_000 * 2);
    },
  );

  it('is no reason to fail where it can’t be written', async () => {
    listed = [filled('1', LEGS, daysAgo(90))];
    const archive = Object.create(store.archive, {
      begin: { value: () => Promise.reject(new Error('database is locked')) },
    });
    const broker = brokerWith({ searchOrders: async () => listed });
    const sut = new OrderHistory({
      account: '5WT00001',
      archive,
      broker,
      clock,
      log: quiet,
      onOrders: () => {},
    });
    expect(await sut.since([held(91)], [])).toEqual(listed);
    await sut.idle();
  });

  it('of two processes the one whose archive was begun anew takes up the other’s', async () => {
    listed = [filled('1', LEGS, daysAgo(90)), filled('2', CONDOR, daysAgo(60))];
    const other = newRun();
    await Promise.all([read([held(91)]), other.since([held(91)], [])]);
    await Promise.all([history.idle(), other.idle()]);
    listed.push(filled('3', LEGS, daysAgo(0)));
    expect(await read([held(91)])).toContain('3');
    await other.since([held(91)], []);
    await other.idle();
    await restart();
    expect(await read([held(91)])).toEqual(expect.arrayContaining(['1', '3']));
    expect(searches).toHaveLength(1);
  });
});

describe('how far back', () => {
  it('shares held for years don’t matter', async () => {
    const shares: Holding = {
      instrument: { symbol: 'KO', underlying: 'KO', multiplier: 1, option: null },
      side: 'long',
      quantity: 12,
      restricted: 0,
      averageOpenPrice: d(60),
      createdAt: daysAgo(700),
    };
    await read([shares, held(10)]);
    expect(searches[0]?.from.getTime()).toBe(daysAgo(130).getTime());
  });

  it('only what lies before all that is known is read when an older option is held', async () => {
    listed = [filledOrder('1', LEGS, daysAgo(5))];
    await read([held(10)]);
    searches = [];
    await read([held(100)]);
    expect(searches.map(({ from }) => from.getTime())).toEqual([
      daysAgo(5).getTime(),
      daysAgo(220).getTime(),
    ]);
    expect(searches[1]?.to.getTime()).toBe(daysAgo(130).getTime());
  });
});

describe('what may still change', () => {
  it('an order whose fills aren’t all listed yet is read until they are', async () => {
    const whole = filledOrder('1', LEGS, daysAgo(0));
    const lagging = { ...whole, legs: whole.legs.map((leg) => ({ ...leg, fills: [] })) };
    const resting = { ...whole, state: 'working' as const, receivedAt: daysAgo(300) };
    await read([held(1)], [resting]);
    listed = [{ ...lagging, receivedAt: daysAgo(300) }];
    await read([held(1)]);
    listed = [{ ...whole, receivedAt: daysAgo(300) }];
    const [told] = await history.since([held(1)], []);
    expect(told?.legs[0]?.fills).toHaveLength(1);
    await read([held(1)]);
    expect(single).toEqual(['1', '1']);
  });

  it('a list read earlier doesn’t open an ended order again', async () => {
    const ended = filledOrder('1', LEGS, daysAgo(1));
    listed = [ended];
    await read([held(1)]);
    const [told] = await history.since([held(1)], [{ ...ended, state: 'working' }]);
    expect(told?.state).toBe('filled');
  });
});

describe('law', () => {
  it('over reads, restarts and whatever happens between them, positions are those of all orders', async () => {
    const look = fc.record({
      upTo: fc.nat(25),
      held: fc.array(fc.nat(30), { maxLength: 6 }),
      restart: fc.boolean(),
      later: fc.nat(12),
    });
    await fc.assert(
      fc.asyncProperty(chaos, fc.array(look, { minLength: 1, maxLength: 6 }), async (input, looks) => {
        const account = `A${input.orders.length}-${Math.random()}`;
        await history.idle();
        history = newRun(account);
        const { orders, holdings } = accountOf(input);
        const all = orders.map((each, index) => ({ ...each, receivedAt: daysAgo(60 - index) }));
        let known = 0;
        for (const { upTo, held: some, restart, later } of looks) {
          // What comes later was received later than what is known: so does the broker number its orders.
          known = Math.max(known, Math.min(upTo + 1, all.length));
          clock.advance(later * DAY);
          if (restart) {
            await history.idle();
            history = newRun(account);
          }
          listed = all.slice(0, known);
          const now = holdings.filter((_, index) => some.includes(index));
          const open = listed.filter(isOpen);
          const read = [...(await history.since(now, open)), ...open];
          const wanted = groupPositions({ account, holdings: now, orders: listed });
          expect(groupPositions({ account, holdings: now, orders: read })).toEqual(wanted);
        }
      }),
      { numRuns: 150 },
    );
  });
});

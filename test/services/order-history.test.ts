import { beforeEach, describe, expect, it } from 'vitest';
import type { BrokerOrder } from '../../src/services/domain/types.js';
import { BrokerRefusal, BrokerUnreachable } from '../../src/services/errors.js';
import { OrderHistory } from '../../src/services/order-history.js';
import { VirtualClock } from '../brokers/support/clocks.js';
import { holding, order, workingOrder } from '../domain/build.js';
import { brokerWith } from './support/builders.js';

const DAY = 86_400_000;
const LEGS = ['sell-to-open 1 QQQ 2026-12-18 480 P @ 3.10'];

let clock: VirtualClock;
let listed: BrokerOrder[];
let searches: { from: Date; to: Date }[];
let single: string[];
let failure: Error | null;
let history: OrderHistory;

beforeEach(() => {
  clock = new VirtualClock('2026-11-23T15:00:00Z');
  listed = [];
  searches = [];
  single = [];
  failure = null;
  history = new OrderHistory(
    brokerWith({
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
    clock,
  );
});

const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY);
const held = (days: number) => holding('-1 QQQ 2026-12-18 480 P @ 3.10', { createdAt: daysAgo(days) });
const read = async (holdings = [held(10)], open: BrokerOrder[] = []) =>
  (await history.since('5WT00001', holdings, open)).map(({ id }) => id);

describe('OrderHistory', () => {
  it('reaches far enough back that an opening order may have rested for months before it filled', async () => {
    listed = [order('1', [], { at: daysAgo(10 + 119) }), order('2', [], { at: daysAgo(10 + 121) })];
    expect(await read()).toEqual(['1']);
  });

  it('later reads ask only for what is new, with an overlap, and keep what was read', async () => {
    listed = [order('1', [], { at: daysAgo(5) })];
    await read();
    clock.advance(60_000);
    listed = [order('2', [], { at: clock.now() })];
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
    const [filled] = await history.since('5WT00001', [held(1)], []);
    expect(filled?.state).toBe('filled');
    expect(single).toEqual(['resting']);
    clock.advance(3_600_000);
    await read([held(1)]);
    expect(single).toEqual(['resting']);
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

import pino from 'pino';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BrokerOrder } from '../../../src/domain/types.js';
import { OrderIntake } from '../../../src/services/orders/order-intake.js';
import { BriskClock } from '../support/brisk-clock.js';

const order = (id: number) => ({ id: String(id) }) as BrokerOrder;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => order(index));
const ids = (orders: readonly BrokerOrder[]) => orders.map(({ id }) => id);

/** Ids in the order they were recorded, a list for each time. */
let recorded: string[][];
let reacted: string[];
let record: (orders: BrokerOrder[]) => Promise<readonly string[]>;
let react: (orders: readonly BrokerOrder[], news: readonly string[]) => Promise<void>;
let intake: OrderIntake;

beforeEach(() => {
  recorded = [];
  reacted = [];
  record = async (orders) => {
    recorded.push(ids(orders));
    return [];
  };
  react = async (orders) => {
    reacted.push(...ids(orders));
  };
  intake = new OrderIntake({
    record: (orders) => record(orders),
    react: (orders, news) => react(orders, news),
    clock: new BriskClock('2026-11-23T15:00:00Z'),
    log: pino({ level: 'silent' }),
  });
});

describe('what the broker tells of orders', () => {
  it('is offered again until the database takes it, in its order, and nothing of it is lost', async () => {
    const kept = record;
    let failing = 3;
    record = async (orders) => {
      failing -= 1;
      if (failing >= 0) throw new Error('SQLITE_BUSY');
      return kept(orders);
    };
    intake.take([order(1)]);
    intake.take([order(2)]);
    await vi.waitFor(() => expect(reacted).toEqual(['1', '2']));
    expect(recorded.flat()).toEqual(['1', '2']);
  });

  it('is recorded together where it comes while something is being recorded, few hundred at once', async () => {
    for (const each of upTo(2_000)) intake.take([each]);
    await vi.waitFor(() => expect(reacted).toHaveLength(2_000));
    expect(recorded.flat()).toEqual(ids(upTo(2_000)));
    expect(recorded.map(({ length }) => length)).toEqual([1, 500, 500, 500, 499]);
  });

  it('is recorded while what has to be done about others takes long', async () => {
    react = ([first]) => (first?.id === '1' ? new Promise(() => {}) : Promise.resolve());
    intake.take([order(1)]);
    intake.take([order(2)]);
    await vi.waitFor(() => expect(recorded).toEqual([['1'], ['2']]));
  });

  it('is offered again where what has to be done about it failed', async () => {
    const news: (readonly string[])[] = [];
    const kept = record;
    record = async (orders) => [...(await kept(orders)), 'plan'];
    react = async (_orders, about) => {
      news.push(about);
      if (news.length === 1) throw new Error('SQLITE_BUSY');
    };
    intake.take([order(1)]);
    await vi.waitFor(() => expect(news).toEqual([['plan'], ['plan']]));
    expect(recorded).toEqual([['1'], ['1']]);
  });

  it('is offered no more once the bot stops', async () => {
    let offered = 0;
    record = async () => {
      offered += 1;
      intake.stop();
      throw new Error('closed');
    };
    intake.take([order(1)]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(offered).toBe(1);
  });
});

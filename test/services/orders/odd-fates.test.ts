import { expect, it } from 'vitest';
import type { BrokerOrder, OddRow } from '../../../src/domain/types.js';
import type { Store } from '../../../src/ports/store.js';
import { OrderFates } from '../../../src/services/orders/fates.js';
import { BriskClock } from '../support/brisk-clock.js';
import { brokerWith, echo, intent, LONG_PUT, SHORT_PUT, T0 } from '../support/builders.js';

const ours = intent({ state: 'unknown', brokerOrderId: null });
const HOUR_LATER = new Date(T0.getTime() + 3_600_000).toISOString();

function odd(name: string | null, change: Partial<BrokerOrder> = {}): BrokerOrder {
  const row: OddRow = {
    what: 'order',
    name,
    why: 'its price is missing',
    doubts: 'coverage',
    concern: { symbols: [SHORT_PUT, LONG_PUT], kin: null },
  };
  return echo(ours, {
    id: name ?? 'unreadable-1',
    legs: [],
    price: null,
    receivedAt: T0,
    ...change,
    odd: row,
  });
}

/** What a look at these orders, long after the answer was lost, finds and keeps. */
async function lookAt(...orders: BrokerOrder[]) {
  const kept: unknown[] = [];
  const store = {
    intents: async () => [ours],
    intentsByOrderIds: async () => new Map(),
    recordOrders: async () => {},
    settleIntent: async (_id: number, outcome: unknown) => void kept.push(outcome),
    setLookalikes: async (_id: number, ids: string[]) => void kept.push(ids),
  } as unknown as Store;
  const broker = brokerWith({ openOrders: async () => orders, searchOrders: async () => [] });
  const fates = new OrderFates({ broker, store, clock: new BriskClock(HOUR_LATER), absentAfterMs: 60_000 });
  return [await fates.look(ours.planId), ...kept];
}

it('an order with our mark and an id is placed, whatever else of it can’t be read', async () => {
  expect(await lookAt(odd('77'))).toEqual([
    'settled',
    expect.objectContaining({ state: 'placed', brokerOrderId: '77' }),
  ]);
});

it('with our mark and without a readable id it stays unknown, never absent', async () => {
  expect(await lookAt(odd(null))).toEqual(['open']);
});

it('an unreadable order that may be ours is asked about; without an id it only keeps it from being absent', async () => {
  expect(await lookAt(odd('77', { externalIdentifier: null }))).toEqual(['asking', ['77']]);
  expect(await lookAt(odd(null, { externalIdentifier: null }))).toEqual(['open']);
  expect(await lookAt()).toEqual(['settled', expect.objectContaining({ state: 'absent' })]);
});

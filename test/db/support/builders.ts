import { Exact } from '../../../src/domain/exact.js';
import { Decimal } from '../../../src/domain/money.js';
import type { BrokerOrder, Fill } from '../../../src/domain/types.js';
import type { NewCancellation } from '../../../src/ports/cancels.js';
import type { ClaimRequest, NewIntent, NewPlan, OrderIntent, Store } from '../../../src/ports/store.js';

export const ACCOUNT = '5WT00001';
export const T0 = new Date('2026-11-23T15:00:00.000Z');
export const at = (milliseconds: number) => new Date(T0.getTime() + milliseconds);
export const money = (text: string) => new Decimal(text);
export const exact = (text: string) => Exact.parse(text);

export const SHORT_PUT = 'QQQ   261218P00480000';
export const LONG_PUT = 'QQQ   261218P00475000';

export function newPlan(id: string, change: Partial<NewPlan> = {}): NewPlan {
  return {
    id,
    account: ACCOUNT,
    userId: '111',
    guildId: '900',
    channelId: '800',
    createdAt: T0,
    expiresAt: at(120_000),
    payload: '{"shown":true}',
    ...change,
  };
}

/** Closes a put vertical of `symbols`, by default QQQ 480/475 for a debit of 0.67. */
export function newIntent(planId: string, positionId: number, change: Partial<NewIntent> = {}): NewIntent {
  const targetKey = change.targetKey ?? 'puts:1';
  return {
    planId,
    account: ACCOUNT,
    kind: 'place',
    positionId,
    targetKey,
    label: 'Put vertical 1 of 2',
    underlying: 'QQQ',
    externalIdentifier: `${planId}/${positionId}/${targetKey}`,
    legs: legsOf(SHORT_PUT, LONG_PUT),
    units: 1,
    price: money('0.67'),
    stopTrigger: null,
    effect: 'debit',
    percent: exact('40'),
    profit: exact('45'),
    ...change,
  };
}

export function legsOf(short: string, long: string): NewIntent['legs'] {
  return [
    { symbol: short, kind: 'option', action: 'buy-to-close', quantity: 1 },
    { symbol: long, kind: 'option', action: 'sell-to-close', quantity: 1 },
  ];
}

export async function rememberOne(store: Store, key = 'order:1', now = T0): Promise<number> {
  const ids = await store.rememberPositions(
    [{ account: ACCOUNT, key, underlying: 'QQQ', strategy: 'trident' }],
    now,
  );
  return ids.get(key)!;
}

/** A plan with one order, claimed; the intent that came of it. */
export async function claimOne(
  store: Store,
  planId: string,
  change: Partial<NewIntent> = {},
  claim: Partial<ClaimRequest> = {},
) {
  const positionId = await rememberOne(store);
  await store.createPlan(newPlan(planId));
  const intents = [newIntent(planId, positionId, change)];
  const result = await store.claimPlan({ planId, now: at(1_000), intents, state: 'submitting', ...claim });
  if (result.kind !== 'claimed') throw new Error(`wanted a claim, got ${result.kind}`);
  return result.intents[0]!;
}

/** A target and the stop beside it, placed as orders `ids`; on contracts of their own. */
export async function placedPair(store: Store, planId: string, ids: readonly [string, string]) {
  const pair = { legs: legsOf('QQQ   270115P00480000', 'QQQ   270115P00475000') };
  const stop = { ...pair, targetKey: 'puts:1/stop', price: money('3.45'), stopTrigger: money('3.10') };
  const positionId = await rememberOne(store);
  await store.createPlan(newPlan(planId));
  const intents = [newIntent(planId, positionId, pair), newIntent(planId, positionId, stop)];
  const result = await store.claimPlan({ planId, now: at(1_000), intents, state: 'submitting' });
  if (result.kind !== 'claimed') throw new Error(`wanted a claim, got ${result.kind}`);
  const settled = result.intents.map(({ id }, index) =>
    store.settleIntent(id, placed(ids[index] ?? ''), at(1_000)),
  );
  return (await Promise.all(settled)) as [OrderIntent, OrderIntent];
}

export function brokerOrder(id: string, change: Partial<BrokerOrder> = {}, fills: Fill[] = []): BrokerOrder {
  const instrument = { symbol: SHORT_PUT, underlying: 'QQQ', multiplier: 100, option: null };
  return {
    id,
    account: ACCOUNT,
    underlying: 'QQQ',
    state: 'working',
    status: 'Live',
    timeInForce: 'GTC',
    orderType: 'Limit',
    price: money('0.67'),
    effect: 'debit',
    size: 1,
    legs: [{ instrument, action: 'buy-to-close', quantity: 1, remaining: 1, fills }],
    externalIdentifier: null,
    stopTrigger: null,
    contingent: false,
    complex: null,
    replaces: null,
    rejectReason: null,
    receivedAt: at(2_000),
    updatedAt: at(3_000),
    ...change,
  };
}

export const placed = (brokerOrderId: string) =>
  ({ state: 'placed', brokerOrderId, brokerStatus: 'Received' }) as const;

export type { NewIntent as Intent, OrderIntent as Row } from '../../../src/ports/store.js';

/** Somebody is asked whether to cancel these closing orders of position 37. */
export function newCancellation(id: string, ...orderIds: string[]): NewCancellation {
  return {
    id,
    account: ACCOUNT,
    userId: '111',
    channelId: '800',
    createdAt: T0,
    expiresAt: at(120_000),
    planId: null,
    orders: orderIds.map((orderId) => ({
      orderId,
      complexId: null,
      positionIds: [37],
      underlying: 'QQQ',
      legs: [
        { symbol: SHORT_PUT, action: 'buy-to-close', quantity: 2 },
        { symbol: LONG_PUT, action: 'sell-to-close', quantity: 2 },
      ],
      orderType: 'Limit',
      timeInForce: 'GTC',
      price: money('0.67'),
      effect: 'debit',
      stopTrigger: null,
    })),
  };
}

import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BrokerOrder } from '../../../src/domain/types.js';
import type { OrderIntent } from '../../../src/ports/store.js';
import { reasonText } from '../../../src/screens/reasons.js';
import type { AccessRules } from '../../../src/services/access/access.js';
import { OrderFates } from '../../../src/services/orders/fates.js';
import { LookalikeDecisions } from '../../../src/services/orders/lookalike-decisions.js';
import { claimOne } from '../../db/support/builders.js';
import { openTestStore, type TestStore } from '../../db/support/test-store.js';
import { BriskClock } from '../support/brisk-clock.js';
import { accessRules, brokerWith, echo, TRADER } from '../support/builders.js';

const RIGHTS: AccessRules = accessRules();
const ME = { userId: TRADER, roleIds: [] };

let clock: BriskClock;
let store: TestStore;
let atBroker: BrokerOrder[];
let looked: string[];
let fates: OrderFates;
let decisions: LookalikeDecisions;
let lost: OrderIntent;

beforeEach(async () => {
  clock = new BriskClock('2026-11-23T15:00:01Z');
  store = await openTestStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
  looked = [];
  const list = async () => atBroker;
  const broker = brokerWith({
    openOrders: list,
    searchOrders: list,
    order: async (_account, id) => {
      const order = atBroker.find((each) => each.id === id);
      if (!order) throw new Error('no such order');
      return order;
    },
  });
  fates = new OrderFates({ broker, store, clock, absentAfterMs: 30_000 });
  const settle = { lookNow: async (planId: string) => void looked.push(planId) };
  decisions = new LookalikeDecisions({ broker, store, clock, settle, access: RIGHTS });
  const { id } = await claimOne(store, 'p1');
  lost = await store.settleIntent(id, { state: 'unknown', reason: 'no answer' }, clock.now());
  atBroker = [echo(lost, { id: '5002', externalIdentifier: null })];
  clock.advance(60_000);
});
afterEach(() => store.close());

const now = async () => (await store.intent(lost.id)) as OrderIntent;
const decide = (whose: 'by-hand' | 'ours', orderIds = ['5002'], actor = ME) =>
  decisions.decide({ intentId: lost.id, whose, orderIds, actor });

it('is asked about once its time is over, and the question stands over a restart', async () => {
  expect(await fates.look('p1')).toBe('asking');
  expect(await fates.look('p1')).toBe('open');
  expect(await now()).toMatchObject({ state: 'unknown', lookalikes: ['5002'] });
});

it.each(['filled', 'cancelled', 'rejected', 'expired'] as const)(
  'once the look-alike is %s, the order counts as not placed and frees its contracts',
  async (state) => {
    await fates.look('p1');
    atBroker = atBroker.map((order) => ({ ...order, state, status: 'Ended' }));
    expect(await fates.look('p1')).toBe('settled');
    expect(await now()).toMatchObject({ state: 'absent', lookalikes: [] });
    expect(reasonText((await now()).reason ?? '')).toContain('5002 (Ended)');
    expect((await claimOne(store, 'p2')).state).toBe('submitting');
  },
);

it('an order that came long after the request could leave is no look-alike', async () => {
  atBroker = atBroker.map((order) => ({
    ...order,
    receivedAt: new Date(lost.createdAt.getTime() + 11 * 60_000),
  }));
  expect(await fates.look('p1')).toBe('settled');
});

describe('a trader says whose it is', () => {
  beforeEach(() => fates.look('p1'));

  it('by hand: the order counts as not placed, the contracts are free, and it is written down who said so', async () => {
    await decide('by-hand');
    expect(await now()).toMatchObject({
      state: 'absent',
      reason: { code: 'BY_HAND', userId: TRADER, orderIds: ['5002'] },
    });
    expect(reasonText((await now()).reason ?? '')).toBe(`<@${TRADER}> says that 5002 was placed by hand.`);
    expect((await claimOne(store, 'p2')).state).toBe('submitting');
    expect(looked).toEqual(['p1']);
    expect((await store.auditTrail('p1')).at(-1)).toMatchObject({
      actor: TRADER,
      kind: 'lookalike-decided',
      details: { whose: 'by-hand', orderIds: ['5002'], state: 'absent' },
    });
  });

  it('the bot’s: it is placed with that id', async () => {
    expect(await decide('ours')).toBe('p1');
    expect(await now()).toMatchObject({ state: 'placed', brokerOrderId: '5002' });
    await expect(decide('by-hand')).rejects.toMatchObject({ code: 'LOOKALIKE_SETTLED' });
  });

  it('nobody else may', async () => {
    const viewer = { userId: 'someone', roleIds: [] };
    await expect(decide('ours', ['5002'], viewer)).rejects.toMatchObject({ code: 'NOT_A_TRADER' });
    expect((await now()).state).toBe('unknown');
  });

  it.each([
    ['ours', ['5003']],
    ['ours', ['5002', '5003']],
    ['by-hand', ['5003']],
  ] as const)('%s %j isn’t what was asked', async (whose, orderIds) => {
    await expect(decide(whose, [...orderIds])).rejects.toMatchObject({ code: 'LOOKALIKE_CHANGED' });
  });

  it('an answer from before another look-alike came is refused', async () => {
    atBroker = [...atBroker, echo(lost, { id: '5003', externalIdentifier: null })];
    expect(await fates.look('p1')).toBe('asking');
    await expect(decide('by-hand')).rejects.toMatchObject({ code: 'LOOKALIKE_CHANGED' });
    await decide('by-hand', ['5002', '5003']);
    expect((await now()).state).toBe('absent');
  });
});

import { describe, expect, it } from 'vitest';
import type { PositionStep } from '../../src/domain/position-life.js';
import type { BrokerOrder, Fill } from '../../src/domain/types.js';
import { LEASE_MS } from '../../src/ports/errands.js';
import { stopKey } from '../../src/ports/order-intents.js';
import type { ClaimRequest, Outcome } from '../../src/ports/store.js';
import * as b from './support/builders.js';
import { onEach } from './support/drivers.js';

const { ACCOUNT, at, brokerOrder, claimOne, exact, money, newIntent, newPlan, placed, rememberOne, T0 } = b;

const unknown = { state: 'unknown', reason: 'no answer within 15 s' } as const;
const absent = { state: 'absent', reason: 'not among the orders of the window' } as const;
const refused = { state: 'refused', reason: 'margin_check_failed' } as const;

onEach(['sqlite file', 'sqlite memory', 'postgres'], (bench) => {
  describe('positions', () => {
    it('numbers positions as they are first seen and keeps the numbers', async () => {
      const store = await bench.open();
      const see = (...keys: string[]) =>
        store.rememberPositions(
          keys.map((key) => ({ account: ACCOUNT, key, underlying: 'SPX', strategy: 'vertical' })),
          T0,
        );
      expect(await see('order:7', 'order:3')).toEqual(
        new Map([
          ['order:7', 1],
          ['order:3', 2],
        ]),
      );
      for (let look = 0; look < 5; look++) await see('order:3', 'order:7');
      const after = await see('order:9', 'order:3', 'order:9');
      expect(after).toEqual(
        new Map([
          ['order:9', 3],
          ['order:3', 2],
        ]),
      );
    });

    it('tells accounts apart', async () => {
      const store = await bench.open();
      const of = (account: string) => ({
        account,
        key: 'inferred:SPX:x',
        underlying: 'SPX',
        strategy: 'custom',
      });
      const first = await store.rememberPositions([of('A')], T0);
      const second = await store.rememberPositions([of('B')], T0);
      const [a = 0, b = 0] = [first, second].map((ids) => ids.get('inferred:SPX:x'));
      expect(a).not.toBe(b);
      expect(await store.positionIds('A', ['inferred:SPX:x', 'order:1'])).toEqual(
        new Map([['inferred:SPX:x', a]]),
      );
      expect(await store.positionIds('A', [])).toEqual(new Map());
      expect(await store.positionAccounts([b, 999, a])).toEqual(
        new Map([
          [a, 'A'],
          [b, 'B'],
        ]),
      );
      await expect(store.rememberPositions([of('A'), of('B')], T0)).rejects.toMatchObject({
        code: 'AMBIGUOUS_POSITION',
      });
    });

    it('follows the strategy and the last look, and never looks back in time', async () => {
      const store = await bench.open();
      const see = (strategy: string, now: Date) =>
        store.rememberPositions([{ account: ACCOUNT, key: 'order:1', underlying: 'QQQ', strategy }], now);
      await see('trident', at(5));
      await see('custom', at(9));
      const ids = await see('custom', at(7));
      expect(await store.position(ids.get('order:1')!)).toMatchObject({
        id: 1,
        account: ACCOUNT,
        key: 'order:1',
        underlying: 'QQQ',
        strategy: 'custom',
        firstSeenAt: at(5),
        lastSeenAt: at(9),
      });
      expect(await store.position(99)).toBeNull();
      expect(await store.rememberPositions([], T0)).toEqual(new Map());
    });

    it('takes more positions at once than a statement has room for', async () => {
      const store = await bench.open();
      const many = Array.from({ length: 1_203 }, (_, i) => ({
        account: ACCOUNT,
        key: `order:${i}`,
        underlying: 'QQQ',
        strategy: 'vertical',
      }));
      const ids = await store.rememberPositions(many, T0);
      expect(new Set(ids.values()).size).toBe(1_203);
      expect(await store.rememberPositions(many, at(1))).toEqual(ids);
    });
  });

  describe('plans', () => {
    it('gives a plan back as it was shown', async () => {
      const store = await bench.open();
      const plan = newPlan('p1', {
        guildId: null,
        payload: '{"text":"Ümläut — 😀 \'quoted\'"}',
        createdAt: at(1),
      });
      await store.createPlan(plan);
      await store.setPlanMessages('p1', ['m1', 'm2']);
      expect(await store.plan('p1')).toEqual({
        ...plan,
        status: 'open',
        messageIds: ['m1', 'm2'],
        reportedAt: null,
      });
      expect(await store.plan('p2')).toBeNull();
    });

    it('refuses a second plan of one id and messages of no plan', async () => {
      const store = await bench.open();
      await store.createPlan(newPlan('p1'));
      await expect(store.createPlan(newPlan('p1', { userId: '999' }))).rejects.toThrow();
      expect((await store.plan('p1'))?.userId).toBe('111');
      await expect(store.setPlanMessages('p2', [])).rejects.toMatchObject({ code: 'NO_SUCH_PLAN' });
      await expect(store.markReported('p2', T0)).rejects.toMatchObject({ code: 'NO_SUCH_PLAN' });
    });

    it('ends an open plan once', async () => {
      const store = await bench.open();
      await store.createPlan(newPlan('p1'));
      expect(await store.endPlan('p1', 'cancelled', at(0))).toBe(true);
      expect(await store.endPlan('p1', 'expired', at(0))).toBe(false);
      expect(await store.endPlan('none', 'expired', at(0))).toBe(false);
      expect((await store.plan('p1'))?.status).toBe('cancelled');
    });

    it('supersedes an open plan, and only an open one', async () => {
      const store = await bench.open();
      await store.createPlan(newPlan('p1'));
      expect(await store.supersedePlan('p1', newPlan('p2'))).toBe(true);
      expect(await store.supersedePlan('p1', newPlan('p3'))).toBe(false);
      expect((await store.plan('p1'))?.status).toBe('superseded');
      expect((await store.plan('p2'))?.status).toBe('open');
      expect(await store.plan('p3')).toBeNull();
    });

    it('leaves the old plan open when the new one cannot be written', async () => {
      const store = await bench.open();
      await store.createPlan(newPlan('p1'));
      await store.createPlan(newPlan('p2'));
      await expect(store.supersedePlan('p1', newPlan('p2'))).rejects.toThrow();
      expect((await store.plan('p1'))?.status).toBe('open');
    });

    it('lists claimed and done plans until they are reported, oldest first', async () => {
      const store = await bench.open();
      const positionId = await rememberOne(store);
      for (const [id, age] of [
        ['p1', 30],
        ['p2', 10],
        ['p3', 20],
        ['p4', 0],
      ] as const) {
        await store.createPlan(newPlan(id, { createdAt: at(age) }));
      }
      for (const planId of ['p1', 'p2', 'p3']) {
        const legs = b.legsOf(`S ${planId}`, `L ${planId}`);
        const intents = [newIntent(planId, positionId, { legs })];
        await store.claimPlan({ planId, now: at(50), intents, state: 'submitting' });
      }
      const [first] = await store.intents('p2');
      await store.settleIntent(first!.id, refused, at(60));
      expect((await store.unreportedPlans()).map(({ id }) => id)).toEqual(['p2', 'p3', 'p1']);
      await store.markReported('p2', at(70));
      await store.markReported('p3', at(71));
      expect((await store.unreportedPlans()).map(({ id }) => id)).toEqual(['p1']);
      expect(await store.plan('p2')).toMatchObject({ reportedAt: at(70) });
      expect(await store.plan('p3')).toMatchObject({ reportedAt: at(71) });
    });
  });

  it('lists told plans not looked at, or with an order last seen on its way, in the order they were told', async () => {
    const store = await bench.open();
    const positionId = await rememberOne(store);
    const told = async (planId: string, when: number) => {
      await store.createPlan(newPlan(planId));
      const legs = b.legsOf(`S ${planId}`, `L ${planId}`);
      const claim = { planId, now: at(50), intents: [newIntent(planId, positionId, { legs })] };
      await store.claimPlan({ ...claim, state: 'submitting' });
      const [intent] = await store.intents(planId);
      await store.settleIntent(intent!.id, planId === 'no' ? refused : placed(planId), at(60));
      await store.markReported(planId, at(when));
    };
    await told('late', 90);
    await told('unread', 80);
    await told('old', 60);
    await told('resting', 80);
    await told('dead', 80);
    await told('no', 80);
    await told('anew', 85);
    for (const id of ['late', 'resting', 'dead', 'anew']) await store.markLooked(id, at(95));
    await store.markReported('anew', at(96));
    await told('seen', 97);
    const way = { state: 'submitted', status: 'Routed' } as const;
    await store.recordOrders(
      [
        b.brokerOrder('late', way),
        ...['resting', 'anew', 'seen'].map((id) => b.brokerOrder(id)),
        b.brokerOrder('dead', { state: 'rejected', status: 'Rejected' }),
      ],
      at(0),
    );
    expect((await store.plansUnderWay(at(80))).map(({ id }) => id)).toEqual([
      'unread',
      'late',
      'anew',
      'seen',
    ]);
  });

  describe('the claim', () => {
    it('commits the intents as they were given, in their order', async () => {
      const store = await bench.open();
      const positionId = await rememberOne(store);
      await store.createPlan(newPlan('p1'));
      const intents = [
        newIntent('p1', positionId, { targetKey: 'puts:2', price: money('0.1000000000000000000001') }),
        newIntent('p1', positionId, {
          targetKey: 'puts:1',
          percent: null,
          profit: exact('-123456789001/300'),
        }),
        newIntent('p1', positionId, { targetKey: 'calls:1', effect: 'credit', price: money('12000') }),
      ];
      const result = await store.claimPlan({ planId: 'p1', now: at(5), intents, state: 'reserved' });
      const rest = {
        state: 'reserved',
        brokerOrderId: null,
        brokerStatus: null,
        brokerState: null,
        replacedBy: null,
        reason: null,
        lookalikes: [],
        createdAt: at(5),
        sentAt: null,
        settledAt: null,
      };
      const expected = intents.map((intent) => ({ ...intent, ...rest, id: expect.any(Number) }));
      expect(result).toEqual({ kind: 'claimed', intents: expected });
      expect(await store.intents('p1')).toEqual(expected);
      expect((await store.plan('p1'))?.status).toBe('claimed');
      expect(await store.auditTrail('p1')).toMatchObject([{ kind: 'plan-claimed', actor: '111', at: at(5) }]);
    });

    it('is given once', async () => {
      const store = await bench.open();
      await claimOne(store, 'p1');
      const intents = [newIntent('p1', 1, { externalIdentifier: 'again' })];
      const again = await store.claimPlan({ planId: 'p1', now: at(2_000), intents, state: 'submitting' });
      expect(again).toEqual({ kind: 'not-open', status: 'claimed' });
      expect(await store.intents('p1')).toHaveLength(1);
    });

    it('lets no plan be claimed and none leave while sending is halted, and forgets no reason', async () => {
      const store = await bench.open();
      const position = await rememberOne(store);
      for (const id of ['p1', 'p2']) await store.createPlan(newPlan(id, { account: id }));
      const claim = (planId: string, state: 'reserved' | 'submitting') => {
        const intents = [newIntent(planId, position, { account: planId })];
        return store.claimPlan({ planId, now: at(50), intents, state });
      };
      expect(await claim('p1', 'reserved')).toMatchObject({ kind: 'claimed' });
      const halt = { by: '7', at: at(60), reason: 'Fed' };
      expect(await store.halt(halt)).toEqual(halt);
      expect(await store.halt({ ...halt, by: '8', at: at(61) })).toEqual(halt);
      expect(await store.currentHalt()).toEqual(halt);

      expect(await store.releaseToSend('p1', at(62))).toEqual(halt);
      expect(await store.intents('p1')).toMatchObject([{ state: 'reserved', sentAt: null }]);
      expect(await claim('p2', 'submitting')).toEqual({ kind: 'halted', halt });
      expect(await store.plan('p2')).toMatchObject({ status: 'open' });
      expect(await store.intents('p2')).toEqual([]);

      expect(await store.liftHalt(at(59), '7', at(70))).toBe(false);
      expect(await store.liftHalt(halt.at, '7', at(70))).toBe(true);
      expect(await store.liftHalt(halt.at, '7', at(71))).toBe(false);
      expect(await store.currentHalt()).toBeNull();
      expect(await store.releaseToSend('p1', at(72))).toBeNull();
      expect(await claim('p2', 'submitting')).toMatchObject({ kind: 'claimed' });
    });

    it('ends at the instant of expiry, not before', async () => {
      const store = await bench.open();
      const intents = [newIntent('p1', await rememberOne(store))];
      await store.createPlan(newPlan('p1'));
      await store.createPlan(newPlan('p2'));
      const late: ClaimRequest = {
        planId: 'p2',
        now: at(120_000),
        intents: [newIntent('p2', 1)],
        state: 'reserved',
      };
      expect(await store.claimPlan(late)).toEqual({ kind: 'expired' });
      expect((await store.plan('p2'))?.status).toBe('expired');
      expect(await store.claimPlan(late)).toEqual({ kind: 'not-open', status: 'expired' });
      const inTime = await store.claimPlan({ planId: 'p1', now: at(119_999), intents, state: 'reserved' });
      expect(inTime.kind).toBe('claimed');
    });

    it('answers missing, cancelled and superseded plans', async () => {
      const store = await bench.open();
      const claim = (planId: string) =>
        store.claimPlan({ planId, now: at(1), intents: [newIntent(planId, 1)], state: 'reserved' });
      expect(await claim('p0')).toEqual({ kind: 'missing' });
      await store.createPlan(newPlan('p1'));
      await store.endPlan('p1', 'cancelled', at(0));
      expect(await claim('p1')).toEqual({ kind: 'not-open', status: 'cancelled' });
      await store.createPlan(newPlan('p2'));
      await store.supersedePlan('p2', newPlan('p3'));
      expect(await claim('p2')).toEqual({ kind: 'not-open', status: 'superseded' });
    });

    it('refuses a claim that would lose or mix up orders, and leaves the plan open', async () => {
      const store = await bench.open();
      const positionId = await rememberOne(store);
      await store.createPlan(newPlan('p1'));
      const claim = (...intents: b.Intent[]) =>
        store.claimPlan({ planId: 'p1', now: at(1), intents, state: 'reserved' });
      await expect(claim()).rejects.toMatchObject({ code: 'CLAIM_WITHOUT_INTENTS' });
      const wrong = [
        newIntent('p2', positionId),
        newIntent('p1', positionId, { account: 'OTHER' }),
        newIntent('p1', positionId, { legs: [] }),
      ];
      for (const intent of wrong)
        await expect(claim(intent)).rejects.toMatchObject({ code: 'CLAIM_MIXED_UP' });
      const forbidden = [
        newIntent('p1', 4711),
        newIntent('p1', positionId, { units: 0 }),
        newIntent('p1', positionId, { price: money('-0.05') }),
        newIntent('p1', positionId, { price: money('0.00') }),
        newIntent('p1', positionId, { price: money('NaN') }),
      ];
      for (const intent of forbidden) await expect(claim(intent)).rejects.toThrow();
      const twin = newIntent('p1', positionId, { externalIdentifier: 'other' });
      await expect(claim(newIntent('p1', positionId), twin)).rejects.toThrow();
      expect((await store.plan('p1'))?.status).toBe('open');
      expect(await store.intents('p1')).toEqual([]);
      expect(await store.auditTrail('p1')).toEqual([]);
      expect((await claim(newIntent('p1', positionId))).kind).toBe('claimed');
    });

    it('never gives one external identifier to two orders', async () => {
      const store = await bench.open();
      await claimOne(store, 'p1', { externalIdentifier: 'same' });
      await store.createPlan(newPlan('p2'));
      const intents = [newIntent('p2', 1, { externalIdentifier: 'same', legs: b.legsOf('X', 'Y') })];
      await expect(
        store.claimPlan({ planId: 'p2', now: at(1), intents, state: 'reserved' }),
      ).rejects.toThrow();
      expect((await store.plan('p2'))?.status).toBe('open');
    });
  });

  describe('contracts of a claimed plan', () => {
    it('are under way in their account, all of them until the last order is settled', async () => {
      const store = await bench.open();
      const legs = (symbol: string) => [{ ...newIntent('', 1).legs[0]!, symbol }];
      const intents = ['A', 'B'].map((symbol) =>
        newIntent('p1', 1, { targetKey: symbol, legs: legs(symbol) }),
      );
      await rememberOne(store);
      await store.createPlan(newPlan('p1'));
      expect(await store.contractsUnderWay(ACCOUNT)).toEqual(new Set());
      const claim = { planId: 'p1', now: at(1), intents, state: 'submitting' } as const;
      const result = await store.claimPlan(claim);
      const [first, last] = result.kind === 'claimed' ? result.intents : [];
      await store.settleIntent(first!.id, placed('1'), at(2));
      await store.settleIntent(last!.id, unknown, at(2));
      expect(await store.contractsUnderWay(ACCOUNT)).toEqual(new Set(['A', 'B']));
      expect(await store.contractsUnderWay('another')).toEqual(new Set());
      await store.settleIntent(last!.id, absent, at(3));
      expect(await store.contractsUnderWay(ACCOUNT)).toEqual(new Set());
    });

    const press = (planId: string, now: Date, change: Partial<b.Intent> = {}) => ({
      planId,
      now,
      intents: [newIntent(planId, 1, change)],
      state: 'submitting' as const,
    });

    it('keep other plans on any of them waiting until the last order is settled', async () => {
      const store = await bench.open();
      const first = await claimOne(store, 'p1', { legs: b.legsOf('A', 'B') });
      await store.createPlan(newPlan('p2'));
      await store.createPlan(newPlan('p3'));
      const overlap = { legs: b.legsOf('C', 'B') };
      expect(await store.claimPlan(press('p2', at(2), overlap))).toEqual({ kind: 'busy', planId: 'p1' });
      expect((await store.plan('p2'))?.status).toBe('open');
      const apart = await store.claimPlan(press('p3', at(2), { legs: b.legsOf('C', 'D') }));
      expect(apart.kind).toBe('claimed');
      await store.settleIntent(first.id, unknown, at(3));
      expect((await store.claimPlan(press('p2', at(4), { legs: b.legsOf('A', 'X') }))).kind).toBe('busy');
      await store.settleIntent(first.id, absent, at(5));
      expect((await store.claimPlan(press('p2', at(6), { legs: b.legsOf('A', 'X') }))).kind).toBe('claimed');
    });

    it('are other contracts in another account', async () => {
      const store = await bench.open();
      await claimOne(store, 'p1');
      await store.createPlan(newPlan('p2', { account: 'OTHER' }));
      expect((await store.claimPlan(press('p2', at(2), { account: 'OTHER' }))).kind).toBe('claimed');
    });

    it('count as changed for plans made before an order was placed on them, not after', async () => {
      const store = await bench.open();
      await store.createPlan(newPlan('before', { createdAt: at(2_999) }));
      await store.createPlan(newPlan('same', { createdAt: at(3_000) }));
      const first = await claimOne(store, 'p1');
      await store.settleIntent(first.id, placed('A1'), at(3_000));
      expect(await store.claimPlan(press('before', at(4_000)))).toEqual({ kind: 'changed', planId: 'p1' });
      expect((await store.plan('before'))?.status).toBe('open');
      expect(await store.intents('before')).toEqual([]);
      expect((await store.claimPlan(press('same', at(4_000)))).kind).toBe('claimed');
    });

    it.each([refused, absent, { state: 'abandoned', reason: 'gone' } as const])(
      'are unchanged by a plan whose orders ended $state',
      async (outcome) => {
        const store = await bench.open();
        await store.createPlan(newPlan('p2'));
        const first = await claimOne(store, 'p1');
        await store.settleIntent(first.id, outcome, at(3_000));
        expect((await store.claimPlan(press('p2', at(4_000)))).kind).toBe('claimed');
      },
    );

    it('count as changed again when an order thought absent turns up', async () => {
      const store = await bench.open();
      const first = await claimOne(store, 'p1');
      await store.settleIntent(first.id, absent, at(3_000));
      await store.createPlan(newPlan('p2', { createdAt: at(4_000) }));
      await store.settleIntent(first.id, placed('A1'), at(5_000));
      await store.createPlan(newPlan('p3', { createdAt: at(6_000) }));
      expect(await store.claimPlan(press('p2', at(7_000)))).toEqual({ kind: 'changed', planId: 'p1' });
      expect((await store.claimPlan(press('p3', at(7_000)))).kind).toBe('claimed');
    });
  });

  describe('the life of an intent', () => {
    it('leaves only after its release, and is released once', async () => {
      const store = await bench.open();
      const intent = await claimOne(store, 'p1', {}, { state: 'reserved' });
      expect(intent).toMatchObject({ state: 'reserved', sentAt: null });
      await store.releaseToSend('p1', at(2_000));
      expect(await store.intents('p1')).toMatchObject([{ state: 'submitting', sentAt: at(2_000) }]);
      await expect(store.releaseToSend('p1', at(3_000))).rejects.toMatchObject({ code: 'NOTHING_TO_SEND' });
      await expect(store.releaseToSend('p9', at(3_000))).rejects.toMatchObject({ code: 'NO_SUCH_PLAN' });
      expect(await store.intents('p1')).toMatchObject([{ sentAt: at(2_000) }]);
    });

    it('leaves for less than was claimed where that is said, never for more; what has nothing left is given up', async () => {
      const store = await bench.open();
      const positionId = await rememberOne(store);
      const legs = (short: string, count: number) =>
        b.legsOf(short, `${short}L`).map((leg) => ({ ...leg, quantity: count }));
      const both = ['a:1', 'b:1'].map((targetKey) =>
        newIntent('p1', positionId, { targetKey, legs: legs(targetKey, 3), units: 3, kind: 'close' }),
      );
      await store.createPlan(newPlan('p1'));
      await store.claimPlan({ planId: 'p1', now: at(1_000), intents: both, state: 'reserved' });
      const size = (targetKey: string, units: number) => ({
        units,
        legs: legs(targetKey, units),
        profit: exact('15'),
      });
      await expect(
        store.releaseToSend('p1', at(1_500), [size('a:1', 4), size('b:1', 3)]),
      ).rejects.toMatchObject({ code: 'CLAIM_MIXED_UP' });
      await store.releaseToSend('p1', at(2_000), [size('a:1', 1), { ...size('b:1', 3), legs: [], units: 0 }]);
      expect(await store.intents('p1')).toMatchObject([
        { kind: 'close', state: 'submitting', units: 1, legs: legs('a:1', 1), profit: exact('15') },
        { state: 'abandoned', units: 3, reason: { code: 'TRADED_BEFORE' }, sentAt: null },
      ]);
    });

    it('keeps a reason of ours with its facts, and others’ words as they are', async () => {
      const store = await bench.open();
      const changes = [{ what: 'closing', symbol: 'QQQ', orderId: '7', before: 0, now: 1 }] as const;
      const given = await claimOne(store, 'p1', {}, { state: 'reserved' });
      await store.abandonPlan('p1', { code: 'ACCOUNT_CHANGED', changes }, at(2_000));
      expect((await store.intent(given.id))?.reason).toEqual({ code: 'ACCOUNT_CHANGED', changes });
      const { id } = await claimOne(store, 'p2');
      const reason = { code: 'NOT_SHOWN', seconds: 90, ended: [] } as const;
      expect((await store.settleIntent(id, { state: 'absent', reason }, at(3_000))).reason).toEqual(reason);
      expect((await store.intents('p2'))[0]?.reason).toEqual(reason);
      const placed = {
        state: 'placed',
        brokerOrderId: '41',
        brokerStatus: 'Live',
        reason: 'late {"code":',
      } as const;
      expect((await store.settleIntent(id, placed, at(4_000))).reason).toBe('late {"code":');
    });

    it('ends with its plan when a fresh read finds a change; nothing leaves after that', async () => {
      const store = await bench.open();
      await claimOne(store, 'p1', {}, { state: 'reserved' });
      await store.abandonPlan('p1', 'quantity changed', at(2_000));
      await store.abandonPlan('p1', 'again', at(2_500));
      expect(await store.intents('p1')).toMatchObject([
        { state: 'abandoned', reason: 'quantity changed', settledAt: at(2_000), sentAt: null },
      ]);
      expect((await store.plan('p1'))?.status).toBe('stale');
      await expect(store.releaseToSend('p1', at(3_000))).rejects.toMatchObject({ code: 'NOTHING_TO_SEND' });
      await store.createPlan(newPlan('p2'));
      const next: ClaimRequest = {
        planId: 'p2',
        now: at(4_000),
        intents: [newIntent('p2', 1)],
        state: 'reserved',
      };
      expect((await store.claimPlan(next)).kind).toBe('claimed');
    });

    it('cannot be abandoned with its plan once it may have left', async () => {
      const store = await bench.open();
      await claimOne(store, 'p1');
      await expect(store.abandonPlan('p1', 'x', at(2_000))).rejects.toMatchObject({ code: 'ALREADY_SENT' });
      await expect(store.abandonPlan('p9', 'x', at(2_000))).rejects.toMatchObject({ code: 'NO_SUCH_PLAN' });
      expect(await store.intents('p1')).toMatchObject([{ state: 'submitting' }]);
      expect((await store.plan('p1'))?.status).toBe('claimed');
    });

    it('keeps the first outcome, except that absent may become placed', async () => {
      const store = await bench.open();
      const outcomes: [Outcome, Outcome, Partial<b.Row>][] = [
        [unknown, placed('A1'), { state: 'placed', brokerOrderId: 'A1', settledAt: at(20) }],
        [placed('A2'), refused, { state: 'placed', brokerOrderId: 'A2', settledAt: at(10) }],
        [placed('A3'), placed('A4'), { state: 'placed', brokerOrderId: 'A3', settledAt: at(10) }],
        [refused, placed('A5'), { state: 'refused', brokerOrderId: null, settledAt: at(10) }],
        [absent, placed('A6'), { state: 'placed', brokerOrderId: 'A6', settledAt: at(20), reason: null }],
        [absent, unknown, { state: 'absent', settledAt: at(10) }],
        [unknown, absent, { state: 'absent', reason: absent.reason, settledAt: at(20) }],
        [refused, unknown, { state: 'refused', reason: refused.reason, settledAt: at(10) }],
      ];
      for (const [index, [first, second, expected]] of outcomes.entries()) {
        const { id } = await claimOne(store, `p${index}`, { legs: b.legsOf(`S${index}`, `L${index}`) });
        const after = await store.settleIntent(id, first, at(10));
        expect(after).toMatchObject({
          state: first.state,
          settledAt: first.state === 'unknown' ? null : at(10),
        });
        expect(await store.settleIntent(id, second, at(20))).toMatchObject(expected);
      }
      await expect(store.settleIntent(99, refused, T0)).rejects.toMatchObject({ code: 'NO_SUCH_INTENT' });
    });

    it('turns its plan untold again when an order thought absent turns up', async () => {
      const store = await bench.open();
      const { id } = await claimOne(store, 'p1');
      await store.settleIntent(id, absent, at(3_000));
      await store.markReported('p1', at(4_000));
      await store.settleIntent(id, placed('A1'), at(5_000));
      expect((await store.unreportedPlans()).map((plan) => plan.id)).toEqual(['p1']);
      await store.markReported('p1', at(6_000));
      await store.settleIntent(id, placed('A1'), at(7_000));
      expect(await store.unreportedPlans()).toEqual([]);
    });

    it('ends its plan when the last one settles', async () => {
      const store = await bench.open();
      const positionId = await rememberOne(store);
      await store.createPlan(newPlan('p1'));
      const intents = ['a', 'b', 'c'].map((targetKey) => newIntent('p1', positionId, { targetKey }));
      await store.claimPlan({ planId: 'p1', now: at(1), intents, state: 'submitting' });
      const status = async () => (await store.plan('p1'))?.status;
      await store.settleIntent(1, placed('A1'), at(2));
      await store.settleIntent(2, unknown, at(3));
      await store.settleIntent(3, refused, at(4));
      expect(await status()).toBe('claimed');
      await store.settleIntent(2, absent, at(5));
      expect(await status()).toBe('done');
      await store.settleIntent(2, placed('A2'), at(6));
      expect(await status()).toBe('done');
    });

    it('never shares a broker order with another intent', async () => {
      const store = await bench.open();
      const first = await claimOne(store, 'p1', { legs: b.legsOf('A', 'B') });
      const second = await claimOne(store, 'p2', { legs: b.legsOf('C', 'D') });
      await store.settleIntent(first.id, placed('A1'), at(2));
      await expect(store.settleIntent(second.id, placed('A1'), at(3))).rejects.toThrow();
      expect(await store.intents('p2')).toMatchObject([{ state: 'submitting', brokerOrderId: null }]);
    });

    it('is found by state, order, position and time', async () => {
      const store = await bench.open();
      const made = [];
      for (const n of [0, 1, 2, 3, 4, 5]) {
        const legs = b.legsOf(`S${n}`, `L${n}`);
        made.push(
          await claimOne(
            store,
            `p${n}`,
            { legs },
            { now: at(100 - n), state: n === 5 ? 'reserved' : 'submitting' },
          ),
        );
      }
      const ids = made.map(({ id }) => id);
      await store.settleIntent(ids[0]!, placed('A0'), at(200));
      await store.settleIntent(ids[1]!, placed('A1'), at(300));
      await store.settleIntent(ids[2]!, absent, at(200));
      await store.settleIntent(ids[3]!, unknown, at(200));
      const idsOf = (intents: b.Row[]) => intents.map(({ id }) => id);
      expect(idsOf(await store.unresolvedIntents())).toEqual([ids[5], ids[4], ids[3]]);
      expect(idsOf(await store.recentlyPlaced(ACCOUNT, at(200)))).toEqual([ids[0], ids[1]]);
      expect(idsOf(await store.recentlyPlaced(ACCOUNT, at(201)))).toEqual([ids[1]]);
      expect(idsOf(await store.recentlyAbsent(ACCOUNT, at(200)))).toEqual([ids[2]]);
      expect(await store.recentlyAbsent(ACCOUNT, at(201))).toEqual([]);
      const found = await store.intentsByOrderIds(ACCOUNT, ['A1', 'A1', 'A7', 'A0']);
      expect([...found.keys()].sort()).toEqual(['A0', 'A1']);
      expect(found.get('A1')?.id).toBe(ids[1]);
      expect(await store.intentsByOrderIds('OTHER', ['A1'])).toEqual(new Map());
      expect(await store.intentsByOrderIds(ACCOUNT, [])).toEqual(new Map());
      expect(await store.orderLinks(ACCOUNT, ['A1', 'A1', 'A7', 'A0'])).toEqual(
        new Map([...found].map(([id, { positionId }]) => [id, { positionId, key: 'order:1' }])),
      );
      expect(await store.orderLinks('OTHER', ['A1'])).toEqual(new Map());
      expect(await store.orderLinks(ACCOUNT, [])).toEqual(new Map());
    });
  });

  describe('what the broker says later', () => {
    const placedOne = async () => {
      const store = await bench.open();
      const { id } = await claimOne(store, 'p1');
      await store.settleIntent(id, placed('A1'), at(2_000));
      const told = async (change: Partial<BrokerOrder>) => {
        await store.recordOrders([brokerOrder('A1', change)], at(0));
        return (await store.intents('p1'))[0]!;
      };
      return { store, id, told };
    };

    it("moves the status forward in the broker's own time, and never out of a final one", async () => {
      const { told } = await placedOne();
      expect((await told({ status: 'Live', updatedAt: at(10) })).brokerStatus).toBe('Live');
      expect((await told({ status: 'Routed', state: 'submitted', updatedAt: at(9) })).brokerStatus).toBe(
        'Live',
      );
      const filled = { status: 'Filled', state: 'filled', updatedAt: at(11) } as const;
      expect((await told(filled)).brokerStatus).toBe('Filled');
      expect((await told({ status: 'Live', updatedAt: at(12) })).brokerStatus).toBe('Filled');
      expect((await told({ status: 'Live', updatedAt: null })).brokerStatus).toBe('Filled');
    });

    it('takes an order that somebody else placed for ours, once, and owes its result', async () => {
      const store = await bench.open();
      const positionId = await rememberOne(store);
      const outcome = { ...placed('X1'), reason: { code: 'ADOPTED', userId: '111' } } as const;
      const adopt = (id: string) =>
        store.adopt(
          { plan: newPlan(id), orders: [{ intent: newIntent(id, positionId), outcome }] },
          at(5_000),
        );
      expect(await adopt('p7')).toBe(true);
      expect(await store.intents('p7')).toMatchObject([
        { state: 'placed', brokerOrderId: 'X1', reason: outcome.reason },
      ]);
      expect((await store.plan('p7'))?.status).toBe('done');
      expect((await store.outbox.notes({ kind: 'result', topic: 'p7' })).length).toBe(1);
      expect(await store.contractsUnderWay(ACCOUNT)).toEqual(new Set());
      expect(await adopt('p8')).toBe(false);
      expect(await store.plan('p8')).toBeNull();
      const [trail] = await store.trail(ACCOUNT, positionId, 5);
      expect(trail?.events.map(({ kind, actor }) => [kind, actor])).toEqual([
        ['plan-claimed', '111'],
        ['order-adopted', '111'],
      ]);
    });

    it('takes a target and its stop together, or neither where one of them is ours already', async () => {
      const store = await bench.open();
      const positionId = await rememberOne(store);
      const adopt = (id: string, orderIds: string[]) =>
        store.adopt(
          {
            plan: newPlan(id),
            orders: orderIds.map((orderId, index) => ({
              intent: {
                ...newIntent(id, positionId),
                targetKey: index === 0 ? 'adopted:X1' : stopKey('adopted:X1'),
                externalIdentifier: `adopted:${orderId}`,
              },
              outcome: placed(orderId),
            })),
          },
          at(5_000),
        );
      expect(await adopt('p7', ['X1', 'X2'])).toBe(true);
      expect(await store.intents('p7')).toMatchObject([
        { state: 'placed', brokerOrderId: 'X1', targetKey: 'adopted:X1' },
        { state: 'placed', brokerOrderId: 'X2', targetKey: 'adopted:X1/stop' },
      ]);
      expect((await store.plan('p7'))?.status).toBe('done');
      expect(await store.contractsUnderWay(ACCOUNT)).toEqual(new Set());
      expect(await adopt('p8', ['X3', 'X2'])).toBe(false);
      expect(await store.intents('p8')).toEqual([]);
    });

    it('adopts nothing while an order of ours for the same contracts has no known fate: it may be that one', async () => {
      const store = await bench.open();
      const positionId = await rememberOne(store);
      await store.createPlan(newPlan('p1'));
      await store.claimPlan({
        planId: 'p1',
        now: at(1_000),
        intents: [newIntent('p1', positionId)],
        state: 'submitting',
      });
      const adopt = (id: string) =>
        store.adopt(
          { plan: newPlan(id), orders: [{ intent: newIntent(id, positionId), outcome: placed('X1') }] },
          at(5_000),
        );
      expect(await adopt('p7')).toBe(false);
      const [ours] = await store.intents('p1');
      expect(await store.settleIntent(ours?.id ?? 0, placed('X1'), at(6_000))).toMatchObject({
        state: 'placed',
        brokerOrderId: 'X1',
      });
      expect(await store.plan('p7')).toBeNull();
    });

    it('forgets an order of ours by somebody’s word, unless it has ended', async () => {
      const { store, id, told } = await placedOne();
      const { planId = '' } = (await store.intent(id)) ?? {};
      await store.markReported(planId, at(4_000));
      await store.endErrand(planId, 'result');
      expect(await store.forgetOrder(id, '111', at(5_000))).toBe(true);
      // A crash before it is told leaves it owed.
      expect(await store.owedResults()).toEqual([planId]);
      expect(await store.forgetOrder(id, '111', at(5_000))).toBe(false);
      expect(await store.forgetOrder(id + 1, '111', at(5_000))).toBe(false);
      expect(await store.workingIntents(ACCOUNT)).toEqual([]);
      const reason = { code: 'FORGOTTEN', userId: '111' };
      expect(await store.intent(id)).toMatchObject({
        brokerState: 'cancelled',
        brokerStatus: 'Forgotten',
        reason,
      });
      // Should it be there after all, that is a step that can't be.
      await told({ step: 'live', status: 'Live', updatedAt: at(6_000) });
      const [trail] = await store.trail(ACCOUNT, (await store.intent(id))?.positionId ?? 0, 5);
      expect(trail?.events.map(({ kind }) => kind)).toContain('order-forgotten');
    });

    it('keeps where a position is, whoever tells it, and counts what can’t be', async () => {
      const store = await bench.open();
      const id = await b.rememberOne(store);
      const other = await b.rememberOne(store, 'order:2');
      const tell = async (step: PositionStep, ms: number, positionId = id) =>
        (await store.advancePositions([{ positionId, step, at: at(ms) }], at(ms))).get(positionId);
      expect(await tell('open', 10)).toBe('open');
      expect(await tell('opening', 5)).toBe('open');
      expect(await tell('closing', 20, other)).toBe('closing');
      expect(await tell('expired', 30)).toBe('expired');
      for (const ms of [40, 50]) expect(await tell('open', ms)).toBe('expired');
      expect(await tell('open', 40, other)).toBe('open');
      expect((await store.advancePositions([{ positionId: 999, step: 'open', at: at(1) }], at(1))).size).toBe(
        0,
      );
      const last = { of: 'position', id: String(id), from: 'expired', to: 'open', at: at(40) };
      expect(await store.oddSteps(at(0))).toEqual({ count: 1, last });
    });

    it('counts a step that can’t be once, however often it is told, and keeps what took an order’s place', async () => {
      const { store, told } = await placedOne();
      expect(await store.oddSteps(at(0))).toEqual({ count: 0, last: null });
      await told({ step: 'replace-requested', status: 'Replace Requested', updatedAt: at(10) });
      const over = { state: 'cancelled', step: 'cancelled', status: 'Cancelled', updatedAt: at(11) } as const;
      expect((await told({ ...over, replacedBy: 'A2' })).replacedBy).toBe('A2');
      expect((await told({ ...over, updatedAt: at(12) })).replacedBy).toBe('A2');
      const risen = { step: 'live', updatedAt: at(13) } as const;
      for (const _ of [1, 2, 3]) expect((await told(risen)).brokerStatus).toBe('Cancelled');
      const last = { of: 'order', id: 'A1', from: 'cancelled', to: 'live', at: at(0) };
      expect(await store.oddSteps(at(0))).toEqual({ count: 1, last });
      await told({ ...risen, updatedAt: at(14) });
      expect(await store.oddSteps(at(0))).toEqual({ count: 2, last });
      expect(await store.oddSteps(at(1))).toEqual({ count: 0, last: null });
    });

    it('keeps why an accepted order died at the venue', async () => {
      const { told } = await placedOne();
      const died = await told({ status: 'Rejected', state: 'rejected', rejectReason: 'invalid tick' });
      expect(died).toMatchObject({ state: 'placed', brokerStatus: 'Rejected', reason: 'invalid tick' });
    });

    it('adds each fill once, however often and in whatever order it is told', async () => {
      const { store, id } = await placedOne();
      const fill = (n: number) => ({ id: `f${n}`, quantity: 1, price: money(`0.${n}`), at: at(n) });
      await store.recordOrders(
        [brokerOrder('A1', {}, [fill(2)]), brokerOrder('A1', {}, [fill(1), fill(2)])],
        at(0),
      );
      await store.recordOrders([brokerOrder('A1', { updatedAt: at(0) }, [fill(3), fill(1)])], at(0));
      const common = { intentId: id, symbol: b.SHORT_PUT, action: 'buy-to-close' };
      expect(await store.fills(id)).toEqual([1, 2, 3].map((n) => ({ ...common, ...fill(n) })));
    });

    it('owes the result anew of an order that traded or ended, once it had been told, and once only', async () => {
      const { store } = await placedOne();
      const fill = (n: number) => ({ id: `f${n}`, quantity: 1, price: money(`0.${n}`), at: at(n) });
      const told = (change: Partial<BrokerOrder>, fills = [fill(1)]) =>
        store.recordOrders([brokerOrder('A1', change, fills)], at(60_000));
      expect(await told({}, [])).toEqual([]);
      expect(await told({})).toEqual([]);
      await store.beginTelling('p1', at(2_000));
      await store.markReported('p1', at(3_000));
      expect(await told({})).toEqual([]);
      expect(await store.owedResults()).toEqual([]);
      expect(await told({}, [fill(1), fill(2)])).toEqual(['p1']);
      expect(await store.owedResults()).toEqual(['p1']);
      expect(await store.takeErrands(at(60_000 + LEASE_MS - 1), 9)).not.toContainEqual({
        planId: 'p1',
        kind: 'result',
        attempts: 1,
      });
      expect(await store.takeErrands(at(60_000 + LEASE_MS), 9)).toContainEqual({
        planId: 'p1',
        kind: 'result',
        attempts: 1,
      });
      await store.markReported('p1', at(4_000));
      expect(await told({ state: 'cancelled', status: 'Cancelled' }, [fill(1), fill(2)])).toEqual(['p1']);
      expect(await told({ state: 'cancelled', status: 'Cancelled' }, [fill(1), fill(2)])).toEqual([]);
    });

    it('keeps a result owed whose order traded or ended since its telling began, told before or not', async () => {
      const { store } = await placedOne();
      const over = { state: 'expired', status: 'Expired' } as const;
      const fill = { id: 'f1', quantity: 1, price: money('0.1'), at: at(1) };
      await store.beginTelling('p1', at(2_000));
      await store.recordOrders([brokerOrder('A1', {}, [fill])], at(2_000));
      expect(await store.markReported('p1', at(3_000))).toBe(false);
      expect(await store.owedResults()).toEqual(['p1']);
      await store.beginTelling('p1', at(4_000));
      // To whoever reads it in order to tell it, it is no news.
      expect(await store.recordOrders([brokerOrder('A1', over, [fill])], at(4_000), 'p1')).toEqual(['p1']);
      expect(await store.markReported('p1', at(5_000))).toBe(true);
      expect(await store.owedResults()).toEqual([]);
    });

    it('owes the channel word of each fill, due at once, and anew when more of it trades or the rest ends', async () => {
      const { store, id } = await placedOne();
      const fill = (n: number) => ({ id: `f${n}`, quantity: 1, price: money(`0.${n}`), at: at(n) });
      const topic = { kind: 'fill', topic: String(id) };
      const due = async () => (await store.outbox.due(at(3_000), 9)).filter(({ kind }) => kind === 'fill');
      const told = async () => {
        const holding = { ...topic, owner: 'me', now: at(3_000), until: at(60_000) };
        const hold = await store.outbox.hold(holding);
        const changes = (hold?.notes ?? []).map((note) => ({
          ...note,
          news: 'fill',
          pages: ['800/1'],
          nextAt: null,
        }));
        await store.outbox.release(holding, changes, hold?.asked ?? 0);
      };
      const record = (change: Partial<BrokerOrder>, fills: Fill[]) =>
        store.recordOrders([brokerOrder('A1', change, fills)], at(2_500));
      await record({}, []);
      expect(await due()).toEqual([]);
      await record({}, [fill(1)]);
      expect(await due()).toEqual([{ ...topic, channelId: '800' }]);
      await told();
      await record({}, [fill(1)]);
      expect(await due()).toEqual([]);
      await record({}, [fill(1), fill(2)]);
      expect(await due()).toHaveLength(1);
      await told();
      await record({ state: 'cancelled', status: 'Cancelled' }, [fill(1), fill(2)]);
      expect(await due()).toHaveLength(1);
      expect(await store.outbox.notes(topic)).toHaveLength(1);
    });

    it('is ignored for orders that are not ours', async () => {
      const { store, id } = await placedOne();
      const fills = [{ id: 'f1', quantity: 1, price: money('1'), at: at(1) }];
      await store.recordOrders(
        [brokerOrder('Z9', {}, fills), brokerOrder('A1', { account: 'OTHER' }, fills)],
        at(0),
      );
      await store.recordOrders([], at(0));
      expect(await store.fills(id)).toEqual([]);
      expect(await store.intents('p1')).toMatchObject([{ brokerStatus: 'Received' }]);
    });
  });

  describe('the rest', () => {
    it('appends audit events, also about plans that do not exist', async () => {
      const store = await bench.open();
      const event = {
        at: at(7),
        actor: 'system',
        kind: 'lost',
        planId: 'ghost',
        details: { n: 1, deep: ['x'] },
      };
      await store.audit(event);
      await store.audit({ ...event, planId: null });
      expect(await store.auditTrail('ghost')).toEqual([event]);
    });

    it('keeps the last of what it remembers', async () => {
      const store = await bench.open();
      expect(await store.state.recall('home-server')).toBeNull();
      await store.state.remember('home-server', '900');
      await store.state.remember('home-server', '');
      expect(await store.state.recall('home-server')).toBe('');
    });

    it('reports its health while open and refuses work once closed', async () => {
      const store = await bench.open();
      expect(await store.check()).toMatchObject({ pendingMigrations: 0 });
      const last = store.state.remember('home-server', 'v');
      await store.close();
      await last;
      await store.close();
      await expect(store.check()).rejects.toThrow('closed');
      await expect(store.state.remember('home-server', 'w')).rejects.toThrow('closed');
    });
  });
});

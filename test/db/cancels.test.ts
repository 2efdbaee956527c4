import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.js';
import { ACCOUNT, at, brokerOrder, claimOne, legsOf, newCancellation, placed } from './support/builders.js';
import { Child, childProgram } from './support/child.js';
import { onEach } from './support/drivers.js';
import type { TestStore } from './support/test-store.js';

const TOPIC = { kind: 'cancel', topic: 'c1' };
const dueAt = async (store: TestStore, ms: number) =>
  (await store.outbox.due(at(ms), 9)).map(({ topic }) => topic);
const statesOf = async (store: Store, id = 'c1') =>
  (await store.cancellation(id))?.orders.map(({ state, orderState }) => [state, orderState]);

/** A message about it is out, and says all there is. */
async function told(store: TestStore, topic: string): Promise<void> {
  const hold = { kind: 'cancel', topic, owner: 'one', now: at(2_500), until: at(9_000) };
  const { notes = [], asked = 0 } = (await store.outbox.hold(hold)) ?? {};
  const said = notes.map((note) => ({ ...note, news: 'cancel', pages: ['800/1'], nextAt: null }));
  await store.outbox.release(hold, said, asked);
}

async function claimed(store: Store, ...orderIds: string[]) {
  await store.offerCancel(newCancellation('c1', ...orderIds));
  const claim = await store.claimCancel('c1', at(1_000));
  if (claim.kind !== 'claimed') throw new Error(`wanted a claim, got ${claim.kind}`);
  return claim.cancellation;
}

onEach(['sqlite file', 'sqlite memory', 'postgres'], (bench) => {
  describe('a cancellation', () => {
    it('is kept as it was offered', async () => {
      const store = await bench.open();
      const { orders, ...offer } = newCancellation('c1', '701', '702');
      await store.offerCancel({ ...offer, orders });
      const kept = await store.cancellation('c1');
      expect(kept).toMatchObject({ ...offer, status: 'open', claimedAt: null });
      expect(kept?.orders).toMatchObject(
        orders.map((terms) => ({ ...terms, state: 'offered', reason: null })),
      );
      expect(await store.cancellation('c2')).toBeNull();
    });

    it('is claimed once, and a message about it is owed from then on', async () => {
      const store = await bench.open();
      const cancellation = await claimed(store, '701');
      expect(cancellation).toMatchObject({ status: 'claimed', claimedAt: at(1_000) });
      expect(await store.claimCancel('c1', at(1_001))).toEqual({ kind: 'not-open', status: 'claimed' });
      // Whoever claimed it tells; others only once its time is over.
      expect(await dueAt(store, 30_999)).toEqual([]);
      expect(await dueAt(store, 31_000)).toEqual(['c1']);
      expect(await store.outbox.notes(TOPIC)).toMatchObject([{ channelId: '800', userId: '111', news: '' }]);
    });

    it('can be claimed in its time alone, and not once it was withdrawn', async () => {
      const store = await bench.open();
      await store.offerCancel(newCancellation('c1', '701'));
      await store.offerCancel(newCancellation('c2', '701'));
      expect(await store.withdrawCancel('c2', at(1))).toBe(true);
      expect(await store.claimCancel('c2', at(1))).toEqual({ kind: 'not-open', status: 'withdrawn' });
      expect(await store.claimCancel('c1', at(120_000))).toEqual({ kind: 'expired' });
      expect(await store.claimCancel('c1', at(1))).toEqual({ kind: 'not-open', status: 'expired' });
      expect(await store.withdrawCancel('c1', at(1))).toBe(false);
      expect(await store.claimCancel('c9', at(1))).toEqual({ kind: 'missing' });
    });

    it('asks by a message that is looked at whenever something about it changes, and tells nothing by itself', async () => {
      const store = await bench.open();
      const questions = async (ms: number) =>
        (await store.outbox.due(at(ms), 9)).flatMap(({ kind, topic }) =>
          kind === 'cancel-question' ? [topic] : [],
        );
      const looked = async (topic: string, ms: number) => {
        const hold = { kind: 'cancel-question', topic, owner: 'one', now: at(ms), until: at(ms + 500) };
        const { notes = [], asked = 0 } = (await store.outbox.hold(hold)) ?? {};
        await store.outbox.release(
          hold,
          notes.map((note) => ({ ...note, nextAt: at(120_000) })),
          asked,
        );
        return notes;
      };
      for (const id of ['c1', 'c2', 'c3']) {
        await store.offerCancel(newCancellation(id, `70${id}`));
        await store.cancelAsked(id, '800/5', at(10));
      }
      expect(await looked('c1', 20)).toMatchObject([{ news: 'question', pages: ['800/5'], told: 'open' }]);
      for (const id of ['c2', 'c3']) await looked(id, 20);
      expect(await questions(119_999)).toEqual([]);
      expect(await questions(120_000)).toEqual(['c1', 'c2', 'c3']);
      await store.withdrawCancel('c1', at(2_000));
      await store.recordOrders([brokerOrder('70c2', { state: 'filled', status: 'Filled' })], at(3_000));
      await store.claimCancel('c3', at(4_000));
      expect(await questions(4_000)).toEqual(['c1', 'c2', 'c3']);
      expect(await store.outbox.notes({ kind: 'cancel', topic: 'c2' })).toEqual([]);
    });

    it('whose orders have ended before anybody confirmed has nothing left to claim', async () => {
      const store = await bench.open();
      await store.offerCancel(newCancellation('c1', '701', '702'));
      await store.recordOrders([brokerOrder('701', { state: 'filled', status: 'Filled' })], at(1_000));
      await store.offerCancel(newCancellation('c2', '701'));
      await store.recordOrders([brokerOrder('701', { state: 'filled', status: 'Filled' })], at(1_500));
      expect(await store.claimCancel('c2', at(2_000))).toEqual({ kind: 'over', orderIds: ['701'] });
      expect((await store.claimCancel('c1', at(3_000))).kind).toBe('claimed');
      expect(await statesOf(store)).toEqual([
        ['ended', 'filled'],
        ['requesting', null],
      ]);
    });

    it('of an order says by whom, and what the same press placed instead, which both results then have to tell', async () => {
      const store = await bench.open();
      const old = await claimOne(store, 'old');
      await store.settleIntent(old.id, placed('701'), at(1_200));
      await store.markReported('old', at(1_500));
      const { orders, ...offer } = newCancellation('c1', '701', '801');
      const positionIds = (id: string) => [id === '701' ? old.positionId : old.positionId + 1];
      const closing = orders.map((order) => ({ ...order, positionIds: positionIds(order.orderId) }));
      await store.offerCancel({ ...offer, planId: 'new', orders: closing });
      expect(await store.cancelsOf(ACCOUNT, ['701'])).toEqual(new Map());
      await store.claimCancel('c1', at(2_000));
      const cancelled = { state: 'cancelled', status: 'Cancelled' } as const;
      await store.recordOrders([brokerOrder('701', cancelled), brokerOrder('801', cancelled)], at(3_000));
      const here = {
        userId: '111',
        confirmedAt: at(2_000),
        state: 'ended',
        orderState: 'cancelled',
        replacedBy: null,
        reason: null,
      };
      expect(await store.cancelsOf(ACCOUNT, ['701', '702'])).toEqual(
        new Map([['701', [{ ...here, successor: null }]]]),
      );
      expect(await store.cancelsOf('5WT00002', ['701'])).toEqual(new Map());
      expect(await store.cancelledFor('old')).toEqual([]);
      await store.markReported('old', at(3_500));
      expect(await store.owedResults()).not.toContain('old');
      const anew = await claimOne(store, 'new', { legs: legsOf('A', 'B') });
      await store.settleIntent(anew.id, placed('702'), at(4_000));
      expect(anew.positionId).toBe(old.positionId);
      expect(await store.owedResults()).toContain('old');
      expect(await store.cancelledFor('new')).toEqual(['701']);
      const after = await store.cancelsOf(ACCOUNT, ['701', '801']);
      expect(after.get('701')).toMatchObject([{ successor: '702' }]);
      // Another position's, which ended along: nothing stands in its place.
      expect(after.get('801')).toMatchObject([{ successor: null }]);
    });

    it('whose end is told while what took its place is placed, leaves that to be told', async () => {
      const store = await bench.open();
      const old = await claimOne(store, 'old');
      await store.settleIntent(old.id, placed('701'), at(1_200));
      await store.markReported('old', at(1_500));
      const { orders, ...offer } = newCancellation('c1', '701');
      const closing = orders.map((order) => ({ ...order, positionIds: [old.positionId] }));
      await store.offerCancel({ ...offer, planId: 'new', orders: closing });
      await store.claimCancel('c1', at(2_000));
      await store.recordOrders([brokerOrder('701', { state: 'cancelled', status: 'Cancelled' })], at(3_000));
      const anew = await claimOne(store, 'new', { legs: legsOf('A', 'B') });
      await store.settleIntent(anew.id, placed('702'), at(4_000));
      // What this tells was read before that.
      await store.markReported('old', at(4_100));
      expect(await store.takeErrands(at(5_000), 9)).toContainEqual(
        expect.objectContaining({ planId: 'old', kind: 'result' }),
      );
      await store.markReported('old', at(5_100));
      expect(await store.owedResults()).not.toContain('old');
    });

    it('of an order of which another is under way is refused, and free again once that is over', async () => {
      const store = await bench.open();
      const { orders } = await claimed(store, '701', '702');
      await store.offerCancel(newCancellation('c2', '702', '703'));
      expect(await store.claimCancel('c2', at(2_000))).toEqual({ kind: 'busy', orderIds: ['702'] });
      expect((await store.cancellation('c2'))?.status).toBe('open');
      const changes = orders.map(({ id }) => ({ id, state: 'absent' as const, reason: 'none arrived' }));
      await store.moveCancels(changes, at(3_000));
      expect((await store.claimCancel('c2', at(4_000))).kind).toBe('claimed');
    });

    it('goes on as it may, is told anew where it did, and never leaves its end', async () => {
      const store = await bench.open();
      const [first, second] = (await claimed(store, '701', '702')).orders.map(({ id }) => id);
      const [one = 0, two = 0] = [first, second];
      await store.moveCancels([{ id: one, state: 'requested', reason: null }], at(2_000));
      expect(await dueAt(store, 2_000)).toEqual(['c1']);
      await store.moveCancels([{ id: two, state: 'unknown', reason: 'cut' }], at(2_000));
      await store.recordOrders([brokerOrder('701', { state: 'filled', status: 'Filled' })], at(3_000));
      expect(await statesOf(store)).toEqual([
        ['ended', 'filled'],
        ['unknown', null],
      ]);
      await store.moveCancels([{ id: one, state: 'refused', reason: 'too late' }], at(4_000));
      await store.recordOrders([brokerOrder('701', { state: 'cancelled', status: 'Cancelled' })], at(5_000));
      expect((await statesOf(store))?.[0]).toEqual(['ended', 'filled']);
    });

    it('ends with its order alone: no other account’s, none that works, none that can’t be read', async () => {
      const store = await bench.open();
      await claimed(store, '701');
      const ended = { state: 'cancelled', status: 'Cancelled' } as const;
      const odd = { what: 'order', name: '701', why: 'x', doubts: 'coverage', concern: 'account' } as const;
      await store.recordOrders(
        [
          brokerOrder('701', { ...ended, account: '5WT00002' }),
          brokerOrder('702', ended),
          brokerOrder('701', { ...ended, legs: [], odd }),
          brokerOrder('701'),
        ],
        at(2_000),
      );
      expect(await statesOf(store)).toEqual([['requesting', null]]);
      await store.recordOrders([brokerOrder('701', { ...ended, replacedBy: '709' })], at(3_000));
      expect((await store.cancellation('c1'))?.orders).toMatchObject([
        { state: 'ended', orderState: 'cancelled', replacedBy: '709' },
      ]);
      expect(await dueAt(store, 3_000)).toEqual(['c1']);
    });

    it('is looked at again once an order closes anew what it had left uncovered, and not for another position', async () => {
      const store = await bench.open();
      const intent = await claimOne(store, 'p1');
      const { orders, ...offer } = newCancellation('c1', '701');
      const positionIds = [intent.positionId];
      await store.offerCancel({ ...offer, orders: orders.map((terms) => ({ ...terms, positionIds })) });
      await store.offerCancel(newCancellation('c2', '702'));
      for (const id of ['c1', 'c2']) await store.claimCancel(id, at(1_000));
      const ended = { state: 'cancelled', status: 'Cancelled' } as const;
      await store.recordOrders([brokerOrder('701', ended), brokerOrder('702', ended)], at(2_000));
      for (const topic of ['c1', 'c2']) await told(store, topic);
      expect(await dueAt(store, 3_000)).toEqual([]);
      await store.settleIntent(intent.id, placed('703'), at(3_000));
      expect(await dueAt(store, 3_000)).toEqual(['c1']);
    });

    it('that was said to have failed is told right once its order has ended after all', async () => {
      const store = await bench.open();
      const [only] = (await claimed(store, '701')).orders;
      await store.moveCancels([{ id: only?.id ?? 0, state: 'absent', reason: null }], at(2_000));
      await store.recordOrders([brokerOrder('701', { state: 'cancelled', status: 'Cancelled' })], at(3_000));
      expect(await statesOf(store)).toEqual([['ended', 'cancelled']]);
    });
  });
});

onEach(['sqlite file', 'postgres'], (bench, driver) => {
  it('two processes: of one offer, and of two about one order, a single claim gets through', async () => {
    const url = await bench.newUrl();
    const [one, two] = [await bench.open(url), await bench.open(url)];
    for (let round = 0; round < 5; round += 1) {
      const order = `7${round}`;
      await one.offerCancel(newCancellation(`a${round}`, order));
      await two.offerCancel(newCancellation(`b${round}`, order));
      const claims = await Promise.all(
        [one, two].flatMap((store) => [
          store.claimCancel(`a${round}`, at(1_000)),
          store.claimCancel(`b${round}`, at(1_000)),
        ]),
      );
      expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    }
  });

  const holder = childProgram('cancel-holder');
  it('of a killed process is unknown at once where that can send nothing any more', async () => {
    const url = await bench.newUrl();
    const store = await bench.open(url);
    const child = new Child(holder, [url]);
    await child.heard(1);
    await store.processes.inherit(at(2_000));
    expect(await statesOf(store)).toEqual([['requesting', null]]);
    await child.kill();
    let states = await statesOf(store);
    for (let look = 0; look < 40 && states?.[0]?.[0] === 'requesting'; look += 1) {
      await store.processes.inherit(at(3_000));
      states = await statesOf(store);
      await new Promise((resolve) => setTimeout(resolve, driver === 'postgres' ? 10 : 50));
    }
    // Only a lock of this machine's own proves it; elsewhere the deadline counts.
    expect(states).toEqual([[driver === 'postgres' ? 'requesting' : 'unknown', null]]);
    expect(await dueAt(store, 3_000)).toEqual(driver === 'postgres' ? [] : ['c1']);
  });
});

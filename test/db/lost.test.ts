import { expect, it } from 'vitest';
import {
  at,
  brokerOrder,
  claimOne,
  legsOf,
  newCancellation,
  placed,
  placedPair,
} from './support/builders.js';
import { onEach } from './support/drivers.js';
import type { TestStore } from './support/test-store.js';

/*
 * Which ends of our orders are owed a message of their own.
 */

const ENDED = { state: 'cancelled', status: 'Cancelled' } as const;

/** An order of ours on contracts of its own that works. */
async function works(store: TestStore, orderId = '701') {
  const legs = legsOf(`QQQ   261218P00${orderId}000`, `QQQ   261218P00${Number(orderId) - 5}000`);
  const intent = await claimOne(store, `plan ${orderId}`, { legs });
  await store.settleIntent(intent.id, placed(orderId), at(1_500));
  await store.recordOrders([brokerOrder(orderId)], at(1_600));
  return intent;
}

/** Somebody has an order cancelled from here. */
async function cancelled(store: TestStore, orderId = '701') {
  await store.offerCancel(newCancellation('c1', orderId));
  const claim = await store.claimCancel('c1', at(1_700));
  if (claim.kind !== 'claimed') throw new Error('not claimed');
  return claim.cancellation.orders[0]?.id ?? 0;
}

const due = async (store: TestStore) =>
  (await store.outbox.due(at(5_000), 9)).flatMap(({ kind, topic }) => (kind === 'lost' ? topic : []));
const owed = (store: TestStore) => store.outbox.owed('lost');
/** Its message is out, and says all there is. */
async function told(store: TestStore, topic: string): Promise<void> {
  const hold = { kind: 'lost', topic, owner: 'one', now: at(4_000), until: at(9_000) };
  const { notes = [], asked = 0 } = (await store.outbox.hold(hold)) ?? {};
  await store.outbox.release(
    hold,
    notes.map((note) => ({ ...note, news: 'lost', pages: ['800/1'], nextAt: null })),
    asked,
  );
}

onEach(['sqlite memory', 'postgres'], (bench) => {
  it.each([
    ['cancelled elsewhere', ENDED],
    ['rejected', { state: 'rejected', status: 'Rejected' }],
    ['expired', { state: 'expired', status: 'Expired' }],
  ] as const)(
    'an order that is %s is owed a message of its own, to whoever asked for it, once',
    async (_, end) => {
      const store = await bench.open();
      const { id } = await works(store);
      expect(await owed(store)).toEqual([]);
      await store.recordOrders([brokerOrder('701', end)], at(3_000));
      expect(await owed(store)).toEqual([`${id}`]);
      expect(await store.outbox.notes({ kind: 'lost', topic: `${id}` })).toMatchObject([
        { userId: '111', channelId: '800' },
      ]);
      await told(store, `${id}`);
      await store.recordOrders([brokerOrder('701', end)], at(5_000));
      expect(await owed(store)).toEqual([]);
    },
  );

  it('none is that was filled, or gave way to another; told only later of that, its message is mended', async () => {
    const store = await bench.open();
    await works(store);
    await store.recordOrders([brokerOrder('701', { ...ENDED, replacedBy: '702' })], at(3_000));
    await works(store, '801');
    await store.recordOrders([brokerOrder('801', { state: 'filled', status: 'Filled' })], at(3_000));
    expect(await owed(store)).toEqual([]);
    const { id } = await works(store, '901');
    await store.recordOrders([brokerOrder('901', ENDED)], at(3_000));
    await told(store, `${id}`);
    await store.recordOrders([brokerOrder('901', { ...ENDED, replacedBy: '902' })], at(3_500));
    expect(await due(store)).toEqual([`${id}`]);
  });

  it('what somebody had cancelled from here is told by that alone', async () => {
    const store = await bench.open();
    await works(store);
    await cancelled(store);
    await store.recordOrders([brokerOrder('701', ENDED)], at(3_000));
    expect(await owed(store)).toEqual([]);
  });

  it('one whose cancel was said to have failed is owed a message when it ends after all', async () => {
    const store = await bench.open();
    const { id } = await works(store);
    await store.moveCancels([{ id: await cancelled(store), state: 'refused', reason: null }], at(2_000));
    await store.recordOrders([brokerOrder('701', ENDED)], at(3_000));
    expect(await owed(store)).toEqual([`${id}`]);
  });

  it('is looked at again once an order closes anew what it had left uncovered', async () => {
    const store = await bench.open();
    const { id } = await works(store);
    await store.recordOrders([brokerOrder('701', ENDED)], at(3_000));
    await told(store, `${id}`);
    expect(await due(store)).toEqual([]);
    await works(store, '801');
    expect(await due(store)).toEqual([`${id}`]);
  });

  it('of a pair is looked at again once the other order of it has ended', async () => {
    const store = await bench.open();
    await placedPair(store, 'pair', ['701', '702']);
    const stop = (await store.intents('pair')).find(({ stopTrigger }) => stopTrigger);
    await store.recordOrders([brokerOrder('702', ENDED)], at(3_000));
    await told(store, `${stop?.id}`);
    await store.recordOrders([brokerOrder('701')], at(3_200));
    expect(await due(store)).toEqual([]);
    await store.recordOrders([brokerOrder('701', { state: 'filled', status: 'Filled' })], at(3_500));
    expect(await due(store)).toEqual([`${stop?.id}`]);
  });
});

import { describe, expect, it } from 'vitest';
import type { BrokerOrder } from '../../src/domain/types.js';
import { at, brokerOrder, claimOne, legsOf, placed } from './support/builders.js';
import { onEach } from './support/drivers.js';
import type { TestStore } from './support/test-store.js';

/*
 * Which message tells of a fill is decided once, in the transaction that takes it over.
 */

/** Orders of ours that work, on contracts of their own; their intents' numbers. */
async function working(store: TestStore, count: number, first = 701): Promise<Map<string, number>> {
  const intents = new Map<string, number>();
  for (let id = first; id < first + count; id += 1) {
    const legs = legsOf(`QQQ   261218P00${id}000`, `QQQ   261218P00${id}500`);
    const intent = await claimOne(store, `plan ${id}`, { legs, externalIdentifier: `ptb-${id}` });
    await store.settleIntent(intent.id, placed(`${id}`), at(1_500));
    intents.set(`${id}`, intent.id);
  }
  return intents;
}

const filled = (id: string, change: Partial<BrokerOrder> = {}) =>
  brokerOrder(id, { state: 'filled', status: 'Filled', ...change }, [
    { id: `${id}f`, quantity: 1, price: legsPrice, at: at(2_500) },
  ]);
const legsPrice = brokerOrder('0').price as NonNullable<BrokerOrder['price']>;

/** What is owed of fills at a moment: whose alone, and which digests with what. */
async function owed(store: TestStore) {
  const digests = await store.outbox.owed('fill-digest');
  return {
    singly: (await store.outbox.owed('fill')).map(Number),
    together: await Promise.all(digests.map((digest) => store.digestedFills(digest))),
  };
}

onEach(['sqlite memory', 'postgres'], (bench) => {
  it('ten fills within a minute: the first have a message each, the rest one together, however they are told', async () => {
    const store = await bench.open();
    const ids = await working(store, 10);
    const intents = [...ids.values()];
    const told = [...ids.keys()].map((id) => filled(id));
    for (const order of told.slice(0, 7)) await store.recordOrders([order], at(3_000));
    await store.recordOrders(told, at(4_000));
    expect(await owed(store)).toEqual({ singly: intents.slice(0, 5), together: [intents.slice(5)] });
    // Every list tells all of it again.
    await store.recordOrders(told, at(5_000));
    expect(await owed(store)).toEqual({ singly: intents.slice(0, 5), together: [intents.slice(5)] });
  });

  it('what goes on filling stays where it was told first', async () => {
    const store = await bench.open();
    const ids = await working(store, 7);
    const [first = '', ...others] = [...ids.keys()];
    const part = (id: string) => filled(id, { state: 'working', status: 'Live' });
    await store.recordOrders([...ids.keys()].map(part), at(3_000));
    const late = others.at(-1) ?? '';
    for (const kind of ['fill', 'fill-digest']) await tellAll(store, kind);
    expect(await store.outbox.due(at(9_000), 99)).not.toContainEqual(
      expect.objectContaining({ kind: 'fill-digest' }),
    );
    await store.recordOrders([filled(late), filled(first)], at(600_000));
    const due = (await store.outbox.due(at(600_000), 99)).filter(({ kind }) => kind.startsWith('fill'));
    expect(due.map(({ kind, topic }) => `${kind} ${topic}`).sort()).toEqual(
      [`fill ${ids.get(first)}`, `fill-digest ${ids.get(others[4] ?? '')}`].sort(),
    );
  });

  it('a later fill has a message of its own again', async () => {
    const store = await bench.open();
    const ids = await working(store, 8);
    const told = [...ids.keys()].map((id) => filled(id));
    await store.recordOrders(told.slice(0, 7), at(3_000));
    await store.recordOrders(told.slice(7), at(63_001));
    const { singly, together } = await owed(store);
    expect(singly).toHaveLength(6);
    expect(together.map((each) => each.length)).toEqual([2]);
  });
});

async function tellAll(store: TestStore, kind: string): Promise<void> {
  for (const topic of await store.outbox.owed(kind)) {
    const hold = { kind, topic, owner: 'one', now: at(4_000), until: at(9_000) };
    const { notes = [], asked = 0 } = (await store.outbox.hold(hold)) ?? {};
    const said = notes.map((note) => ({ ...note, news: 'fill', pages: ['800/1'], told: 'x', nextAt: null }));
    await store.outbox.release(hold, said, asked);
  }
}

onEach(['sqlite file', 'postgres'], (bench) => {
  describe('two processes that hear of the same fills', () => {
    it('tell each of them once', async () => {
      const url = await bench.newUrl();
      const [one, two] = [await bench.open(url), await bench.open(url)];
      const ids = await working(one, 12);
      const told = [...ids.keys()].map((id) => filled(id));
      await Promise.all(
        told.flatMap((order) => [one, two].map((store) => store.recordOrders([order], at(3_000)))),
      );
      const { singly, together } = await owed(one);
      expect([...singly, ...together.flat()].sort((a, b) => a - b)).toEqual([...ids.values()]);
      expect(singly.length).toBeGreaterThanOrEqual(5);
    });
  });
});

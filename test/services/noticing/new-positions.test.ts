import fc from 'fast-check';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { keyOfOrder } from '../../../src/domain/position-key.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import { NewPositions } from '../../../src/services/noticing/new-positions.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { ACCOUNT, CHANNEL, TRADER } from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

let store: BotStore;
let clock: VirtualClock;
const open = async () => {
  store = await openStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
  clock = new VirtualClock('2026-11-23T15:00:00Z');
};
beforeEach(open);
afterEach(() => store.close());

/** A process of its own on this database. */
function started() {
  const { notices, outbox } = store;
  return new NewPositions({ notices, store, outbox, clock, wake: () => {} });
}

/** How each position is held, by its opening order; `inferred` is one that no order explains. */
type Held = Record<string, 'opening' | 'open' | 'inferred'>;

/** The account as it is read with these, which get their numbers by that. */
async function book(held: Held): Promise<Book> {
  const [view] = bookOf(TRIDENT.held, [TRIDENT.opening]).positions;
  if (!view) throw new Error('no position');
  const keys = Object.entries(held).map(([order, how]) => ({
    key: how === 'inferred' ? `inferred:${order}` : keyOfOrder(order),
    opening: how === 'opening',
  }));
  clock.advance(1_000);
  const seen = keys.map(({ key }) => ({ account: ACCOUNT, key, underlying: 'QQQ', strategy: 'x' }));
  const ids = await store.rememberPositions(seen, clock.now());
  clock.advance(1_000);
  const positions = keys.map(({ key, opening }) => ({
    ...view,
    id: ids.get(key) ?? 0,
    position: { ...view.position, key, opening, openedAt: clock.now() },
  }));
  return { ...bookOf([]), positions };
}

const set = () =>
  store.notices.setChannel({ account: ACCOUNT, channelId: CHANNEL, userId: TRADER, since: clock.now() });
const owed = async () => (await store.outbox.owed('opened')).map(Number);
const idOf = async (order: string) => (await book({ [order]: 'open' })).positions[0]?.id;

describe('a new position', () => {
  it('is none while no channel is set, nor what was there when it was', async () => {
    const sut = started();
    await sut.look(await book({ a: 'open' }));
    expect(await sut.wants(ACCOUNT)).toBe(false);
    await set();
    expect(await sut.wants(ACCOUNT)).toBe(true);
    await sut.look(await book({ a: 'open' }));
    expect(await owed()).toEqual([]);
    await sut.look(await book({ a: 'open', b: 'open' }));
    expect(await owed()).toEqual([await idOf('b')]);
  });

  it('waits for its opening order’s end, and isn’t one that no order explains', async () => {
    await set();
    const sut = started();
    await sut.look(await book({ a: 'opening', b: 'inferred' }));
    expect(await owed()).toEqual([]);
    await sut.look(await book({ a: 'open', b: 'inferred' }));
    expect(await owed()).toEqual([await idOf('a')]);
  });

  it('is none that opened long before, though it comes to be known only now', async () => {
    await set();
    const found = await book({ a: 'open' });
    const old = found.positions.map((view) => ({
      ...view,
      position: { ...view.position, openedAt: new Date('2026-11-01T15:00:00Z') },
    }));
    await started().look({ ...found, positions: old });
    expect(await owed()).toEqual([]);
  });

  it('has its card looked at again when it changed, after a start in any case, and not otherwise', async () => {
    await set();
    const sut = started();
    const read = await book({ a: 'open' });
    await sut.look(read);
    const topic = { kind: 'opened', topic: String(read.positions[0]?.id) };
    const asked = async () => {
      const hold = { ...topic, owner: 'me', now: clock.now(), until: clock.now() };
      const held = await store.outbox.hold(hold);
      await store.outbox.release(hold, [], held?.asked ?? 0);
      return held?.asked;
    };
    const before = (await asked()) ?? 0;
    await sut.look(read);
    expect(await asked()).toBe(before);
    await sut.look({ ...read, positions: [] });
    expect(await asked()).toBe(before + 1);
    await started().look({ ...read, positions: [] });
    expect(await asked()).toBe(before + 2);
  });

  it('gets one card per opening order, whatever is read, in whatever order, by how many processes', async () => {
    const how = fc.constantFrom(undefined, 'opening' as const, 'open' as const, 'inferred' as const);
    const step = fc.record({
      held: fc.record({ a: how, b: how, c: how }),
      set: fc.boolean(),
      restart: fc.boolean(),
      both: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        await store.close();
        await open();
        let [one, other] = [started(), started()];
        let isSet = false;
        const before = new Set<string>();
        const expected = new Set<string>();
        for (const step of steps) {
          const held = Object.fromEntries(
            Object.entries(step.held).flatMap(([id, each]) => (each ? [[id, each] as const] : [])),
          );
          if (step.restart) [one, other] = [started(), started()];
          const read = await book(held);
          for (const [id, each] of Object.entries(held)) {
            if (!isSet && each !== 'inferred') before.add(id);
            if (isSet && each === 'open' && !before.has(id)) expected.add(id);
          }
          await Promise.all([one.look(read), ...(step.both ? [other.look(read)] : [])]);
          if (step.set && !isSet) {
            await set();
            isSet = true;
          }
        }
        const ids = await Promise.all([...expected].map(idOf));
        expect((await owed()).sort()).toEqual(ids.sort());
      }),
      { numRuns: 25 },
    );
  });
});

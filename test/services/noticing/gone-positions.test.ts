import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { keyOfOrder } from '../../../src/domain/position-key.js';
import type { OddRow } from '../../../src/domain/types.js';
import type { OrderTrail } from '../../../src/ports/audit.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import { GonePositions } from '../../../src/services/noticing/gone-positions.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { claimOne } from '../../db/support/builders.js';
import { ACCOUNT, CHANNEL, TRADER } from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

let store: BotStore;
let clock: VirtualClock;
/** Accounts that were to be read again. */
let rereads: string[];
beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
  clock = new VirtualClock('2026-11-23T15:00:00Z');
  rereads = [];
});
afterEach(() => store.close());

/** A process of its own on this database. */
function started(trail?: OrderTrail[]) {
  const { notices, state } = store;
  const told = trail
    ? { ...store, trail: async (_: string, __: number, most: number) => trail.slice(0, most) }
    : store;
  const readAgain = (account: string) => rereads.push(account);
  return new GonePositions({ notices, store: told, state, clock, wake: () => {}, readAgain });
}

/** The account as it is read with these, by their opening orders; those seen for the first time get their numbers by that. */
async function book(held: string[], change: Partial<Book> = {}): Promise<Book> {
  const [view] = bookOf(TRIDENT.held, [TRIDENT.opening]).positions;
  if (!view) throw new Error('no position');
  const readAt = clock.now();
  clock.advance(1_000);
  const keys = held.map(keyOfOrder);
  const seen = keys.map((key) => ({ account: ACCOUNT, key, underlying: 'QQQ', strategy: 'x' }));
  const ids = await store.rememberPositions(seen, clock.now());
  clock.advance(1_000);
  const positions = keys.map((key) => ({
    ...view,
    id: ids.get(key) ?? 0,
    position: { ...view.position, key },
  }));
  return { ...bookOf([]), account: ACCOUNT, readAt, positions, ...change };
}

/** Read again at once, as it is where something isn't there any more. */
async function lookTwice(sut: GonePositions, ...held: string[]): Promise<void> {
  await sut.look(await book(held));
  await sut.look(await book(held));
}

const set = () =>
  store.notices.setChannel({ account: ACCOUNT, channelId: CHANNEL, userId: TRADER, since: clock.now() });
const owed = () => store.outbox.owed('closed');
const numbers = async (...held: string[]) => (await book(held)).positions.map(({ id }) => String(id));
/** As whoever tells it has done so. */
async function tellAll(): Promise<void> {
  for (const topic of await owed()) {
    const holding = { kind: 'closed', topic, owner: 'test', now: clock.now(), until: clock.now() };
    const hold = await store.outbox.hold(holding);
    const changes = (hold?.notes ?? []).map((note) => ({
      ...note,
      news: 'closed',
      pages: ['c/1'],
      nextAt: null,
    }));
    await store.outbox.release(holding, changes, hold?.asked ?? 0);
  }
}

describe('a position that was held and is gone', () => {
  it('is owed its card, once', async () => {
    await set();
    const sut = started();
    const [, gone] = await numbers('a', 'b');
    await sut.look(await book(['a', 'b']));
    expect(await owed()).toEqual([]);
    await lookTwice(sut, 'a');
    expect(await owed()).toEqual([gone]);
    await tellAll();
    await sut.look(await book(['a']));
    expect(await owed()).toEqual([]);
  });

  it('is owed it by the next run where it went while none was there; not once it is known how it ended', async () => {
    await set();
    const [first = '', second] = await numbers('a', 'b');
    await started().look(await book(['a', 'b']));
    clock.advance(9 * 24 * 3_600_000);
    await store.advancePositions(
      [{ positionId: Number(first), step: 'expired', at: clock.now() }],
      clock.now(),
    );
    await lookTwice(started());
    expect(await owed()).toEqual([second]);
  });

  it('is no news to the first run that looks for it, nor after a month', async () => {
    await set();
    await book(['a']);
    clock.advance(2 * 24 * 3_600_000);
    await lookTwice(started(), 'b');
    expect(await owed()).toEqual([]);
    clock.advance(31 * 24 * 3_600_000);
    await lookTwice(started());
    expect(await owed()).toEqual([]);
  });

  it('is owed nothing where nobody is to be told', async () => {
    const sut = started();
    await sut.look(await book(['a']));
    await lookTwice(sut);
    expect(await owed()).toEqual([]);
  });

  it('is told where orders were placed for it from here, whatever is set', async () => {
    const sut = started();
    await claimOne(store, 'plan-1');
    await sut.look(await book(['1']));
    await lookTwice(sut);
    const [due] = await store.outbox.due(clock.now(), 9);
    expect(due).toMatchObject({
      kind: 'closed',
      topic: '1',
      channelId: (await store.plan('plan-1'))?.channelId,
    });
  });

  it('is told to whom an order of theirs traded, not to who pressed later in vain', async () => {
    const order = (userId: string, traded: number): OrderTrail =>
      ({ plan: { channelId: `c${userId}`, userId }, fills: Array(traded).fill({}) }) as OrderTrail;
    const sut = started([order('3', 0), order('2', 1), order('1', 1)]);
    await sut.look(await book(['a']));
    await lookTwice(sut);
    const [gone = ''] = await numbers('a');
    expect(await store.outbox.notes({ kind: 'closed', topic: gone })).toMatchObject([
      { channelId: 'c2', userId: '2' },
    ]);
  });

  it('is not gone by a read that may hide it, or by an older one that comes late', async () => {
    await set();
    const sut = started();
    const hidden: OddRow = { what: 'holding', name: null, why: '', doubts: 'coverage', concern: 'account' };
    const late = await book(['a']);
    await sut.look(await book(['a', 'b']));
    await sut.look(late);
    await sut.look(await book(['a'], { odd: [hidden] }));
    expect(await owed()).toEqual([]);
    const [gone] = await numbers('b');
    await lookTwice(sut, 'a');
    expect(await owed()).toEqual([gone]);
  });

  it('is not gone by one read that is short: its account is read again, and the next one says', async () => {
    await set();
    const sut = started();
    const [, gone] = await numbers('a', 'b');
    await sut.look(await book(['a', 'b']));
    expect(rereads).toEqual([]);
    await sut.look(await book(['a']));
    expect(rereads).toEqual([ACCOUNT]);
    await sut.look(await book(['a', 'b']));
    await sut.look(await book(['a']));
    expect(await owed()).toEqual([]);
    await sut.look(await book(['a']));
    expect(await owed()).toEqual([gone]);
    expect(rereads).toHaveLength(2);
  });

  it('has its account read as soon as something changed, where it is told or an order of ours works', async () => {
    const sut = started();
    const plain = await book(['a']);
    await sut.look(plain);
    expect(await sut.wants(ACCOUNT)).toBe(false);
    const working = [{ linked: true }] as Book['positions'][number]['working'];
    const [view] = plain.positions;
    if (view) await sut.look(await book(['a'], { positions: [{ ...view, working }] }));
    expect(await sut.wants(ACCOUNT)).toBe(true);
    await sut.look(await book(['a']));
    await set();
    expect(await sut.wants(ACCOUNT)).toBe(true);
  });
});

import fc from 'fast-check';
import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import * as grouping from '../../../src/domain/grouping.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import { Remembered } from '../../../src/services/accounts/remembered.js';
import { filledOrder, holding, workingOrder } from '../../domain/build.js';
import { accountReader, type World } from '../support/account-reader.js';
import { TRIDENT } from '../support/scene.js';

vi.mock('../../../src/domain/grouping.js', { spy: true });

const HELD = [
  ...TRIDENT.held,
  holding('-3 QQQ 2026-12-18 470 P @ 1.50'),
  holding('2 QQQ 2027-01-15 475 P @ 5.00'),
  holding('100 QQQ @ 500'),
];
const ENDED = [
  TRIDENT.opening,
  filledOrder('101', ['sell-to-open 3 QQQ 2026-12-18 470 P @ 1.50']),
  filledOrder('102', ['buy-to-open 2 QQQ 2027-01-15 475 P @ 5.00']),
  filledOrder('103', ['buy-to-close 1 QQQ 2026-12-18 480 P @ 2.00']),
];
const OPEN = [
  workingOrder('201', ['buy-to-close 1 QQQ 2026-12-18 470 P']),
  workingOrder('202', ['buy-to-close 2 QQQ 2026-12-18 480 P', 'sell-to-close 2 QQQ 2026-12-18 475 P']),
];

let store: BotStore;
let world: World;

beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
});
afterEach(() => store.close());

const service = () => accountReader(store, () => world);

const worlds = fc.record({
  held: fc.subarray(HELD),
  history: fc.subarray(ENDED),
  open: fc.subarray(OPEN),
  mark: fc.option(fc.integer({ min: 1, max: 9 })),
});

/** What people see of a book; the history is each service's own. */
const shown = ({ positions, holdings, openOrders, marksMissing }: Book) => ({
  positions,
  holdings,
  openOrders,
  marksMissing,
});

it('a service that remembers shows of a changing account what a new one does', async () => {
  // An order that was seen is known from then on: all that ever was stands in every world that follows.
  const grown = fc.array(worlds, { minLength: 2, maxLength: 5 }).map((each) => {
    const seen = new Set<BrokerOrder>();
    return each.map((one): World => {
      for (const order of one.history) seen.add(order);
      return { ...one, history: [...seen] };
    });
  });
  await fc.assert(
    fc.asyncProperty(grown, async (each) => {
      const sut = service();
      for (world of each) expect(shown(await sut.read())).toEqual(shown(await service().read()));
    }),
    { numRuns: 60 },
  );
});

it('groups an account once for as long as nothing of it changes, whatever its marks do', async () => {
  world = { held: [...HELD], history: [...ENDED], open: [...OPEN.slice(0, 1)], mark: 2 };
  const sut = service();
  const first = await sut.read();
  const work = vi.mocked(grouping.positionsIn).mock.calls.length;
  world = { ...world, mark: 3 };
  const second = await sut.read();
  expect(vi.mocked(grouping.positionsIn)).toHaveBeenCalledTimes(work);
  expect(second.positions.map(({ position }) => position)).toEqual(
    first.positions.map(({ position }) => position),
  );
  expect(second.positions[0]?.profit).not.toEqual(first.positions[0]?.profit);
  world = { ...world, open: [] };
  const third = await sut.read();
  expect(vi.mocked(grouping.positionsIn)).toHaveBeenCalledTimes(work + 1);
  expect(third.positions.flatMap(({ working }) => working)).toEqual([]);
  expect(second.positions.flatMap(({ working }) => working)).toHaveLength(1);
});

it('compares list by list, so that nothing passes from one to the next', async () => {
  const sut = new Remembered<number>();
  let made = 0;
  const make = async () => (made += 1);
  expect(await sut.get([['a', 'b'], []], make)).toBe(1);
  expect(await sut.get([['a', 'b'], []], make)).toBe(1);
  expect(await sut.get([['a'], ['b']], make)).toBe(2);
  expect(await sut.get([['a', 'b'], []], make)).toBe(3);
  await expect(sut.get([[]], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await sut.get([['a', 'b'], []], make)).toBe(3);
});

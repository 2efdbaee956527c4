import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import type { Holding } from '../../../src/domain/types.js';
import type { Clock } from '../../../src/ports/clock.js';
import { AccountNames } from '../../../src/services/accounts/account-names.js';
import { AccountWatch } from '../../../src/services/accounts/account-watch.js';
import { type Book, PositionService } from '../../../src/services/accounts/positions.js';
import { holding } from '../../domain/build.js';
import { ACCOUNT, brokerWith } from '../support/builders.js';
import { TRIDENT } from '../support/scene.js';

const quiet = pino({ level: 'silent' });

/** A read of holdings the broker has been asked for. */
interface Asked {
  answer(held: Holding[]): void;
  fail(): void;
}

let store: BotStore;
/** Wakes whoever sleeps. */
let wake: () => void;
let asked: Asked[];
let sut: PositionService;

beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: quiet });
  let second = 0;
  const clock: Clock = {
    now: () => new Date(Date.UTC(2026, 10, 23, 15, 0, second)),
    steady: () => second * 1000,
    sleep: (ms) =>
      new Promise((resolve) => {
        wake = () => {
          second += ms / 1000;
          resolve();
        };
      }),
  };
  asked = [];
  const broker = brokerWith({
    holdings: () =>
      new Promise((resolve, reject) => {
        asked.push({
          answer: (held) => resolve({ held, odd: [] }),
          fail: () => reject(new BrokerUnreachable('no answer')),
        });
      }),
    openOrders: async () => [],
    searchOrders: async () => [TRIDENT.opening],
    quotes: async () => new Map(),
    expirations: async () => new Map(),
  });
  sut = new PositionService({
    broker,
    store,
    archive: store.archive,
    clock,
    log: quiet,
    account: ACCOUNT,
    names: new AccountNames(),
    watch: new AccountWatch(broker, clock, 'this'),
    targets: new Map(),
    onOrders: () => {},
  });
});
afterEach(async () => {
  await sut.idle();
  await store.close();
});

/** Resolves once the broker has been asked so often, and nothing more is about to be asked. */
async function asks(count: number): Promise<void> {
  await expect.poll(() => asked.length).toBe(count);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(asked).toHaveLength(count);
}

it('readers who ask at once share one read', async () => {
  const readers = Array.from({ length: 40 }, () => sut.read());
  await asks(1);
  asked[0]?.answer(TRIDENT.held);
  const [first, ...others] = await Promise.all(readers);
  expect(first?.positions).toHaveLength(1);
  expect(others.every((book) => book === first)).toBe(true);
});

it('a reader never gets a read that had begun before it asked; those who come late share the next', async () => {
  const first = sut.read();
  await asks(1);
  const late = Array.from({ length: 40 }, () => sut.read());
  await asks(1);
  asked[0]?.answer([]);
  expect((await first).positions).toEqual([]);
  await asks(2);
  asked[1]?.answer(TRIDENT.held);
  const books = await Promise.all(late);
  expect(books.map(({ positions }) => positions.length)).toEqual(late.map(() => 1));
  expect(new Set<Book>(books).size).toBe(1);
});

it('a slow read holds the next one up for a second only, and never overwrites what was read later', async () => {
  const slow = sut.read();
  await asks(1);
  const quick = sut.read();
  await asks(1);
  wake();
  await asks(2);
  asked[1]?.answer(TRIDENT.held);
  await quick;
  asked[0]?.answer([]);
  await slow;
  expect(sut.remembered()).toHaveLength(1);
});

it('a read that fails fails for those who share it, and not for the next', async () => {
  const failing = [sut.read(), sut.read()];
  await asks(1);
  asked[0]?.fail();
  for (const read of failing) await expect(read).rejects.toThrow('no answer');
  const next = sut.read();
  await asks(2);
  asked[1]?.answer(TRIDENT.held);
  expect((await next).positions).toHaveLength(1);
});

it('marks are missed of contracts alone: shares beside them are no position', async () => {
  const shares = holding('100 QQQ @ 480');
  for (const [held, contracts] of [
    [[shares], null],
    [[shares, ...TRIDENT.held], 'all'],
  ] as const) {
    const book = sut.read();
    await asks(asked.length + 1);
    asked.at(-1)?.answer([...held]);
    expect((await book).marksMissing).toEqual(contracts && { why: 'not-served', contracts });
  }
});

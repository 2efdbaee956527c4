import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import * as profit from '../../../src/domain/profit.js';
import * as strategies from '../../../src/domain/strategies/index.js';
import * as targets from '../../../src/domain/targets.js';
import { positionsSteps } from '../../../src/screens/positions.js';
import { previewSteps } from '../../../src/screens/preview.js';
import * as kept from '../../../src/services/accounts/kept-orders.js';
import { listed, unhurried } from '../../../src/services/accounts/unhurried.js';
import { PreviewPricer } from '../../../src/services/previews/pricing.js';
import { d, filledOrder, holding } from '../../domain/build.js';
import { accountReader } from '../support/account-reader.js';
import { brokerWith, T0 } from '../support/builders.js';
import { CLEAN } from '../support/scene.js';

vi.mock('../../../src/domain/profit.js', { spy: true });
vi.mock('../../../src/domain/strategies/index.js', { spy: true });
vi.mock('../../../src/domain/targets.js', { spy: true });
vi.mock('../../../src/services/accounts/kept-orders.js', { spy: true });

const POSITIONS = 125;
/** Positions that may be worked on before others get their turn. */
const IN_ONE_GO = 10;
const VERTICALS = Array.from({ length: POSITIONS }, (_, index) => {
  const put = (strike: number) => `QQQ 2026-12-18 ${strike} P`;
  return [`-1 ${put(301 + 2 * index)} @ 2.00`, `1 ${put(300 + 2 * index)} @ 1.00`] as const;
});
const WORLD = {
  held: VERTICALS.flat().map((text) => holding(text)),
  history: VERTICALS.map(([short, long], index) =>
    filledOrder(`${100 + index}`, [`sell-to-open ${short.slice(1)}`, `buy-to-open ${long}`]),
  ),
  open: [],
  mark: 1,
};

let store: BotStore;

beforeEach(async () => {
  vi.clearAllMocks();
  store = await openStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
});
afterEach(() => store.close());

/** The most that was counted between two turns of the event loop, as whoever waits for a turn sees it; and in all. */
async function counted(
  count: () => number,
  work: () => Promise<unknown>,
): Promise<{ most: number; all: number }> {
  const start = count();
  let [most, before, done] = [0, start, false];
  const look = () => {
    most = Math.max(most, count() - before);
    before = count();
    if (!done) setImmediate(look);
  };
  setImmediate(look);
  await work();
  done = true;
  look();
  return { most, all: count() - start };
}

const calls = (spied: unknown) => () => vi.mocked(spied as () => unknown).mock.calls.length;

it('long work lets others go first every few steps, and comes to the same', async () => {
  let steps = 0;
  const work = function* () {
    while (steps < 95) {
      steps += 1;
      yield;
    }
    return 'done';
  };
  let result: unknown;
  const { most, all } = await counted(
    () => steps,
    async () => {
      result = await unhurried(work());
    },
  );
  expect(result).toBe('done');
  expect(all).toBe(95);
  expect(most).toBeLessThanOrEqual(IN_ONE_GO);
  expect(await unhurried(listed([1, 2, 3]))).toEqual([1, 2, 3]);
});

it('an error in long work reaches whoever waits for it', async () => {
  const work = function* () {
    yield;
    throw new Error('no more');
  };
  await expect(unhurried(work())).rejects.toThrow('no more');
});

describe(`of ${POSITIONS} positions`, () => {
  it.each([
    ['put together', strategies.recognise],
    ['judged', strategies.titleOf],
    ['priced at the marks', profit.openProfit],
  ])('no more than a few are %s by a read before others get their turn', async (_what, spied) => {
    const sut = accountReader(store, () => WORLD);
    const { most, all } = await counted(calls(spied), async () => {
      expect((await sut.read()).positions).toHaveLength(POSITIONS);
    });
    expect(all).toBeGreaterThanOrEqual(POSITIONS);
    expect(most).toBeLessThanOrEqual(IN_ONE_GO);
  });

  it('no more than a few of their orders are made ready to be kept before others get their turn', async () => {
    const sut = accountReader(store, () => WORLD);
    const { most, all } = await counted(calls(kept.keepOrder), async () => {
      await sut.read();
      await sut.idle();
    });
    expect(all).toBe(POSITIONS);
    expect(most).toBeLessThanOrEqual(IN_ONE_GO);
  });

  it('no more than a few are planned by a preview before others get their turn', async () => {
    const book = await accountReader(store, () => WORLD).read();
    const broker = brokerWith({
      underlying: async (symbol) => ({ symbol, isIndex: false, optionTicks: [] }),
      dryRun: async () => CLEAN,
    });
    const rules = { rounding: 'nearest', spreadTicks: new Map(), maxOrderContracts: null } as const;
    const sut = new PreviewPricer(broker, rules);
    const { most, all } = await counted(calls(targets.planTargets), () =>
      sut.price(book, book.positions, { percent: d(50) }, true),
    );
    expect(all).toBe(POSITIONS);
    expect(most).toBeLessThanOrEqual(IN_ONE_GO);
  });

  it('a list takes a step for each, and so does a preview', async () => {
    const book = await accountReader(store, () => WORLD).read();
    expect([...positionsSteps(book, book.positions, 'PAPER', T0)]).toHaveLength(POSITIONS);
    const preview = {
      planId: 'plan',
      actor: { userId: '1', roleIds: [], guildId: null, channelId: '2' },
      account: book.account,
      name: book.name,
      positions: book.positions.map((view) => ({ view, targets: [], notes: [], coverage: [] })),
      leftOut: [],
      overrides: {},
      dryRun: false,
      expiresAt: T0,
      orders: 0,
      locked: null,
      halt: null,
      givingWay: [],
      bared: [],
      close: null,
      quotes: book.quotes,
      marksMissing: null,
      odd: [],
    };
    expect([...previewSteps(preview, 'PAPER', T0)]).toHaveLength(POSITIONS);
  });
});

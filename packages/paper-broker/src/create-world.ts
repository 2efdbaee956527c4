import { MarketClock } from './clock.js';
import { Faults } from './faults.js';
import { Market } from './market/market.js';
import { recallAdjusted } from './orders/corporate.js';
import { findScenario } from './scenarios/index.js';
import { seedAccount } from './scenarios/seed.js';
import { Sessions } from './sessions.js';
import type { AccountBook, BrokerState } from './state.js';
import { StateStore } from './store.js';
import type { Change, World } from './world.js';

export interface WorldOptions {
  seed: number;
  scenario: string;
  /** Of the second account; undefined for none. */
  iraScenario: string | undefined;
  /** Epoch ms of market time. */
  startAt: number;
  speed: number;
  alwaysOpen: boolean;
  stateFile: string | undefined;
}

const FIRST_IDS = { order: 417_000_001, transaction: 380_000_001, fill: 5_000_001 };

function emptyBook(): AccountBook {
  return {
    cash: '0.0',
    tradingStatus: { isClosed: false, isFrozen: false, isClosingOnly: false },
    positions: [],
    orders: [],
    transactions: [],
  };
}

function emptyState(options: WorldOptions, clock: MarketClock): BrokerState {
  return {
    version: 1,
    seed: options.seed,
    scenario: options.scenario,
    anchor: options.startAt,
    clock: clock.read(),
    session: { alwaysOpen: options.alwaysOpen, forced: null, forcedAt: options.startAt },
    hands: { factors: {}, pins: {}, volatility: {}, frozenAt: null },
    ...emptyBook(),
    received: [],
    tokens: [],
    nextId: { ...FIRST_IDS },
  };
}

const CLOSED = '5WT00002';
const MARGIN = {
  accountNumber: '5WT00001',
  account: { nickname: 'Paper account', type: 'Individual', marginOrCash: 'Margin' },
} as const;
const IRA = {
  accountNumber: '5WT00003',
  account: { nickname: 'Paper IRA', type: 'Traditional IRA', marginOrCash: 'Cash' },
} as const;

/**
 * A market and the open accounts of a login, one or two: as the state file left them, or as the scenarios have them. All
 * share clock, market, tokens, ids and file; each has its own book.
 */
export async function createWorlds(
  options: WorldOptions,
  publish: (world: World, change: Change) => void,
): Promise<[World, ...World[]]> {
  const saved = await StateStore.read(options.stateFile);
  const clock = saved ? new MarketClock(saved.clock) : MarketClock.startingAt(options.startAt, options.speed);
  const state = saved ?? emptyState(options, clock);
  for (const book of [state, state.ira]) if (book) recallAdjusted(book);
  const sessions = new Sessions(state.session);
  const second = iraState(state, options);
  const store = new StateStore(options.stateFile, () => ({
    ...state,
    ...(second ? { ira: bookOf(second) } : {}),
    clock: clock.read(),
  }));
  const shared = {
    closedAccountNumber: CLOSED,
    clock,
    sessions,
    market: new Market(state.seed, state.anchor, clock, sessions, state.hands),
    store,
    faults: new Faults(),
  };
  const open = (which: Pick<World, 'accountNumber' | 'account' | 'state'>): World => {
    const world: World = {
      ...shared,
      ...which,
      publish(change) {
        store.touch();
        publish(world, change);
      },
    };
    return world;
  };
  const first = open({ ...MARGIN, state });
  const ira = second && open({ ...IRA, state: second });
  if (!saved) seedAccount(first, findScenario(options.scenario));
  if (ira && !saved?.ira) seedAccount(ira, findScenario(options.iraScenario ?? 'empty'));
  store.touch();
  return ira ? [first, ira] : [first];
}

/** The second account's view of the state: a book of its own, everything else the very same objects. */
function iraState(state: BrokerState, { iraScenario }: WorldOptions): BrokerState | undefined {
  if (iraScenario === undefined && !state.ira) return undefined;
  return { ...state, ...(state.ira ?? emptyBook()) };
}

function bookOf({ cash, tradingStatus, positions, orders, transactions }: AccountBook): AccountBook {
  return { cash, tradingStatus, positions, orders, transactions };
}

import { MarketClock } from './clock.js';
import { Faults } from './faults.js';
import { Market } from './market/market.js';
import { findScenario } from './scenarios/index.js';
import { seedAccount } from './scenarios/seed.js';
import { Sessions } from './sessions.js';
import type { BrokerState } from './state.js';
import { StateStore } from './store.js';
import type { Change, World } from './world.js';

export interface WorldOptions {
  seed: number;
  scenario: string;
  /** Epoch ms of market time. */
  startAt: number;
  speed: number;
  alwaysOpen: boolean;
  stateFile: string | undefined;
}

const FIRST_IDS = { order: 417_000_001, transaction: 380_000_001, fill: 5_000_001 };

function emptyState(options: WorldOptions, clock: MarketClock): BrokerState {
  return {
    version: 1,
    seed: options.seed,
    scenario: options.scenario,
    anchor: options.startAt,
    clock: clock.read(),
    session: { alwaysOpen: options.alwaysOpen, forced: null, forcedAt: options.startAt },
    hands: { factors: {}, pins: {}, volatility: {}, frozenAt: null },
    cash: '0.0',
    tradingStatus: { isClosed: false, isFrozen: false, isClosingOnly: false },
    positions: [],
    orders: [],
    transactions: [],
    received: [],
    tokens: [],
    nextId: { ...FIRST_IDS },
  };
}

/** A market and an account: as the state file left them, or as the scenario has them. */
export async function createWorld(options: WorldOptions, publish: (change: Change) => void): Promise<World> {
  const saved = await StateStore.read(options.stateFile);
  const clock = saved ? new MarketClock(saved.clock) : MarketClock.startingAt(options.startAt, options.speed);
  const state = saved ?? emptyState(options, clock);
  const sessions = new Sessions(state.session);
  const store = new StateStore(options.stateFile, () => ({ ...state, clock: clock.read() }));
  const world: World = {
    accountNumber: '5WT00001',
    closedAccountNumber: '5WT00002',
    state,
    clock,
    sessions,
    market: new Market(state.seed, state.anchor, clock, sessions, state.hands),
    store,
    faults: new Faults(),
    publish(change) {
      store.touch();
      publish(change);
    },
  };
  if (!saved) seedAccount(world, findScenario(options.scenario));
  store.touch();
  return world;
}

import pino from 'pino';
import type { BrokerOrder, Holding } from '../../../src/domain/types.js';
import { AccountNames } from '../../../src/services/accounts/account-names.js';
import { AccountWatch } from '../../../src/services/accounts/account-watch.js';
import { type PositionDeps, PositionService } from '../../../src/services/accounts/positions.js';
import { d, filledOrder } from '../../domain/build.js';
import { ACCOUNT, brokerWith, T0 } from './builders.js';

/** What the broker would tell at the next read. */
export interface World {
  held: Holding[];
  history: BrokerOrder[];
  open: BrokerOrder[];
  /** Of every contract; null where none is told. */
  mark: number | null;
}

/** Reads an account as it is at the moment; nothing of it is kept but in memory. */
export function accountReader(store: PositionDeps['store'], world: () => World): PositionService {
  const clock = { now: () => T0, steady: () => 0, sleep: async () => {} };
  const broker = brokerWith({
    holdings: async () => ({ held: [...world().held], odd: [] }),
    openOrders: async () => [...world().open],
    searchOrders: async () => [...world().history],
    order: async (_account, id) => world().history.find((each) => each.id === id) ?? filledOrder(id, []),
    quotes: async (wanted) => {
      const { mark } = world();
      const price = mark === null ? null : d(mark);
      const told = { bid: price, ask: price, mark: price, at: T0, halted: false };
      return new Map([...wanted].map(({ symbol }) => [symbol, told]));
    },
    expirations: async () => new Map(),
  });
  return new PositionService({
    broker,
    store,
    archive: {
      reach: async () => null,
      changedSince: async () => [],
      touching: async () => [],
      begin: async () => {},
      keep: async () => true,
    },
    clock,
    log: pino({ level: 'silent' }),
    account: ACCOUNT,
    names: new AccountNames(),
    watch: new AccountWatch(broker, clock, 'this'),
    targets: new Map(),
    onOrders: () => {},
  });
}

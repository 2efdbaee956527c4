import type { MarketClock } from './clock.js';
import type { Faults } from './faults.js';
import type { Market } from './market/market.js';
import type { Sessions } from './sessions.js';
import type { BrokerState, OrderRecord, PositionRecord, TransactionRecord } from './state.js';
import type { StateStore } from './store.js';

/** Something the account streamer tells its subscribers. */
export type Change =
  | { type: 'Order'; order: OrderRecord }
  | { type: 'CurrentPosition'; position: PositionRecord }
  | { type: 'AccountBalance' }
  | { type: 'TradingStatus' }
  | { type: 'ExternalTransaction'; transaction: TransactionRecord };

/** What kind of account it is, in the broker's words. */
export interface AccountKind {
  nickname: string;
  type: string;
  marginOrCash: 'Margin' | 'Cash';
}

/** What every part of the broker works on: one account, and the market and the login that it shares with the others. */
export interface World {
  accountNumber: string;
  account: AccountKind;
  /** An account of the same login that was closed long ago. */
  closedAccountNumber: string;
  state: BrokerState;
  clock: MarketClock;
  sessions: Sessions;
  market: Market;
  store: StateStore;
  faults: Faults;
  /** Tells subscribers and marks the state for saving. */
  publish(change: Change): void;
}

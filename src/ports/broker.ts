import type { StreamReason } from '../domain/broker-troubles.js';
import type { ToldExpiration } from '../domain/expiration.js';
import type { MarketDay, UnderlyingInfo } from '../domain/market.js';
import type { Decimal } from '../domain/money.js';
import type { ToldQuote } from '../domain/quotes.js';
import type { LedgerRow } from '../domain/realised.js';
import type { BrokerOrder, Effect, Holding, IsoDate, LegAction, OddRow } from '../domain/types.js';

/** An account the login reaches and that is open. */
export interface BrokerAccount {
  /** Null where the broker's row doesn't tell it. */
  number: string | null;
  nickname: string | null;
  /** `Margin`, `Cash`, … as the broker says. */
  type: string | null;
}

/** What the broker restricts an account in; true only where it clearly says so. */
export interface TradingStatus {
  /** No order is taken any more. */
  closed: boolean;
  /** No order is taken for now, closing ones neither. */
  frozen: boolean;
  closingOnly: boolean;
  riskReducingOnly: boolean;
  marginCall: boolean;
  dayTradeCall: boolean;
}

export interface Balances {
  netLiquidatingValue: Decimal | null;
  cash: Decimal | null;
  derivativeBuyingPower: Decimal | null;
}

export interface MarketSession {
  open: boolean;
  /** When the current or next regular session opens or closes; null if not told. */
  opensAt: Date | null;
  closesAt: Date | null;
}

/** What the broker knows of a stock's or fund's latest announced dividend. */
export interface ExDividend {
  /** Who holds the shares before this day gets it; may lie in the past. Null if none is told. */
  date: IsoDate | null;
  /** Dollars per share; null if not told. */
  amount: Decimal | null;
}

/** What is held, and the rows of it that can't be read in full. */
export interface Holdings {
  /** Also those of an odd row whose contract, side and quantity are clear. */
  held: Holding[];
  odd: OddRow[];
}

export interface OrderRequestLeg {
  symbol: string;
  kind: 'option' | 'equity';
  action: LegAction;
  /** Contracts in the whole order. */
  quantity: number;
}

/** A GTC limit order. The adapter always asks for strict position-effect validation. */
export interface OrderRequest {
  underlying: string;
  /** One to four legs, distinct symbols. */
  legs: OrderRequestLeg[];
  /** Net per unit per share, positive, on tick. */
  price: Decimal;
  effect: Effect;
}

/** A GTC stop limit order: it wakes up once closing a unit costs as much, or brings as little, as the trigger. */
export interface StopRequest extends OrderRequest {
  /** Net per unit per share, positive, on tick; the price is the limit from then on. */
  trigger: Decimal;
}

/** A target and a stop of the same contracts, of which the fill of one ends the other (an OCO). */
export interface OrderPair {
  target: OrderRequest;
  stop: StopRequest;
}

/** What the broker says of an order beside yes or no, in its own words. */
export interface Remark {
  code: string;
  message: string;
}

export interface DryRun {
  /** Fees for the whole order in dollars, positive is a cost; null if not told. */
  fees: Decimal | null;
  /** Change of buying power in dollars, positive frees it; null if not told. */
  buyingPowerChange: Decimal | null;
  warnings: Remark[];
  /** Non-empty means the broker would refuse it. */
  errors: Remark[];
}

/** What the broker answered to a submitted order. An odd answer that names an id proves the order all the same. */
export interface Receipt {
  order: BrokerOrder;
  warnings: Remark[];
}

/** What the broker answered to a submitted pair: of each order what its row proves, null where that names no id. Not both are null. */
export interface PairReceipt {
  target: BrokerOrder | null;
  stop: BrokerOrder | null;
}

/**
 * For whom a request is made, and so who goes first where the broker's rate makes them wait: a press that can send
 * orders, somebody who may trade, somebody who only looks.
 */
export type Urgency = 'press' | 'trader' | 'viewer';

/** Until when a request may leave. */
export interface Deadline {
  passed(): boolean;
}

/** An order that is to end. */
export interface CancelTarget {
  id: string;
  /** The complex order that it is a part of: that one is cancelled, and all its parts with it. Null for a simple order. */
  complexId: string | null;
}

export interface OrderSearch {
  from: Date;
  to: Date;
  underlying?: string;
  /** Only filled orders. */
  filledOnly?: boolean;
}

export interface LedgerSearch {
  /** From this day of the exchange on. */
  since: Date;
  /** Of one contract; absent for all. */
  symbol?: string;
}

/** What the account's ledger says of contracts and shares. */
export interface Ledger {
  rows: LedgerRow[];
  /** How many rows can't be read: what they made is in no sum. */
  odd: number;
}

export interface StreamListener {
  /** The stream is connected, subscribed and acknowledged: from now on changes arrive. */
  onLive(): void;
  /** Changes may be missed from now until the next `onLive`. */
  onDown(reason: StreamReason): void;
  onOrder(order: BrokerOrder): void;
  /** The quantity held of a symbol changed. */
  onPosition(symbol: string): void;
}

export interface AccountStream {
  close(): Promise<void>;
}

/**
 * A broker in the services' own terms. Each call has its own timeout and throws only the errors of
 * `errors.ts`: `BrokerRefusal` (the broker said no), `BrokerUnreachable` (no answer, and nothing can have been
 * placed), `OutcomeUnknown` (only from `submit`, `submitPair` and `cancel`: it may have arrived), `BrokerTooLate` (only from these: its
 * deadline had passed, so nothing left), `BrokerLoginError`, `BrokerProtocolError` (an answer that makes no sense).
 */
export interface Broker {
  /** Open accounts of this login. */
  accounts(): Promise<BrokerAccount[]>;
  balances(account: string): Promise<Balances>;
  tradingStatus(account: string): Promise<TradingStatus>;
  holdings(account: string): Promise<Holdings>;
  /** Cheap to call again and for many at once: kept for a while, and those asked for together are read together. */
  underlying(symbol: string): Promise<UnderlyingInfo>;
  /** Quotes by symbol as told (options and stock), to be judged by `soundQuote`; missing where the broker serves none. Never throws for absence. */
  quotes(
    instruments: Iterable<{ symbol: string; kind: 'option' | 'equity' | 'index' }>,
  ): Promise<Map<string, ToldQuote>>;
  /** How options end, by symbol; missing where the broker tells nothing. Kept: cheap to call again. */
  expirations(symbols: Iterable<string>): Promise<Map<string, ToldExpiration>>;
  /** Dividends by symbol; missing where the broker tells nothing of a symbol. Never throws for absence. */
  exDividends(symbols: Iterable<string>): Promise<Map<string, ExDividend>>;
  marketSession(): Promise<MarketSession>;
  /**
   * Sessions and closings between two days of the exchange, both included, ascending. Days of which the broker
   * tells nothing are missing.
   */
  marketDays(from: IsoDate, to: IsoDate): Promise<MarketDay[]>;
  /** Every order not yet in a terminal state, however old. One that can't be read in full is there, as `odd`. */
  openOrders(account: string): Promise<BrokerOrder[]>;
  /** All pages of the order history in a window of receipt times, oldest first, odd ones included. */
  searchOrders(account: string, search: OrderSearch): Promise<BrokerOrder[]>;
  order(account: string, id: string): Promise<BrokerOrder>;
  /** Every trade and settlement the ledger has from a day on; it lags behind both. */
  ledger(account: string, search: LedgerSearch): Promise<Ledger>;
  /** Has the broker try an order. Who asks for the same trial before one leaves shares it. */
  dryRun(account: string, order: OrderRequest, urgency: Urgency): Promise<DryRun>;
  /** Has the broker try a pair as one: whether it takes it at all only this tells. */
  dryRunPair(account: string, pair: OrderPair, urgency: Urgency): Promise<DryRun>;
  /**
   * Makes sure that our login is taken now, by a small request that is asked once, so that no order is spent on
   * finding out. A token that died early is replaced on the way.
   */
  ready(): Promise<void>;
  /**
   * Sends the order once. Never retried here: after `OutcomeUnknown` only reading tells.
   * @param deadline asked in the last step before the order's first byte leaves, after every wait
   */
  submit(
    account: string,
    order: OrderRequest,
    externalIdentifier: string,
    deadline: Deadline,
  ): Promise<Receipt>;
  /**
   * Sends a pair once, as one request: either both orders exist by it or neither.
   * @param externalIdentifiers each order's own
   * @param deadline as of `submit`
   */
  submitPair(
    account: string,
    pair: OrderPair,
    externalIdentifiers: Record<keyof OrderPair, string>,
    deadline: Deadline,
  ): Promise<PairReceipt>;
  /**
   * Asks for an order's end, once. That it was taken doesn't end the order: it may fill yet, and only reading it tells. Never
   * retried here either.
   * @param deadline as of `submit`
   */
  cancel(account: string, order: CancelTarget, deadline: Deadline): Promise<void>;
  /** Reconnects by itself until closed. */
  watch(account: string, listener: StreamListener): AccountStream;
}

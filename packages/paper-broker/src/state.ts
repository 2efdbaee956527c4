import type { ClockReading } from './clock.js';
import type { MarketHands } from './market/market.js';
import type { DecimalString, Effect } from './money.js';
import type { SessionRules } from './sessions.js';

/** What belongs to one account. */
export interface AccountBook {
  /** In dollars. */
  cash: DecimalString;
  tradingStatus: TradingStatusFlags;
  positions: PositionRecord[];
  orders: OrderRecord[];
  transactions: TransactionRecord[];
}

/** Everything that survives a restart. Plain JSON: money in decimal strings, instants in epoch milliseconds. */
export interface BrokerState extends AccountBook {
  version: 1;
  seed: number;
  scenario: string;
  /** First market instant, to which all simulated prices are tied. */
  anchor: number;
  clock: ClockReading;
  session: SessionRules;
  hands: MarketHands;
  /** The book of the second account, where the login has one; all else is shared. */
  ira?: AccountBook;
  /** Every POST of an order that was read, in order of arrival, whatever became of its answer. */
  received: ReceivedOrder[];
  /** SHA-256 of issued access tokens and when they end, on the token clock. */
  tokens: { hash: string; expiresAt: number }[];
  nextId: { order: number; transaction: number; fill: number };
}

interface TradingStatusFlags {
  isClosed: boolean;
  isFrozen: boolean;
  isClosingOnly: boolean;
  isRiskReducingOnly?: boolean;
  isInMarginCall?: boolean;
  isInDayTradeCall?: boolean;
}

export type InstrumentType = 'Equity' | 'Equity Option';
export type LegAction = 'Buy to Open' | 'Buy to Close' | 'Sell to Open' | 'Sell to Close';
type OrderType = 'Limit' | 'Market' | 'Stop' | 'Stop Limit';
export type TimeInForce = 'Day' | 'GTC' | 'GTD' | 'IOC';

export type OrderStatus =
  | 'Received'
  | 'Routed'
  | 'In Flight'
  | 'Live'
  | 'Cancel Requested'
  | 'Replace Requested'
  | 'Contingent'
  | 'Filled'
  | 'Cancelled'
  | 'Expired'
  | 'Rejected';

/** What one account holds of one symbol. Gone from the list once purged overnight after closing. */
export interface PositionRecord {
  symbol: string;
  underlying: string;
  instrumentType: InstrumentType;
  /** Contracts or shares, positive for long, negative for short, 0 for closed today. */
  quantity: number;
  /** Running average per share. */
  averageOpenPrice: DecimalString;
  multiplier: number;
  /** Part of the quantity that may not be traded. */
  restricted: number;
  frozen: boolean;
  realizedToday: DecimalString;
  realizedOn: string;
  createdAt: number;
  updatedAt: number;
}

export interface FillRecord {
  id: string;
  execId: string;
  quantity: number;
  price: DecimalString;
  filledAt: number;
}

export interface OrderLeg {
  instrumentType: InstrumentType;
  symbol: string;
  action: LegAction;
  quantity: number;
  remaining: number;
  fills: FillRecord[];
}

/** Something that will happen to an order at a venue instant. */
export type OrderTask =
  /** `release`: an order of an OCO waits no more and goes out. */
  | { due: number; kind: 'in-flight' | 'live' | 'cancel' | 'replace' | 'release' }
  | { due: number; kind: 'reject'; reason: string }
  /** Execution of `units` of the order at a net price (Credit positive) or, if null, at the natural price. */
  | { due: number; kind: 'execute'; units: number; net: DecimalString | null }
  /** The fills of one leg reach the order; used where a Filled order shows its legs one after another. */
  | { due: number; kind: 'attach'; leg: number; fills: FillRecord[] };

export interface OrderRecord {
  id: number;
  size: number;
  underlying: string;
  timeInForce: TimeInForce;
  orderType: OrderType;
  price: DecimalString | null;
  priceEffect: Effect | null;
  stopTrigger: DecimalString | null;
  /** A stop whose trigger was touched works like a limit or market order. */
  triggered: boolean;
  gtcDate: string | null;
  legs: OrderLeg[];
  status: OrderStatus;
  source: string | null;
  externalIdentifier: string | null;
  globalRequestId: string;
  strict: boolean;
  receivedAt: number;
  /** The real instant of receipt; the market's time may be another. */
  receivedReal: number;
  inFlightAt: number | null;
  liveAt: number | null;
  cancelledAt: number | null;
  terminalAt: number | null;
  updatedAt: number;
  rejectReason: string | null;
  edited: boolean;
  replacesOrderId: number | null;
  replacingOrderId: number | null;
  /** Of a part of a complex order: its id, and the part's role in it, such as `OCO::order`. */
  complexOrderId?: number;
  complexOrderTag?: string;
  /** It waited in the market without crossing: from then on it fills at its limit, not better. */
  rested: boolean;
  /** Units (of `size`) whose execution is done or under way. */
  executing: number;
  /** Day orders end here, epoch ms of market time. */
  dayEndAt: number;
  tasks: OrderTask[];
}

export interface TransactionRecord {
  id: number;
  type: 'Trade' | 'Receive Deliver';
  subType: string;
  action: LegAction | null;
  symbol: string;
  underlying: string;
  instrumentType: InstrumentType;
  quantity: number;
  /** Per share; null where the row names none. */
  price: DecimalString | null;
  /** Signed dollars: received positive, paid negative. */
  value: DecimalString;
  netValue: DecimalString;
  /** Signed dollars, costs negative. */
  commission: DecimalString;
  clearing: DecimalString;
  regulatory: DecimalString;
  proprietary: DecimalString;
  orderId: number | null;
  execId: string | null;
  legCount: number;
  executedAt: number;
  description: string;
}

/** One POST of an order, or of a complex one, as it arrived. */
export interface ReceivedOrder {
  sequence: number;
  at: number;
  realAt: number;
  accountNumber: string;
  /** Of a complex one its orders have theirs, in the body. */
  externalIdentifier: string | null;
  /** The version the request asked for. */
  acceptVersion?: string | null;
  body: unknown;
  /** The order, or complex order, it became, or null if it was refused. */
  orderId: number | null;
  refusal: string | null;
  /** What the client was told: the true answer, an error instead, nothing at all, or a cut connection. */
  answer: 'given' | 'falsified' | 'withheld' | 'cut';
}

const TERMINAL: ReadonlySet<OrderStatus> = new Set(['Filled', 'Cancelled', 'Expired', 'Rejected']);
const AT_VENUE: ReadonlySet<OrderStatus> = new Set(['Live', 'Cancel Requested', 'Replace Requested']);

export function isTerminal(order: OrderRecord): boolean {
  return TERMINAL.has(order.status);
}

/** Whether the order lies in the market and may fill, even while its end has been asked for. */
export function isAtVenue(order: OrderRecord): boolean {
  return AT_VENUE.has(order.status) && order.liveAt !== null;
}

export function isClosing(action: LegAction): boolean {
  return action === 'Buy to Close' || action === 'Sell to Close';
}

export function isBuy(action: LegAction): boolean {
  return action === 'Buy to Open' || action === 'Buy to Close';
}

import type { Doubt } from './doubts.js';
import type { Exact } from './exact.js';
import type { Decimal } from './money.js';
import type { RowFault } from './row-faults.js';

/** A calendar day `YYYY-MM-DD` in the exchange's zone (America/New_York). */
export type IsoDate = string;

export type OptionType = 'call' | 'put';
export type Side = 'long' | 'short';
/** Whether money leaves (debit: you pay) or enters (credit: you receive) the account. */
export type Effect = 'debit' | 'credit';

/** What an option symbol says; see `occ.ts`. */
export interface OptionTerms {
  /** Option root without padding, such as `SPXW`; it can differ from the underlying (`SPX`). */
  root: string;
  expiration: IsoDate;
  type: OptionType;
  strike: Decimal;
}

/** One tradable instrument as the broker names it. */
export interface Instrument {
  /** The broker's symbol, padding kept: `QQQ   261218P00480000`, or a stock's plain symbol. */
  symbol: string;
  underlying: string;
  /** Shares per contract (1 for stock). Adjusted options differ from 100: read, never assumed. */
  multiplier: number;
  /** Null for stock. */
  option: OptionTerms | null;
}

/**
 * Why a quote is none: trading is halted, it is from before the present session, bid and ask are crossed, nobody bids
 * while much is asked, its prices contradict each other, or the contract trades no more.
 */
export type QuoteDoubt = 'halted' | 'old' | 'crossed' | 'no-bid' | 'impossible' | 'expired';

/** Prices per share. A field is null where the broker serves none, or none that can be true. */
export interface Quote {
  bid: Decimal | null;
  ask: Decimal | null;
  mark: Decimal | null;
  /** When it last changed; absent where the broker doesn't tell. */
  at?: Date;
  /** Why all are null though the broker served something. */
  doubt?: QuoteDoubt;
  /** Absent where the broker serves none. */
  previousClose?: PreviousClose;
}

/** Where trading in something closed on an earlier day. */
export interface PreviousClose {
  price: Decimal;
  day: IsoDate;
}

/** What the account holds of one instrument, over all positions that share it. */
export interface Holding {
  instrument: Instrument;
  side: Side;
  /** Contracts (or whole shares), at least 1. */
  quantity: number;
  /** Part of `quantity` the broker won't let trade (pending assignment and the like). */
  restricted: number;
  /** Running average per share over everything held; only a fallback where fills are unknown. NaN if unreadable. */
  averageOpenPrice: Decimal;
  /** When the broker first showed the holding; null if it doesn't say. */
  createdAt: Date | null;
}

export type LegAction = 'buy-to-open' | 'sell-to-open' | 'buy-to-close' | 'sell-to-close';

export interface Fill {
  id: string;
  quantity: number;
  /** Per share, unsigned. */
  price: Decimal;
  at: Date;
}

export interface OrderLeg {
  instrument: Instrument;
  action: LegAction;
  /** Contracts ordered. */
  quantity: number;
  /** Contracts not filled yet. */
  remaining: number;
  /** In time order. May lag behind `remaining`: the broker can say Filled before it lists each fill. */
  fills: Fill[];
}

/**
 * - `submitted`: received, routed or in flight, not yet resting at the exchange
 * - `working`: resting (live), or being cancelled or replaced
 * - `unrecognised`: a status we don't know; treated as still open
 */
export type OrderState =
  | 'submitted'
  | 'working'
  | 'filled'
  | 'cancelled'
  | 'rejected'
  | 'expired'
  | 'unrecognised';

/**
 * Where an order is on its way, finer than its state: each may be missing.
 * - `contingent`: waits for a condition or for another order
 * - `cancel-requested`, `replace-requested`: works still, and may fill yet
 */
export type OrderStep =
  | 'received'
  | 'contingent'
  | 'routed'
  | 'in-flight'
  | 'live'
  | 'cancel-requested'
  | 'replace-requested'
  | 'filled'
  | 'cancelled'
  | 'rejected'
  | 'expired'
  | 'unrecognised';

/** An order as the broker tells it. */
export interface BrokerOrder {
  id: string;
  account: string;
  underlying: string;
  state: OrderState;
  /** The broker's own word, such as `In Flight`. */
  status: string;
  /** What that word means on its way; absent of an order that was read by an earlier version. */
  step?: OrderStep;
  /** Whether the broker takes a cancel of it now; absent where it doesn't tell. */
  cancellable?: boolean;
  /** The order that took its place; absent for most. */
  replacedBy?: string;
  timeInForce: string;
  orderType: string;
  /** Net price per unit per share, unsigned; null for market orders. */
  price: Decimal | null;
  effect: Effect | null;
  /** Where a stop wakes up: net price per unit per share, unsigned; null for what is no stop. */
  stopTrigger: Decimal | null;
  /** Waits for a condition or for another order before it goes to the market. */
  contingent: boolean;
  /** The complex order it is part of, with its role in it as the broker tags it; null for a simple order. */
  complex: { id: string; tag: string | null } | null;
  /** The order whose place it takes, or took; null for most. */
  replaces: string | null;
  /** Units ordered (a Trident's put vertical order of 2 spreads has size 2); null if not told. */
  size: number | null;
  legs: OrderLeg[];
  /** Our own mark, echoed; null on orders placed elsewhere. */
  externalIdentifier: string | null;
  rejectReason: string | null;
  receivedAt: Date | null;
  updatedAt: Date | null;
  /** Set where the broker's row can't be read in full: then there are no legs, and the rest is what could be read. */
  odd?: OddRow;
}

/** One leg of a position: the part of a holding that one opening order (or an inferred group) explains. */
export interface PositionLeg {
  instrument: Instrument;
  side: Side;
  /** Contracts when the position was opened in full. */
  opened: number;
  /** Contracts still held. */
  held: number;
  /** Average opening price per share, from fills (or the broker's average where inferred); null is not known. */
  openPrice: Exact | null;
}

/**
 * What one unit of something was opened for, per share (null is not known); decides how a percent becomes a price.
 * - `width`: the most the unit can be worth (a vertical's strike distance, a condor's wider wing; of several
 *   expirations what no price can exceed); absent where that is unlimited
 * - `reach`: where legs expire apart, the distance of their strikes. With time left the unit can be worth a little more,
 *   but a target should not wait for it.
 * - `isMaximum`: the credit is all that can be earned, and the loss is bounded
 */
export type Entry =
  | { kind: 'credit'; credit: Exact | null; width?: Decimal; reach?: Decimal; isMaximum?: true }
  | { kind: 'debit-vertical'; debit: Exact | null; width: Decimal }
  | { kind: 'debit'; debit: Exact | null; width?: Decimal; reach?: Decimal };

/** A group of legs traded as one strategy. */
export interface Position {
  /** Stable identity: `order:<opening order id>` or `inferred:<underlying>:<expiration>`. */
  key: string;
  account: string;
  underlying: string;
  strategy: string;
  legs: PositionLeg[];
  /** Units still held, such as Tridents or verticals: the greatest common divisor of the legs held. */
  units: number;
  /** Net opening price per unit per share. */
  entry: Entry;
  /** True where no opening order explains the legs, so the broker's averages were used. */
  inferred: boolean;
  openedAt: Date | null;
  openingOrderId: string | null;
  /** The opening order still works: only what is filled counts above. */
  opening: boolean;
  /** The opening order closed other legs as well; what those made or lost is no part of `entry`. */
  rolled: boolean;
  /** Ids of the orders that closed some of it, in the order they traded. */
  closedBy: string[];
  /** What we are not sure of. Empty when all is known. */
  doubts: Doubt[];
}

/** One leg of a closing order per unit: `ratio` contracts of it for each unit closed. */
export interface UnitLeg {
  instrument: Instrument;
  side: Side;
  ratio: number;
}

/**
 * A part of a position that is closed by orders of its own. A vertical is one component; a Trident has two,
 * its put verticals and its call verticals.
 */
export interface Component {
  key: string;
  label: string;
  legs: UnitLeg[];
  /** Units still held. */
  units: number;
  /** Units when opened. */
  openedUnits: number;
  entry: Entry;
  /** Percentages by default; the units are split over them evenly, the earlier ones first. */
  percents: Decimal[];
}

/** Contracts that belong together whichever they are: those of one underlying, calls or puts, or both where null. */
interface Kin {
  underlying: string;
  type: OptionType | null;
}

/** Which contracts a row may be about: the whole account where nothing of it can be told. */
export type Concern = 'account' | { symbols: readonly string[]; kin: Kin | null };

/** A row of a broker's answer that can't be read in full, while the answer's other rows can. Plain data. */
export interface OddRow {
  what: 'holding' | 'order' | 'account';
  /** The broker's symbol or order id; null where that can't be read either. */
  name: string | null;
  /** What is wrong with it; worded by `screens/row-faults.ts`. */
  why: RowFault;
  /**
   * What it leaves unsure about the contracts concerned: how many can be closed, only what they were opened for, or
   * nothing.
   */
  doubts: 'coverage' | 'price' | 'nothing';
  concern: Concern;
}

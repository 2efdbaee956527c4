/** Where a leg's strike lies: a share of the price at opening (`-0.05` is 5 % below), or dollars from another leg. */
type StrikeRule = { away: number; multipleOf?: number } | { from: number; plus: number };

/** An option leg of a seeded position; `quantity` is in contracts for the whole position. */
export interface SeedOption {
  right: 'C' | 'P';
  side: 'long' | 'short';
  quantity: number;
  strike: StrikeRule;
}

/** A closing order that somebody placed in the broker's own platform; it lies far from the market. */
interface SeedClosing {
  /** Units of the position it closes. */
  units: number;
  /** Its price as a share of the opening price, small for credits, large for debits. */
  share: number;
}

/** One position of the book, told relative to the day the market starts. */
export interface SeedTrade {
  underlying: string;
  options: readonly SeedOption[];
  /** Shares bought beside the options, as an order of their own. */
  shares?: number;
  /** Wanted days to expiration; the nearest listed expiration is taken. */
  dte: number;
  openedDaysAgo: number;
  /** Closed again in full, by an order of the history; `dte` then counts from the day it was opened. */
  closedDaysAgo?: number;
  /**
   * - `filled` (default): the opening order is in the history.
   * - `unknown`: the legs are held, and nothing tells where they came from.
   * - `partly`: one unit filled, the rest of the opening order still works, far from the market.
   */
  history?: 'filled' | 'unknown' | 'partly';
  /** Opened when options were so dear that half the credit is already earned. */
  pastTarget?: boolean;
  /** One leg, sold for twice what it costs to buy back after a very small move of the market. */
  nearTarget?: boolean;
  closing?: SeedClosing;
}

/** An account to begin with. */
export interface Scenario {
  name: string;
  /** Dollars before the first trade. */
  cash: string;
  trades: readonly SeedTrade[];
}

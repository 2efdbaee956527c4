import type { Decimal } from './money.js';
import type { IsoDate } from './types.js';

/** One step of a price-increment schedule: `increment` applies to prices strictly below `below`; null is the rest. */
export interface TickStep {
  below: Decimal | null;
  increment: Decimal;
}

export interface UnderlyingInfo {
  symbol: string;
  isIndex: boolean;
  /** The broker's single-leg option schedule for this underlying, in its order; empty if it gives none. */
  optionTicks: TickStep[];
}

/** A calendar day at the exchange (`America/New_York`) of which the broker told something. */
export interface MarketDay {
  date: IsoDate;
  /** The regular session; null if the broker says that there is none. */
  session: { open: Date; close: Date } | null;
}

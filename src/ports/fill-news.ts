import type { Exact } from '../domain/exact.js';
import type { ToldChain } from '../domain/rolls.js';
import type { ReportLine } from './report.js';

/** What one of our orders has traded, and what is left of it. */
export interface FillNews {
  planId: string;
  userId: string;
  account: string;
  /** With how the other order of its pair stands. */
  line: ReportLine;
  /** When it last traded. */
  filledAt: Date | null;
  /** When what it closes was opened; null if no order of ours to know explains it. */
  openedAt: Date | null;
  /** Dollars as the broker's ledger has them; each null while it lacks a row. */
  fees: { closing: Exact | null; opening: Exact | null };
  /**
   * What rolls it is a part of had made by then, with what this order made as far as the ledger has all of that; null where
   * nothing was rolled, as far as the ledger tells.
   */
  chain: ToldChain | null;
  /** When it was opened, its fees and its chain couldn't be read now: less is told than may have been. */
  unread?: true;
}

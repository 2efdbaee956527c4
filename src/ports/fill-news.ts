import type { Exact } from '../domain/exact.js';
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
}

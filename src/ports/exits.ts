import type { Decimal } from '../domain/money.js';
import type { IsoDate } from '../domain/types.js';

/** When an account's positions are to be left before they expire, and where that is told. */
export interface ExitRule {
  account: string;
  /** Days to expiration, ascending, at least one. */
  days: readonly number[];
  channelId: string;
  /** Who set it, and is mentioned there. */
  userId: string;
}

/** The open profit of a position as it was seen last on a day. */
export interface DayProfit {
  day: IsoDate;
  /** At the marks, over the option legs held, before fees. */
  dollars: Decimal;
  /** Units held then. */
  units: number;
}

export interface Exits {
  /** Null while it is off. */
  exitRule(account: string): Promise<ExitRule | null>;
  /** What is owed by then is told there too. */
  setExitRule(rule: ExitRule, now: Date): Promise<void>;
  unsetExitRule(account: string): Promise<void>;
  /** In place of what was noted before of that day. */
  noteProfits(notes: readonly (DayProfit & { positionId: number })[]): Promise<void>;
  /** Ascending by day. */
  profitsOf(positionId: number): Promise<DayProfit[]>;
}

import type { Telling } from './errands.js';
import type { Report, ReportLine } from './report.js';
import type { Plan } from './store.js';

/** Where a result was posted. */
export type Posted = Pick<Telling, 'ref' | 'direct'>;

/**
 * - `done`: as wanted
 * - `gone`: the message isn't there any more, or may not be changed, for good
 * - `later`: it didn't work now
 */
export type Edited = 'done' | 'gone' | 'later';

/** As wanted, on more or fewer pages than before: `ref` takes the place of what was handed in. */
export interface Moved {
  ref: string;
}

/** Tells the people of a channel what became of their orders. Never throws: what can't be told is logged. */
export interface Announcer {
  /** Whether this process is the one to tell of a plan; another one on the same database may be. */
  reaches(plan: Plan): boolean;
  /**
   * A new message with the order ids; null if no way of telling worked.
   * @param where `anywhere` takes a direct message where the channel refuses
   */
  post(plan: Plan, report: Report, where: 'channel' | 'anywhere'): Promise<Posted | null>;
  /** Rewrites what `post` made, and completes what was cut short: all pages it takes now are there then. */
  update(plan: Plan, posted: string, report: Report): Promise<Edited | Moved>;
  /** Messages about the plan's orders that a process posted and could not write down; null if that can't be known now. */
  find(plan: Plan): Promise<Telling[] | null>;
  /**
   * Takes the buttons of a preview that can't be sent any more from its message, and says why, or what became of its
   * orders.
   */
  closePreview(plan: Plan, lines: readonly ReportLine[]): Promise<Edited>;
}

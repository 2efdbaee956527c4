import type { ReportLine } from './report.js';
import type { Plan } from './store.js';

/**
 * - `done`: as wanted
 * - `gone`: the message isn't there any more, or may not be changed, for good
 * - `later`: it didn't work now
 */
export type Edited = 'done' | 'gone' | 'later';

/** The messages that show previews. */
export interface ShownPreviews {
  /**
   * Takes the buttons of a preview that can't be sent any more from its message, and says why, or what became of its
   * orders. Never throws: what can't be changed is logged.
   */
  close(plan: Plan, lines: readonly ReportLine[]): Promise<Edited>;
}

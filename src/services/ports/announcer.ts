import type { Report } from '../report.js';
import type { Plan } from './store.js';

/** Tells the people of a channel what became of their orders. Never throws: what can't be told is logged. */
export interface Announcer {
  /** Whether this process is the one to tell of a plan; another one on the same database may be. */
  reaches(plan: Plan): boolean;
  /** A new message with the order ids; a reference to it, or null if no way of telling worked. */
  post(plan: Plan, report: Report): Promise<string | null>;
  /** Rewrites what `post` made. */
  update(plan: Plan, posted: string, report: Report): Promise<void>;
}

import type { Report } from '../report.js';
import type { Plan } from './store.js';

/** Tells the people of a channel what became of their orders. Never throws: what can't be told is logged. */
export interface Announcer {
  /** A new message with the order ids; its id, or null if no way of telling worked (tried again at start). */
  post(plan: Plan, report: Report): Promise<string | null>;
  /** Rewrites the message that `post` made. */
  update(plan: Plan, messageId: string, report: Report): Promise<void>;
  /** A further message for news that must be noticed, such as an unknown order that was found. */
  follow(plan: Plan, report: Report): Promise<void>;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How reminders are told; all times in milliseconds. */
export interface TellingRules {
  /** How late a run may be and still be told of; older ones are noted only. */
  graceMs: number;
  /** Later than this, a run goes into its channel's and owner's catch-up message, marked as late. */
  lateMs: number;
  /** So long after a message left, a look that doesn't find it proves that it was not posted. */
  settledMs: number;
}

/** How the engine behaves. */
export interface EngineRules extends Pick<TellingRules, 'graceMs'> {
  /** Runs taken up in one transaction: other writers wait for it. */
  atOnce: number;
  /** How long runs that are over are kept, in milliseconds. */
  keepMs: number;
}

export const DEFAULT_RULES: EngineRules & TellingRules = {
  graceMs: 6 * HOUR,
  lateMs: 2 * MINUTE,
  settledMs: 2 * MINUTE,
  atOnce: 100,
  keepMs: 90 * DAY,
};

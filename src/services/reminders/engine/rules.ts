const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How the engine behaves; all times in milliseconds. */
export interface EngineRules {
  /** How late a run may be and still be told of; older ones are noted only. */
  graceMs: number;
  /** Later than this, a run goes into its channel's and owner's catch-up message, marked as late. */
  lateMs: number;
  /** How long a claim lasts unless renewed; longer than any call of the messenger may take. */
  leaseMs: number;
  /** So long after a message left, a look that doesn't find it proves that it was not posted. */
  settledMs: number;
  /** For so long Discord surely answers a repeated nonce with the earlier message. */
  nonceMs: number;
  /** Messages under way at once. */
  concurrency: number;
  /** Claims per transaction: other writers wait for it. */
  claimLimit: number;
  /** Claims held in memory; what is due beyond them waits in the database. */
  maxHeld: number;
  /** The first pause after a failure; doubles with each further one up to `retryMaxMs`. */
  retryBaseMs: number;
  retryMaxMs: number;
  /** How long runs that are over are kept. */
  keepMs: number;
}

export const DEFAULT_RULES: EngineRules = {
  graceMs: 6 * HOUR,
  lateMs: 2 * MINUTE,
  leaseMs: MINUTE,
  settledMs: 2 * MINUTE,
  nonceMs: 2 * MINUTE,
  concurrency: 8,
  claimLimit: 100,
  maxHeld: 2_000,
  retryBaseMs: 10 * SECOND,
  retryMaxMs: 10 * MINUTE,
  keepMs: 90 * DAY,
};

/**
 * How long to wait before the next try, in milliseconds: doubling, and up to half of it left to chance so that what
 * failed together doesn't come back together.
 *
 * @param attempts tries so far, at least 1
 * @param chance in [0, 1)
 */
export function pauseBefore(
  attempts: number,
  chance: number,
  { retryBaseMs, retryMaxMs }: Pick<EngineRules, 'retryBaseMs' | 'retryMaxMs'>,
): number {
  const full = Math.min(retryMaxMs, retryBaseMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(full * (0.5 + chance / 2));
}

import { BrokerError } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';

const EXTRA_TRIES = 2;
const FIRST_PAUSE_MS = 250;

/** `base` doubled per failure up to `ceiling`, then a random half off, so that many clients don't march in step. */
export function jittered(baseMs: number, failures: number, ceilingMs: number): number {
  return Math.min(baseMs * 2 ** failures, ceilingMs) * (0.5 + Math.random() / 2);
}

/**
 * The one place where anything is repeated: reads, dry runs and logins, never an order. Up to two more tries
 * after an error that says a repeat can help.
 */
export async function repeated<T>(clock: Clock, act: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await act();
    } catch (error) {
      if (failures >= EXTRA_TRIES || !(error instanceof BrokerError) || !error.retryable) throw error;
      await clock.sleep(jittered(FIRST_PAUSE_MS, failures, 5_000));
    }
  }
}

import type { Logger } from 'pino';
import type { Clock } from '../ports/clock.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface Persevering {
  clock: Clock;
  log: Logger;
  /** Stops it: then it throws, also out of a pause. */
  signal: AbortSignal;
}

/**
 * Does something again and again until it works, with growing pauses in between: what passes by itself must not end
 * the process.
 * @param what names it in the log, such as `connecting to Discord`
 * @param final the error to give up with, where an answer can't get better by waiting; null to go on
 */
export async function persevere<T>(
  what: string,
  attempt: () => Promise<T>,
  final: (error: unknown) => unknown,
  { clock, log, signal }: Persevering,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const end = final(error);
      if (end !== null) throw end;
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS);
      log.warn({ err: error, pauseMs, failures: failures + 1 }, `${what} failed; trying again`);
      await clock.sleep(pauseMs, signal);
    }
  }
}

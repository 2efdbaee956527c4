import type { Reminder, TakeUpRequest } from '../../../ports/reminder-store.js';

/** No zone and no early close shifts a run by more than this. */
const SHIFT_MS = 6 * 60 * 60 * 1000;

export interface Plan {
  now: Date;
  /** The next run as planned under the old reckoning, ahead of `now`. */
  planned: Date;
  /** The latest run there was, if any. */
  last: Date | null;
}

/**
 * The next run of a reminder after zone data or market days changed: what the new reckoning says, except where that
 * would tell the same thing twice or not at all. `planned` itself means "leave it".
 *
 * - A run there was at an hour that the new reckoning moves to later the same day isn't repeated then.
 * - A run planned for an hour that the new reckoning puts before now still comes, at its old hour.
 */
export function replanned(
  reminder: Reminder,
  { now, planned, last }: Plan,
  nextRun: TakeUpRequest['nextRun'],
): Date {
  const next = nextRun(reminder, now);
  if (next?.getTime() === planned.getTime()) return planned;
  if (next === null || next > planned) return isOwed() ? planned : (next ?? planned);
  return isTwin(next) ? (nextRun(reminder, next) ?? planned) : next;

  /** By the new reckoning `planned` was to have run already, and nothing did. */
  function isOwed(): boolean {
    const since = Math.max(planned.getTime() - SHIFT_MS, last?.getTime() ?? Number.NEGATIVE_INFINITY);
    const first = nextRun(reminder, new Date(since));
    return first !== null && first <= now;
  }

  /** `next` is what `last` has become. */
  function isTwin(next: Date): boolean {
    if (!last || next.getTime() - last.getTime() > SHIFT_MS) return false;
    const stillRuns = nextRun(reminder, new Date(last.getTime() - 1))?.getTime() === last.getTime();
    return !stillRuns && nextRun(reminder, last)?.getTime() === next.getTime();
  }
}

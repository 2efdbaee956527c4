import type { MarketCalendar } from '../../domain/calendar/calendar.js';
import { UserError } from '../../domain/errors.js';
import { nextRun, nextRuns } from '../../domain/when/next-run.js';
import { parseWhen } from '../../domain/when/parse.js';
import { printWhen } from '../../domain/when/print.js';
import { resolveWhen } from '../../domain/when/resolve.js';
import { isResolved } from '../../domain/when/when.js';

/** When a reminder runs, in the words it is stored with. */
export interface Schedule {
  when: string;
  zone: string;
  marketDaysOnly: boolean;
}

/**
 * Fixes what somebody typed: `tomorrow 9:00` becomes a date.
 * @returns canonical text and the first run
 * @throws UserError `WHEN_UNREADABLE`, `WHEN_PAST`, `WHEN_NEVER`
 */
export function scheduled(
  typed: Schedule,
  now: Date,
  calendar: MarketCalendar,
): { when: string; nextRunAt: Date } {
  const { zone, marketDaysOnly } = typed;
  const when = resolveWhen(parseWhen(typed.when), now, zone);
  const nextRunAt = nextRun(when, { after: now, zone, marketDaysOnly, calendar });
  if (nextRunAt) return { when: printWhen(when), nextRunAt };
  throw new UserError('WHEN_NEVER', { when: printWhen(when), marketDaysOnly });
}

/** The next runs of a stored schedule, fewer if there are no more. */
export function runsOf(
  { when, zone, marketDaysOnly }: Schedule,
  after: Date,
  calendar: MarketCalendar,
  count: number,
): Date[] {
  const parsed = parseWhen(when);
  return isResolved(parsed) ? nextRuns(parsed, { after, zone, marketDaysOnly, calendar }, count) : [];
}

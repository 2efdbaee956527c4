import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import { nextRuns, type RunOptions } from '../../../src/domain/when/next-run.js';
import { parseWhen } from '../../../src/domain/when/parse.js';
import { resolveWhen } from '../../../src/domain/when/resolve.js';

/** The next runs of a text as ISO minutes in UTC. It is said, and asked about, at `after`. */
export function runsOf(
  text: string,
  after: string,
  count: number,
  { zone = 'America/New_York', marketDaysOnly = false, ...rest }: Partial<Omit<RunOptions, 'after'>> = {},
): string[] {
  const now = new Date(after);
  const options = { calendar: fallbackCalendar, ...rest, after: now, zone, marketDaysOnly };
  const runs = nextRuns(resolveWhen(parseWhen(text), now, zone), options, count);
  return runs.map((run) => run.toISOString().replace(':00.000Z', 'Z'));
}

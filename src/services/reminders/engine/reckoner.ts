import type { MarketCalendar } from '../../../domain/calendar/calendar.js';
import { nextRun } from '../../../domain/when/next-run.js';
import { parseWhen } from '../../../domain/when/parse.js';
import { isResolved } from '../../../domain/when/when.js';
import type { Reminder } from '../../../ports/reminder-store.js';

/**
 * The next run of a stored reminder strictly after an instant.
 *
 * @param calendar the market days as known now
 * @returns a function that throws where `when` can't be read or only means something at the moment it is said
 */
export function reckoner(calendar: () => MarketCalendar): (reminder: Reminder, after: Date) => Date | null {
  return ({ when, zone, marketDaysOnly }, after) => {
    const parsed = parseWhen(when);
    if (!isResolved(parsed)) throw new Error(`“${when}” was stored without being fixed in time`);
    return nextRun(parsed, { after, zone, marketDaysOnly, calendar: calendar() });
  };
}

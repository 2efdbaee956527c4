import { cronPattern } from './cron-pattern.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, type WallMs } from './wall.js';
import type { Cron, Day, Monthly, Pattern, TimeOfDay, Weekday, Weekly } from './when.js';

export function patternOf(when: Weekly | Monthly | Cron): Pattern {
  switch (when.kind) {
    case 'weekly':
      return { onDay: ({ weekday }) => when.days.includes(weekday), ...at(when.time) };
    case 'monthly':
      return { onDay: (day) => (when.day === 'first' ? day.date === 1 : day.lastOfMonth), ...at(when.time) };
    case 'cron':
      return cronPattern(when.expression);
  }
}

/** The first reading of the clock after `after` (exclusive) that fits, before `until`; null if there is none. */
export function nextReading(pattern: Pattern, after: WallMs, until: WallMs): WallMs | null {
  const start = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  let midnight = Math.floor(start / DAY_MS) * DAY_MS;
  let from = start - midnight;
  for (; midnight < until; midnight += DAY_MS, from = 0) {
    if (!pattern.onDay(dayAt(midnight))) continue;
    const inDay = firstInDay(pattern, from);
    if (inDay !== null) return midnight + inDay;
  }
  return null;
}

function firstInDay({ hours, minutes }: Pattern, from: number): number | null {
  for (const hour of hours) {
    if ((hour + 1) * HOUR_MS <= from) continue;
    for (const minute of minutes) {
      const at = hour * HOUR_MS + minute * MINUTE_MS;
      if (at >= from) return at;
    }
  }
  return null;
}

function dayAt(midnight: WallMs): Day {
  const day = new Date(midnight);
  return {
    month: day.getUTCMonth() + 1,
    date: day.getUTCDate(),
    weekday: (day.getUTCDay() || 7) as Weekday,
    lastOfMonth: new Date(midnight + DAY_MS).getUTCDate() === 1,
  };
}

function at({ hour, minute }: TimeOfDay): Pick<Pattern, 'hours' | 'minutes'> {
  return { hours: [hour], minutes: [minute] };
}

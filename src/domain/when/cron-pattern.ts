import { CronExpressionParser } from 'cron-parser';
import { Latest } from '../latest.js';
import type { Pattern } from './when.js';

/** Reading an expression costs far more than its next run, and many reminders share one. */
const kept = new Latest<string, Pattern>(2_000);

/**
 * The pattern of five cron fields; null if cron-parser refuses them. If day of month and day of week are both
 * restricted, either suffices (POSIX crontab). Only the fields are cron-parser's: its own next run may fire a
 * second time when the clock is set back, and can miss a run where daylight saving is half an hour.
 */
export function compileCron(expression: string): Pattern | null {
  try {
    return compile(expression);
  } catch {
    return null;
  }
}

/** @throws Error for an expression that `compileCron` refuses */
export function cronPattern(expression: string): Pattern {
  const known = kept.get(expression);
  if (known !== undefined) return known;
  const pattern = compile(expression);
  kept.keep(expression, pattern);
  return pattern;
}

function compile(expression: string): Pattern {
  // Any zone and start will do: neither touches the fields.
  const { fields } = CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: 0 });
  const months = new Set<unknown>(fields.month.values);
  const dates = new Set<unknown>(fields.dayOfMonth.values);
  const weekdays = new Set<unknown>(fields.dayOfWeek.values);
  const either = !fields.dayOfMonth.isWildcard && !fields.dayOfWeek.isWildcard;
  return {
    hours: fields.hour.values,
    minutes: fields.minute.values,
    onDay({ month, date, weekday }) {
      if (!months.has(month)) return false;
      const onDate = dates.has(date);
      // cron counts Sunday as 0.
      const onWeekday = weekdays.has(weekday % 7);
      return either ? onDate || onWeekday : onDate && onWeekday;
    },
  };
}

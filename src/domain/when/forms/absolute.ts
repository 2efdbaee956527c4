import { isIsoDate } from '../../dates.js';
import { printTime, readTime } from '../time-of-day.js';
import { unreadable } from '../unreadable.js';
import type { Instant, Once } from '../when.js';

const DATE = /^(?:on )?(\d{4}-\d{1,2}-\d{1,2})(?:t(?=\d)| |$)(.*)$/;
const UTC = /^(?:at )?(\d{1,2}:\d{2})(?::(\d{2}))? ?(?:z|utc)$/;
const FIRST_YEAR = 2000;
const LAST_YEAR = 2099;

/** `2026-12-18 10:00` on the reminder's own clock; with `Z` or `UTC` behind it an instant, seconds allowed. */
export function absolute(text: string): Once | Instant | null {
  const [, written, rest = ''] = DATE.exec(text) ?? [];
  if (written === undefined) return null;
  const date = written.replace(/-(\d)(?=-|$)/g, '-0$1');
  const year = Number(date.slice(0, 4));
  if (!isIsoDate(date) || year < FIRST_YEAR || year > LAST_YEAR) {
    throw unreadable(written, { fault: 'no-such-day', years: [FIRST_YEAR, LAST_YEAR] });
  }
  const [, clock, seconds = '00'] = UTC.exec(rest) ?? [];
  if (clock === undefined) return { kind: 'once', date, time: readTime(rest) };
  if (Number(seconds) > 59) throw unreadable(rest, { fault: 'seconds' });
  const time = printTime(readTime(clock)).padStart(5, '0');
  return { kind: 'instant', at: `${date}T${time}:${seconds}Z` };
}

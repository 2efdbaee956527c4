import { DateTime } from 'luxon';
import { closingTime } from './nyse-tables.js';

/**
 * A second implementation that shares nothing with the first: it walks through time step by step, reads the
 * clock off Intl, and looks market days up in the published tables.
 */

const MINUTE_MS = 60_000;
const LEAD_MS = 30 * 60 * MINUTE_MS;

export interface Reading {
  /** `2026-11-01`. */
  date: string;
  year: number;
  month: number;
  day: number;
  /** Monday 1 to Sunday 7. */
  weekday: number;
  hour: number;
  minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What Intl shows in a zone, as a number that counts like UTC milliseconds. */
export function shown(instant: number, zone: string): number {
  const known = formats.get(zone);
  const format =
    known ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(zone, format);
  return Date.parse(`${format.format(instant).replace(' ', 'T')}Z`);
}

export function readingOf(wall: number): Reading {
  const at = DateTime.fromMillis(wall, { zone: 'utc' });
  const { year, month, day, weekday, hour, minute } = at;
  return { date: at.toFormat('yyyy-MM-dd'), year, month, day, weekday, hour, minute };
}

export function isMarketDay(instant: number): boolean {
  return closingTime(readingOf(shown(instant, 'America/New_York')).date) !== null;
}

/**
 * The first instant after `after`, up to `until`, at which a clock shows a fitting reading for the first time, or
 * has just been set past one.
 *
 * @param step milliseconds; must divide the minutes of all fitting readings and of all changes of the clock
 */
export function walk(
  fits: (reading: Reading) => boolean,
  { after, until, zone, step, marketDaysOnly }: WalkOptions,
): number | null {
  const start = Math.floor((after - LEAD_MS) / step) * step;
  let latest = shown(start, zone);
  for (let instant = start + step; instant <= until; instant += step) {
    const wall = shown(instant, zone);
    const passed: number[] = [];
    for (let each = latest + step; each <= wall; each += step) passed.push(each);
    latest = Math.max(latest, wall);
    if (instant <= after || !passed.some((each) => fits(readingOf(each)))) continue;
    if (!marketDaysOnly || isMarketDay(instant)) return instant;
  }
  return null;
}

export interface WalkOptions {
  after: number;
  until: number;
  zone: string;
  step: number;
  marketDaysOnly: boolean;
}

/** The first open or close plus offset minutes after an instant, day by day through the published tables. */
export function walkSessions(edge: 'open' | 'close', offset: number, after: number): number {
  const start = DateTime.fromMillis(after, { zone: 'America/New_York' }).startOf('day').minus({ days: 2 });
  for (let ahead = 0; ahead < 20; ahead += 1) {
    const date = start.plus({ days: ahead }).toFormat('yyyy-MM-dd');
    const close = closingTime(date);
    if (close === null) continue;
    const time = edge === 'open' ? '09:30' : close;
    const at = DateTime.fromISO(`${date}T${time}`, { zone: 'America/New_York' }).plus({ minutes: offset });
    if (at.toMillis() > after) return at.toMillis();
  }
  throw new Error('no session within 18 days');
}

import { DateTime } from 'luxon';

/** Exchange time: all sessions are defined on the New York wall clock. */
const ZONE = 'America/New_York';

/** A regular trading session in epoch milliseconds UTC. */
export interface Session {
  date: string;
  startAt: number;
  openAt: number;
  closeAt: number;
  closeAtExt: number;
}

function nthWeekday(year: number, month: number, weekday: number, nth: number): DateTime {
  const first = DateTime.fromObject({ year, month, day: 1 }, { zone: ZONE });
  return first.plus({ days: ((weekday - first.weekday + 7) % 7) + 7 * (nth - 1) });
}

function lastMonday(year: number, month: number): DateTime {
  const last = DateTime.fromObject({ year, month, day: 1 }, { zone: ZONE }).endOf('month');
  return last.minus({ days: last.weekday - 1 }).startOf('day');
}

/** A fixed-date holiday as observed: Saturday moves to Friday, Sunday to Monday. */
function observed(year: number, month: number, day: number): DateTime {
  const date = DateTime.fromObject({ year, month, day }, { zone: ZONE });
  if (date.weekday === 6) return date.minus({ days: 1 });
  return date.weekday === 7 ? date.plus({ days: 1 }) : date;
}

/** Gregorian Easter Sunday (Meeus/Jones/Butcher). */
function easter(year: number): DateTime {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return DateTime.fromObject({ year, month: Math.floor(f / 31), day: (f % 31) + 1 }, { zone: ZONE });
}

function iso(date: DateTime): string {
  return date.toFormat('yyyy-MM-dd');
}

/** Full-day closings of a year by NYSE Rule 7.2. New Year's Day on a Saturday is not made up for on Friday. */
export function holidays(year: number): string[] {
  const newYear = DateTime.fromObject({ year, month: 1, day: 1 }, { zone: ZONE });
  return [
    ...(newYear.weekday === 6 ? [] : [observed(year, 1, 1)]),
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    easter(year).minus({ days: 2 }),
    lastMonday(year, 5),
    observed(year, 6, 19),
    observed(year, 7, 4),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 11, 4, 4),
    observed(year, 12, 25),
  ].map(iso);
}

/** Days that close at 13:00 New York time. */
export function halfDays(year: number): string[] {
  const closed = new Set(holidays(year));
  const candidates = [
    DateTime.fromObject({ year, month: 7, day: 3 }, { zone: ZONE }),
    nthWeekday(year, 11, 4, 4).plus({ days: 1 }),
    DateTime.fromObject({ year, month: 12, day: 24 }, { zone: ZONE }),
  ];
  return candidates.filter((date) => date.weekday <= 5 && !closed.has(iso(date))).map(iso);
}

const closedDays = new Map<number, Set<string>>();
const shortDays = new Map<number, Set<string>>();

function cached(cache: Map<number, Set<string>>, year: number, list: (year: number) => string[]) {
  const known = cache.get(year) ?? new Set(list(year));
  cache.set(year, known);
  return known;
}

const DAY_MS = 24 * 3600 * 1000;

/** A day as a number of days, for arithmetic that needs no time zone. */
function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** ISO weekday of a day: Monday 1 to Sunday 7. */
export function weekdayOf(date: string): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** Whether the exchange trades at all on a New York day (YYYY-MM-DD). */
export function isTradingDay(date: string): boolean {
  return weekdayOf(date) <= 5 && !cached(closedDays, Number(date.slice(0, 4)), holidays).has(date);
}

const QUARTER_HOUR_MS = 15 * 60_000;
let latestDay = { quarter: Number.NaN, date: '' };

/** The New York day an instant falls on. Days begin on whole quarters of an hour, so the latest answer is kept. */
export function dayOf(at: number): string {
  const quarter = Math.floor(at / QUARTER_HOUR_MS);
  if (latestDay.quarter !== quarter) {
    latestDay = { quarter, date: iso(DateTime.fromMillis(at, { zone: ZONE })) };
  }
  return latestDay.date;
}

const instants = new Map<string, number>();

/** An instant given by New York day and wall time. */
export function instant(date: string, hour: number, minute = 0): number {
  const key = `${date} ${hour}:${minute}`;
  const at = instants.get(key) ?? DateTime.fromISO(date, { zone: ZONE }).set({ hour, minute }).toMillis();
  instants.set(key, at);
  return at;
}

export function addDays(date: string, days: number): string {
  return new Date((dayNumber(date) + days) * DAY_MS).toISOString().slice(0, 10);
}

/** Calendar days from one New York day to another. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

/** The regular session of a trading day; undefined on closed days. */
export function sessionOn(date: string): Session | undefined {
  if (!isTradingDay(date)) return undefined;
  const year = Number(date.slice(0, 4));
  const short = cached(shortDays, year, halfDays).has(date);
  return {
    date,
    startAt: instant(date, 8, 15),
    openAt: instant(date, 9, 30),
    closeAt: instant(date, short ? 13 : 16),
    closeAtExt: instant(date, short ? 17 : 20),
  };
}

/** The nearest trading session strictly after (step 1) or before (step -1) a day. */
export function neighbour(date: string, step: 1 | -1): Session {
  let day = addDays(date, step);
  for (let tries = 0; tries < 15; tries += 1, day = addDays(day, step)) {
    const session = sessionOn(day);
    if (session) return session;
  }
  throw new Error(`No trading day within two weeks of ${date}`);
}

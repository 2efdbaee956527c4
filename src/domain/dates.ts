import { DateTime } from 'luxon';
import type { IsoDate } from './types.js';

const EXCHANGE_ZONE = 'America/New_York';

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Days by hours since 1970: asking the zone's rules is dear, and lists ask for the same moment a thousand times. */
const dayOfHour = new Map<number, IsoDate>();
const MOST_HOURS = 1_000;

/**
 * The calendar day at the exchange at this instant: 02:00 UTC is still the evening before in New York. Its zone has
 * been whole hours from UTC since 1883, so a day never begins within one.
 */
export function exchangeDay(now: Date): IsoDate {
  const hour = Math.floor(now.getTime() / HOUR_MS);
  const known = dayOfHour.get(hour);
  if (known !== undefined) return known;
  const date = DateTime.fromJSDate(now, { zone: EXCHANGE_ZONE }).toFormat('yyyy-MM-dd');
  if (dayOfHour.size >= MOST_HOURS) dayOfHour.clear();
  // An instant that is none has no hour either.
  if (hour > 0) dayOfHour.set(hour, date);
  return date;
}

/** Whether an instant lies on a day at the exchange. Asking for its day is dear, so it is asked only of near ones. */
export function isOnDay(at: Date, date: IsoDate): boolean {
  const noon = Date.parse(`${date}T12:00:00Z`);
  return Math.abs(at.getTime() - noon) < 2 * DAY_MS && exchangeDay(at) === date;
}

/** Days to expiration in whole calendar days at the exchange: 0 on expiration day, negative after it. */
export function dte(now: Date, expiration: IsoDate): number {
  return Math.round((day(expiration).getTime() - day(exchangeDay(now)).getTime()) / DAY_MS);
}

/** `18 Dec 26`. */
export function shortDay(date: IsoDate): string {
  assertDay(date);
  return `${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(2, 4)}`;
}

/** `Fri`. */
export function weekday(date: IsoDate): string {
  return WEEKDAYS[day(date).getUTCDay()] ?? '';
}

/** Days known to be in the calendar: a few expirations are asked for at every line of a list. */
const known = new Set<string>();
const MOST_DAYS = 1_000;

/** True for a `YYYY-MM-DD` that the calendar has. */
export function isIsoDate(text: string): boolean {
  if (known.has(text)) return true;
  if (!isInCalendar(text)) return false;
  if (known.size >= MOST_DAYS) known.clear();
  known.add(text);
  return true;
}

function isInCalendar(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // Asked of every symbol in years of orders, so without the library.
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

/** Days are counted at UTC midnights, so that daylight saving never makes one 23 hours long. */
function day(date: IsoDate): Date {
  assertDay(date);
  return new Date(`${date}T00:00:00Z`);
}

function assertDay(date: IsoDate): void {
  if (!isIsoDate(date)) throw new RangeError(`not a calendar day: ${date}`);
}

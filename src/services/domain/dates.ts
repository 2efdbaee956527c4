import { DateTime } from 'luxon';
import type { IsoDate } from './types.js';

const EXCHANGE_ZONE = 'America/New_York';

/** The calendar day at the exchange at this instant: 02:00 UTC is still the evening before in New York. */
export function exchangeDay(now: Date): IsoDate {
  return DateTime.fromJSDate(now, { zone: EXCHANGE_ZONE }).toFormat('yyyy-MM-dd');
}

const DAY_MS = 86_400_000;

/** Whether an instant lies on a day at the exchange. Asking for its day is dear, so it is asked only of near ones. */
export function isOnDay(at: Date, date: IsoDate): boolean {
  const noon = Date.parse(`${date}T12:00:00Z`);
  return Math.abs(at.getTime() - noon) < 2 * DAY_MS && exchangeDay(at) === date;
}

/** Days to expiration in whole calendar days at the exchange: 0 on expiration day, negative after it. */
export function dte(now: Date, expiration: IsoDate): number {
  return day(expiration).diff(day(exchangeDay(now)), 'days').days;
}

/** `18 Dec 2026`. */
export function longDay(date: IsoDate): string {
  return day(date).toFormat('d LLL yyyy', { locale: 'en' });
}

/** `18 Dec 26`. */
export function shortDay(date: IsoDate): string {
  return day(date).toFormat('d LLL yy', { locale: 'en' });
}

/** `Fri`. */
export function weekday(date: IsoDate): string {
  return day(date).toFormat('ccc', { locale: 'en' });
}

/** True for a `YYYY-MM-DD` that the calendar has. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // Asked of every symbol in years of orders, so without the library.
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

/** Days are counted at UTC midnights, so that daylight saving never makes one 23 hours long. */
function day(date: IsoDate): DateTime {
  const parsed = DateTime.fromISO(date, { zone: 'utc' });
  if (!isIsoDate(date)) throw new RangeError(`not a calendar day: ${date}`);
  return parsed;
}

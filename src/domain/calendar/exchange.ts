import type { IsoDate } from '../types.js';
import { DAY_MS, dateOf, instantAt, wallAt, wallOf } from '../when/wall.js';
import type { TimeOfDay } from '../when/when.js';
import type { MarketCalendar } from './calendar.js';

export const EXCHANGE_ZONE = 'America/New_York';

/** The calendar day at the exchange at an instant (epoch milliseconds). */
export function exchangeDate(instant: number): IsoDate {
  return dateOf(wallAt(instant, EXCHANGE_ZONE));
}

/** The instant (epoch milliseconds) of a time of day at the exchange. */
export function exchangeInstant(date: IsoDate, time: TimeOfDay): number {
  return instantAt(wallOf(date, time), EXCHANGE_ZONE);
}

/** The instant (epoch milliseconds) at which a day begins at the exchange. */
export function exchangeMidnight(date: IsoDate): number {
  return exchangeInstant(date, { hour: 0, minute: 0 });
}

export function dayAfter(date: IsoDate): IsoDate {
  return dateOf(Date.parse(date) + DAY_MS);
}

/** The longest time without a session is far shorter. */
const MOST_CLOSED_DAYS = 14;

/** When the last session ended that had by `now`; null if there was none for long. */
export function lastClose(calendar: MarketCalendar, now: Date): Date | null {
  const today = Date.parse(exchangeDate(now.getTime()));
  for (let back = 0; back < MOST_CLOSED_DAYS; back += 1) {
    const close = calendar.day(dateOf(today - back * DAY_MS))?.close;
    if (close && close <= now) return close;
  }
  return null;
}

/** The first day with a session on or after `from` that begins before `until` (epoch milliseconds), or null. */
export function nextMarketDate(calendar: MarketCalendar, from: IsoDate, until: number): IsoDate | null {
  const last = exchangeDate(until);
  for (let date = from; date <= last; date = dayAfter(date)) {
    if (calendar.day(date) !== null) return date;
  }
  return null;
}

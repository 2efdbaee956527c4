import type { MarketDay } from '../market.js';
import type { IsoDate } from '../types.js';

/** A regular session of the US equity market. */
export interface MarketHours {
  readonly open: Date;
  readonly close: Date;
}

export interface MarketCalendar {
  /** The session of a calendar day at the exchange; null if there is none. */
  day(date: IsoDate): MarketHours | null;
}

/** What the broker told for the days it told, the fallback for all others. A day told twice counts as told last. */
export function calendarFrom(told: Iterable<MarketDay>, fallback: MarketCalendar): MarketCalendar {
  const days = new Map([...told].map(({ date, session }) => [date, session]));
  return {
    day(date) {
      const session = days.get(date);
      return session === undefined ? fallback.day(date) : session;
    },
  };
}

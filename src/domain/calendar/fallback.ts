import type { IsoDate } from '../types.js';
import type { MarketCalendar, MarketHours } from './calendar.js';
import { exchangeInstant } from './exchange.js';
import { type NyseYear, nyseYear } from './nyse-rules.js';

const OPEN = { hour: 9, minute: 30 };
const CLOSE = { hour: 16, minute: 0 };
const EARLY_CLOSE = { hour: 13, minute: 0 };

const years = new Map<number, NyseYear>();
const sessions = new Map<IsoDate, MarketHours>();

/**
 * The US equity market's regular sessions by the NYSE's own rules, for when the broker's calendar is not at hand.
 * Right from 2022 on; a closing ordered at short notice (mourning, storm) is known only to the broker.
 */
export const fallbackCalendar: MarketCalendar = {
  day(date) {
    const known = sessions.get(date);
    if (known !== undefined) return known;
    const hours = hoursOf(date);
    if (hours !== null) sessions.set(date, hours);
    return hours;
  },
};

function hoursOf(date: IsoDate): MarketHours | null {
  const weekday = new Date(date).getUTCDay();
  const { closed, early } = yearOf(date);
  if (weekday === 0 || weekday === 6 || closed.has(date)) return null;
  const close = early.has(date) ? EARLY_CLOSE : CLOSE;
  return { open: new Date(exchangeInstant(date, OPEN)), close: new Date(exchangeInstant(date, close)) };
}

/** Computed once each: searches ask for days by the hundred. */
function yearOf(date: IsoDate): NyseYear {
  const year = Number(date.slice(0, 4));
  const known = years.get(year) ?? nyseYear(year);
  years.set(year, known);
  return known;
}

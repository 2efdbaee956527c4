import { DateTime } from 'luxon';
import type { IsoDate } from '../types.js';

/** ISO weekdays. */
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;
const SUNDAY = 7;

/** The NYSE keeps Juneteenth from this year on (Rule 7.2 as amended in October 2021). */
const FIRST_JUNETEENTH = 2022;

/** Closings by order of the exchange that no rule foretells. 2025: day of mourning for President Carter. */
const ONE_OFF: readonly IsoDate[] = ['2025-01-09'];

/** The days of a year on which the exchange departs from Monday to Friday, 9:30 to 16:00. */
export interface NyseYear {
  readonly closed: ReadonlySet<IsoDate>;
  /** Close at 13:00. */
  readonly early: ReadonlySet<IsoDate>;
}

/**
 * The NYSE's calendar by rule: closed as in NYSE Rule 7.2, early closings as the NYSE Group announces them
 * ("Holiday and Early Closings Calendar", compared for 2022 to 2028).
 */
export function nyseYear(year: number): NyseYear {
  const closed = new Set([...holidays(year).map(iso), ...ONE_OFF]);
  const early = earlyClosings(year).filter((day) => day.weekday <= FRIDAY && !closed.has(iso(day)));
  return { closed, early: new Set(early.map(iso)) };
}

function holidays(year: number): DateTime[] {
  return [
    ...newYear(year),
    nth(year, 1, MONDAY, 3), // Martin Luther King, Jr.
    nth(year, 2, MONDAY, 3), // Washington's Birthday
    easter(year).minus({ days: 2 }), // Good Friday
    lastMonday(year, 5), // Memorial Day
    ...(year >= FIRST_JUNETEENTH ? [observed(year, 6, 19)] : []),
    observed(year, 7, 4), // Independence Day
    nth(year, 9, MONDAY, 1), // Labor Day
    thanksgiving(year),
    observed(year, 12, 25), // Christmas
  ];
}

/** The eves of Independence Day and Christmas and the day after Thanksgiving, where they are trading days. */
function earlyClosings(year: number): DateTime[] {
  return [day(year, 7, 3), thanksgiving(year).plus({ days: 1 }), day(year, 12, 24)];
}

/** On a Saturday it is not made up for: the Friday before ends the accounting year, and trading goes on. */
function newYear(year: number): DateTime[] {
  return day(year, 1, 1).weekday === SATURDAY ? [] : [observed(year, 1, 1)];
}

/** Saturday is made up for on Friday, Sunday on Monday. */
function observed(year: number, month: number, date: number): DateTime {
  const falls = day(year, month, date);
  if (falls.weekday === SATURDAY) return falls.minus({ days: 1 });
  return falls.weekday === SUNDAY ? falls.plus({ days: 1 }) : falls;
}

function thanksgiving(year: number): DateTime {
  return nth(year, 11, THURSDAY, 4);
}

function nth(year: number, month: number, weekday: number, count: number): DateTime {
  const first = day(year, month, 1);
  return first.plus({ days: ((weekday - first.weekday + 7) % 7) + 7 * (count - 1) });
}

function lastMonday(year: number, month: number): DateTime {
  const last = day(year, month, 1).endOf('month').startOf('day');
  return last.minus({ days: last.weekday - MONDAY });
}

/** Easter Sunday of the Gregorian calendar, after Oudin (1940). */
function easter(year: number): DateTime {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const correction = century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25);
  const epact = (correction + 19 * golden + 15) % 30;
  const moon =
    epact - Math.floor(epact / 28) * (1 - Math.floor(29 / (epact + 1)) * Math.floor((21 - golden) / 11));
  const sunday = (year + Math.floor(year / 4) + moon + 2 - century + Math.floor(century / 4)) % 7;
  return day(year, 3, 28).plus({ days: moon - sunday });
}

/** Days are reckoned at UTC midnights: no daylight saving can shift them. */
function day(year: number, month: number, date: number): DateTime {
  return DateTime.utc(year, month, date);
}

function iso(date: DateTime): IsoDate {
  return date.toFormat('yyyy-MM-dd');
}

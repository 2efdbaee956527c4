import type { MarketCalendar } from '../calendar/calendar.js';
import { dayAfter, exchangeDate, exchangeMidnight, nextMarketDate } from '../calendar/exchange.js';
import { nextReading, patternOf } from './pattern.js';
import { instantOf } from './resolve.js';
import { DAY_MS, instantAt, MINUTE_MS, wallAt } from './wall.js';
import type { Market, Pattern, ResolvedWhen } from './when.js';

/** About two years: what does not run until then is treated as never running again. */
const HORIZON_MS = 732 * DAY_MS;

export interface RunOptions {
  /** The run must be later than this, not equal. */
  readonly after: Date;
  /** IANA name of the zone whose wall clock counts. */
  readonly zone: string;
  /**
   * Skips runs on a day, by the exchange's calendar, without a session. Says nothing about one-time reminders:
   * who names a day means it.
   */
  readonly marketDaysOnly: boolean;
  readonly calendar: MarketCalendar;
}

/** A search: after `from` (exclusive) up to `until`, epoch milliseconds. */
type Search = (from: number, until: number) => number | null;

/**
 * The next instant at which something shall happen; null if there is none, for what repeats: within two years.
 *
 * Each reading of the wall clock runs once: one that daylight saving skips at the next instant there is (2:30 at
 * 3:00), one that comes twice at its first. A run fed back as `after` gives a strictly later one.
 *
 * @throws RangeError for an unknown zone or an invalid date
 */
export function nextRun(when: ResolvedWhen, options: RunOptions): Date | null {
  const after = options.after.getTime();
  if (when.kind === 'once' || when.kind === 'instant') {
    const at = instantOf(when, options.zone);
    return at > after ? new Date(at) : null;
  }
  const at = repeating(when, options)(after, after + HORIZON_MS);
  return at === null ? null : new Date(at);
}

/** The next `count` runs, fewer if there are no more. */
export function nextRuns(when: ResolvedWhen, options: RunOptions, count: number): Date[] {
  const runs: Date[] = [];
  let { after } = options;
  while (runs.length < count) {
    const run = nextRun(when, { ...options, after });
    if (run === null) break;
    runs.push(run);
    after = run;
  }
  return runs;
}

type Repeating = Exclude<ResolvedWhen, { kind: 'once' | 'instant' }>;

function repeating(when: Repeating, { zone, marketDaysOnly, calendar }: RunOptions): Search {
  if (when.kind === 'market') return sessionSearch(when, calendar);
  const search = clockSearch(patternOf(when), zone);
  return marketDaysOnly ? onMarketDays(search, calendar) : search;
}

function clockSearch(pattern: Pattern, zone: string): Search {
  return (from, until) => {
    const last = wallAt(until, zone);
    let reading = nextReading(pattern, wallAt(from, zone), last);
    // Readings that come a second time had their run at the first.
    while (reading !== null && instantAt(reading, zone) <= from)
      reading = nextReading(pattern, reading, last);
    return reading === null ? null : instantAt(reading, zone);
  };
}

function sessionSearch({ edge, offset }: Market, calendar: MarketCalendar): Search {
  return (from, until) => {
    const shift = offset * MINUTE_MS;
    let date = nextMarketDate(calendar, exchangeDate(from - shift), until);
    while (date !== null) {
      const at = (calendar.day(date)?.[edge].getTime() ?? Number.NaN) + shift;
      if (at > from) return at;
      date = nextMarketDate(calendar, dayAfter(date), until);
    }
    return null;
  };
}

/** A run without a session on its day lets the search go on from the next market day on. */
function onMarketDays(search: Search, calendar: MarketCalendar): Search {
  return (from, until) => {
    let at = search(from, until);
    while (at !== null) {
      const date = exchangeDate(at);
      const open = nextMarketDate(calendar, date, until);
      if (open === date || open === null) return open === null ? null : at;
      at = search(exchangeMidnight(open) - 1, until);
    }
    return null;
  };
}

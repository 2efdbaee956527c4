import { DateTime } from 'luxon';
import { z } from 'zod';
import { exchangeDay, isIsoDate } from '../../domain/dates.js';
import type { MarketDay } from '../../domain/market.js';
import type { IsoDate } from '../../domain/types.js';
import { type TastytradeHttp, withQuery } from './http.js';
import { instant, listing, read, readable, single } from './wire.js';

/** The broker answers for nine months at most; this stays below them whichever months they are. */
const SPAN_DAYS = 270;

const session = z.object({ 'open-at': instant, 'close-at': instant });

/**
 * Dates in whatever holds them: recorded answers have a list of days, the published schema a map. The
 * resource also lists half days; the sessions themselves tell when those close.
 */
const dates = z
  .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
  .transform((held) => Object.entries(held).flat())
  .transform((texts) => texts.filter((text): text is IsoDate => typeof text === 'string' && isIsoDate(text)));

const holidays = z.object({ 'market-holidays': dates });

/**
 * Days of which the broker tells a session or a holiday, ascending, both ends included. A weekday told in neither
 * list is left out rather than taken for closed: a reminder on a day without trading does less harm than none on
 * a day with. Where both lists name a day, the session's times are believed.
 */
export async function readMarketDays(http: TastytradeHttp, from: IsoDate, to: IsoDate): Promise<MarketDay[]> {
  const [closed, ...sessions] = await Promise.all([
    readHolidays(http),
    ...spans(from, to).map((span) => readSessions(http, span)),
  ]);
  const days = new Map<IsoDate, MarketDay>(closed.map((date) => [date, { date, session: null }]));
  for (const day of sessions.flat()) days.set(day.date, day);
  return [...days.values()]
    .filter(({ date }) => from <= date && date <= to)
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

async function readHolidays(http: TastytradeHttp): Promise<IsoDate[]> {
  const body = await http.read('/market-time/equities/holidays');
  return read(holidays, read(single, body, 'holidays').data, 'holidays')['market-holidays'];
}

interface Span {
  from: IsoDate;
  to: IsoDate;
}

async function readSessions(http: TastytradeHttp, { from, to }: Span): Promise<MarketDay[]> {
  const query = { 'from-date': from, 'to-date': to, 'instrument-collection': 'Equity' };
  const body = await http.read(withQuery('/market-time/sessions', query));
  const { items } = read(listing, body, 'market-sessions').data;
  return readable(session, items).flatMap((told): MarketDay[] => {
    const { 'open-at': open, 'close-at': close } = told;
    if (open === null || close === null || open >= close) return [];
    // The published schema gives a session of a range no date of its own.
    return [{ date: exchangeDay(open), session: { open, close } }];
  });
}

function spans(from: IsoDate, to: IsoDate): Span[] {
  const found: Span[] = [];
  const end = DateTime.fromISO(to, { zone: 'utc' });
  let start = DateTime.fromISO(from, { zone: 'utc' });
  while (start <= end) {
    const last = DateTime.min(end, start.plus({ days: SPAN_DAYS - 1 }));
    found.push({ from: start.toFormat('yyyy-MM-dd'), to: last.toFormat('yyyy-MM-dd') });
    start = last.plus({ days: 1 });
  }
  return found;
}

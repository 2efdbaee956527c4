import { DAY_MS, exchangeDay } from './dates.js';
import type { IsoDate, OptionTerms, Position } from './types.js';

/** What the broker tells about the end of an option; each null where it tells nothing. */
export interface ToldExpiration {
  stopsTradingAt: Date | null;
  expiresAt: Date | null;
  /** Whether the settlement value is of the morning or the afternoon of the expiration day. */
  settlement: 'AM' | 'PM' | null;
}

/** When a contract trades last. An expiration is a moment, and for morning-settled ones on the day before. */
export interface LastTrade {
  /** The day in its symbol. */
  expiration: IsoDate;
  /** From this instant on it can't be closed any more. */
  at: Date;
  /** The day of its last session at the exchange. */
  day: IsoDate;
  /** Settles on the morning of the expiration day, after its last session. */
  morning: boolean;
}

/** A day's regular session; null on days without. */
export type SessionOf = (day: IsoDate) => { open: Date; close: Date } | null;

/**
 * Roots whose every series settles on the morning of its expiration (Cboe specifications of SPX, VIX, RUT, DJX and the
 * Russell indexes; Nasdaq PHLX of NDX and its sector indexes). Their afternoon series have roots of their own: SPXW,
 * RUTW, NDXP. Used only where the broker doesn't say.
 */
const MORNING_ROOTS = new Set('SPX NDX RUT DJX VIX VIXW RLG RLV RUI VOLQ SOX HGX OSX UTY XAU BKX'.split(' '));

/** By its root alone; where the broker tells of the contract, that says more. */
export function settlesInTheMorning({ root }: Pick<OptionTerms, 'root'>): boolean {
  return MORNING_ROOTS.has(root);
}

/** Options on indexes and index funds trade this long after the stock market's close (Cboe Rule 5.1). */
const AFTER_CLOSE_MS = 15 * 60_000;
/** Longer than any stretch of days without a session. */
const MOST_DAYS_CLOSED = 10;

/**
 * The last trade of a contract, by what the broker tells, and by the exchanges' rules where it tells nothing or what
 * can't be: a time on another day than the expiration's, or after a half day's close.
 */
export function lastTradeOf(
  { root, expiration }: OptionTerms,
  told: ToldExpiration | null,
  sessionOf: SessionOf,
): LastTrade {
  const morning = told?.settlement ? told.settlement === 'AM' : settlesInTheMorning({ root });
  const stops = told?.stopsTradingAt ?? told?.expiresAt ?? null;
  const day = sessionDay(morning ? dayBefore(expiration) : expiration, sessionOf);
  const close = sessionOf(day)?.close ?? endOf(day);
  const latest = new Date(close.getTime() + AFTER_CLOSE_MS);
  if (stops && stops < latest && exchangeDay(stops) === day) return { expiration, at: stops, day, morning };
  // Told for the settlement's morning, or nothing at all: the last session's own end.
  const lasts = morning || (stops !== null && exchangeDay(stops) === day);
  return { expiration, at: lasts ? latest : close, day, morning };
}

/** It trades no more: expired, though the broker still shows it until it is settled. */
export function isOver({ at }: LastTrade, now: Date): boolean {
  return now >= at;
}

/** By symbol, of the options a position holds. */
export type LastTrades = ReadonlyMap<string, LastTrade>;

/** The end that comes first among what a position holds; null if it holds no option. */
export function firstEnd({ legs }: Pick<Position, 'legs'>, ends: LastTrades): LastTrade | null {
  const held = legs.flatMap((leg) => (leg.held > 0 && ends.get(leg.instrument.symbol)) || []);
  return held.sort((a, b) => a.at.getTime() - b.at.getTime())[0] ?? null;
}

/** Nothing of it trades any more: what is left is settled by the exchange. */
export function isAllOver({ legs }: Pick<Position, 'legs'>, ends: LastTrades, now: Date): boolean {
  const held = legs.filter((leg) => leg.held > 0 && leg.instrument.option);
  return (
    held.length > 0 &&
    held.every(({ instrument: { symbol } }) => {
      const end = ends.get(symbol);
      return end !== undefined && isOver(end, now);
    })
  );
}

/** This day if it has a session, else the last one before that has. */
function sessionDay(day: IsoDate, sessionOf: SessionOf): IsoDate {
  let found = day;
  for (let back = 0; back < MOST_DAYS_CLOSED; back += 1) {
    if (sessionOf(found)) return found;
    found = dayBefore(found);
  }
  return day;
}

function dayBefore(day: IsoDate): IsoDate {
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
}

/** 21:00 UTC: 16:00 or 17:00 at the exchange. */
function endOf(day: IsoDate): Date {
  return new Date(`${day}T21:00:00Z`);
}

import {
  addDays,
  dayOf,
  daysBetween,
  instant,
  isTradingDay,
  neighbour,
  sessionOn,
  weekdayOf,
} from '../calendar.js';
import { type Underlying, underlyingOfRoot } from './catalog.js';

/** A listed option. Strikes are plain numbers here; money made of them is not. */
export interface Contract {
  /** 21-character OCC symbol with its padding. */
  symbol: string;
  root: string;
  underlying: Underlying;
  /** New York day, YYYY-MM-DD. */
  expiration: string;
  right: 'C' | 'P';
  strike: number;
  settlement: 'AM' | 'PM';
  /** Last instant at which it trades, epoch ms; its value is settled then. */
  expiresAt: number;
  /** Its last instant of trading: for what settles in the morning the end of the session before (Cboe). */
  stopsTradingAt: number;
}

const OCC = /^([A-Z0-9]{1,6}) *(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/;
/** How far ahead options are listed. */
const HORIZON_DAYS = 400;
const DAILY_DAYS = 16;
const WEEKLY_DAYS = 70;
const NEARLY = 1e-9;
/** Corporate actions give a root a digit: `QQQ1`. */
const ADJUSTED = /^([A-Z]+)\d$/;

export function occSymbol(root: string, expiration: string, right: 'C' | 'P', strike: number): string {
  const date = expiration.slice(2).replaceAll('-', '');
  return root.padEnd(6) + date + right + String(Math.round(strike * 1000)).padStart(8, '0');
}

/** The form the quote feed uses: root without padding, plain strike (`.SPXW261218P5800`). */
export function streamerSymbol(contract: Contract): string {
  const date = contract.expiration.slice(2).replaceAll('-', '');
  return `.${contract.root}${date}${contract.right}${contract.strike}`;
}

/** The trading day on which options meant for `date` expire: a holiday moves them one day forward in the week. */
function onTradingDay(date: string): string {
  let day = date;
  while (!isTradingDay(day)) day = addDays(day, -1);
  return day;
}

function thirdFriday(year: number, month: number): string {
  const first = `${year}-${String(month).padStart(2, '0')}-01`;
  return addDays(first, ((5 - weekdayOf(first) + 7) % 7) + 14);
}

const monthlies = new Map<string, string>();

/** Monthly expiration of the underlying in a month; volatility options expire 30 days before the next SPX one. */
function monthly(underlying: Underlying, year: number, month: number): string {
  const volatility = underlying.cadence === 'wednesday';
  const key = `${volatility} ${year} ${month}`;
  const known = monthlies.get(key);
  if (known !== undefined) return known;
  const next = month === 12 ? thirdFriday(year + 1, 1) : thirdFriday(year, month + 1);
  const date = onTradingDay(volatility ? addDays(next, -30) : thirdFriday(year, month));
  monthlies.set(key, date);
  return date;
}

/** Whether a day is the underlying's monthly expiration. */
export function isMonthly(underlying: Underlying, date: string): boolean {
  return monthly(underlying, Number(date.slice(0, 4)), Number(date.slice(5, 7))) === date;
}

/** Whether a day could carry an expiration at all, however far away it is. */
function isExpirationDay(underlying: Underlying, date: string): boolean {
  if (isMonthly(underlying, date)) return true;
  if (!isTradingDay(date)) return false;
  if (underlying.cadence === 'daily') return true;
  const wanted = underlying.cadence === 'weekly' ? 5 : 3;
  const weekday = weekdayOf(date);
  return weekday <= wanted && onTradingDay(addDays(date, wanted - weekday)) === date;
}

const offers = new Map<string, string[]>();

/** The expirations on offer on a day: dailies near, Fridays for ten weeks, monthlies beyond. Ascending. */
export function expirations(
  underlying: Underlying,
  today: string,
  horizon = HORIZON_DAYS,
): readonly string[] {
  const key = `${underlying.cadence} ${today} ${horizon}`;
  const found = offers.get(key) ?? listExpirations(underlying, today, horizon);
  offers.set(key, found);
  return found;
}

function listExpirations(underlying: Underlying, today: string, horizon: number): string[] {
  const lastWeekday = underlying.cadence === 'wednesday' ? 3 : 5;
  const found: string[] = [];
  for (let ahead = 0; ahead <= horizon; ahead += 1) {
    const date = addDays(today, ahead);
    const month = isMonthly(underlying, date);
    const weekday = weekdayOf(date);
    const wanted = month || ahead <= DAILY_DAYS || (ahead <= WEEKLY_DAYS && weekday >= lastWeekday - 1);
    if (!wanted || !isExpirationDay(underlying, date)) continue;
    const weekly = weekday === lastWeekday || !isTradingDay(addDays(date, 1));
    if (month || ahead <= DAILY_DAYS || weekly) found.push(date);
  }
  return found;
}

/** Roots listed on an expiration: on a monthly both the morning-settled and the afternoon-settled series. */
export function rootsOn(underlying: Underlying, expiration: string): string[] {
  const [first, second] = underlying.roots;
  if (second === undefined) return [first];
  if (!isMonthly(underlying, expiration)) return [second];
  return underlying.cadence === 'wednesday' ? [first] : [first, second];
}

/** Strikes on offer, ascending, around the underlying's first price. */
export function strikes(underlying: Underlying, width = 0.15): number[] {
  const step = underlying.strikeStep;
  const from = Math.ceil((underlying.base * (1 - width)) / step);
  const to = Math.floor((underlying.base * (1 + width)) / step);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => (from + i) * step);
}

/** The contract of given terms. Does not ask whether it is listed. */
export function contractOf(
  underlying: Underlying,
  root: string,
  expiration: string,
  right: 'C' | 'P',
  strike: number,
): Contract {
  const morning = underlying.roots.length === 2 && standardRoot(root) === underlying.roots[0];
  return {
    symbol: occSymbol(root, expiration, right, strike),
    root,
    underlying,
    expiration,
    right,
    strike,
    settlement: morning ? 'AM' : 'PM',
    expiresAt: morning ? instant(expiration, 9, 30) : closeOf(expiration),
    stopsTradingAt: morning ? neighbour(expiration, -1).closeAt + INDEX_MINUTES_MS : closeOf(expiration),
  };
}

/** Options on indexes trade a quarter of an hour longer than stocks. */
const INDEX_MINUTES_MS = 15 * 60_000;

function closeOf(day: string): number {
  return sessionOn(day)?.closeAt ?? instant(day, 16);
}

function standardRoot(root: string): string {
  return ADJUSTED.exec(root)?.[1] ?? root;
}

const parsed = new Map<string, Contract | null>();

function parse(symbol: string): Contract | null {
  const match = OCC.exec(symbol);
  if (!match) return null;
  const [, root = '', yy, mm, dd, right, thousandths] = match;
  const underlying = underlyingOfRoot(standardRoot(root));
  if (!underlying) return null;
  const expiration = `20${yy}-${mm}-${dd}`;
  const strike = Number(thousandths) / 1000;
  const contract = contractOf(underlying, root, expiration, right === 'P' ? 'P' : 'C', strike);
  const exists = adjustments.has(symbol) || isListed(contract);
  return contract.symbol === symbol && exists ? contract : null;
}

/** Strikes within half and twice the first price on the strike grid, on a day that carries expirations. */
function isListed({ underlying, strike, expiration, root }: Contract): boolean {
  const steps = strike / underlying.strikeStep;
  if (Math.abs(steps - Math.round(steps)) > NEARLY) return false;
  if (strike < underlying.base * 0.4 || strike > underlying.base * 2.5) return false;
  return isExpirationDay(underlying, expiration) && rootsOn(underlying, expiration).includes(root);
}

/** What corporate actions have made of listed contracts, in this process. */
const adjustments = new Set<string>();

/** From now on there is a series of this symbol, though nobody lists it. */
export function addAdjusted(symbol: string): void {
  adjustments.add(symbol);
  parsed.delete(symbol);
}

/** The option an OCC symbol names, expired or not; undefined if there is no such series. */
export function findContract(symbol: string): Contract | undefined {
  const known = parsed.get(symbol);
  if (known !== undefined) return known ?? undefined;
  const contract = parse(symbol);
  parsed.set(symbol, contract);
  return contract ?? undefined;
}

/** Days from an instant to the expiration, by the New York calendar. */
export function daysToExpiration(contract: Contract, at: number): number {
  return daysBetween(dayOf(at), contract.expiration);
}

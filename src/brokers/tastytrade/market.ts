import { z } from 'zod';
import { BrokerRefusal } from '../../domain/errors.js';
import type { Decimal } from '../../domain/money.js';
import type { ToldQuote } from '../../domain/quotes.js';
import type { IsoDate, PreviousClose } from '../../domain/types.js';
import type { MarketSession } from '../../ports/broker.js';
import { type TastytradeHttp, withQuery } from './http.js';
import {
  dayOrNull,
  decimalOrNull,
  fieldOf,
  instant,
  instantOrNull,
  isYes,
  listing,
  maybe,
  read,
  single,
  text,
  textIn,
} from './wire.js';

/** Symbols of all kinds together that one request may ask for. */
const CHUNK = 100;

const PARAMETER = { option: 'equity-option', equity: 'equity', index: 'index' } as const;

/** Something quotes are asked for. */
export interface Quotable {
  symbol: string;
  kind: keyof typeof PARAMETER;
}

/**
 * Quotes by symbol. The sandbox serves none and a login may have no right to them: both are an empty answer,
 * not an error.
 */
export async function readQuotes(
  http: TastytradeHttp,
  instruments: Iterable<Quotable>,
): Promise<Map<string, ToldQuote>> {
  const wanted = [...new Map([...instruments].map((one) => [`${one.kind} ${one.symbol}`, one])).values()];
  const chunks: Quotable[][] = [];
  for (let from = 0; from < wanted.length; from += CHUNK) chunks.push(wanted.slice(from, from + CHUNK));
  const answers = await Promise.all(chunks.map((chunk) => readChunk(http, chunk)));
  return new Map(answers.flat());
}

async function readChunk(http: TastytradeHttp, chunk: readonly Quotable[]): Promise<[string, ToldQuote][]> {
  const query: Record<string, string[]> = {};
  for (const { kind, symbol } of chunk) {
    const key = PARAMETER[kind];
    query[key] = [...(query[key] ?? []), symbol];
  }
  const body = await http.read(withQuery('/market-data/by-type', query)).catch(notServed);
  if (body === null) return [];
  const { items } = read(listing, body, 'quotes').data;
  return items.flatMap(quoteIn);
}

/** By hand, since there are hundreds at each read, and all but the symbol may be missing; a row without one tells nothing. */
function quoteIn(row: unknown): [string, ToldQuote][] {
  const symbol = textIn(row, 'symbol');
  if (symbol === null) return [];
  const quote = {
    bid: decimalOrNull(fieldOf(row, 'bid')),
    ask: decimalOrNull(fieldOf(row, 'ask')),
    mark: decimalOrNull(fieldOf(row, 'mark')),
    at: instantOrNull(fieldOf(row, 'updated-at')),
    halted: isYes(fieldOf(row, 'is-trading-halted')),
    previousClose: closeOf(
      decimalOrNull(fieldOf(row, 'prev-close')),
      dayOrNull(fieldOf(row, 'prev-close-date')),
    ),
  };
  return [[symbol, quote]];
}

function closeOf(price: Decimal | null, day: IsoDate | null): PreviousClose | null {
  return price && day ? { price, day } : null;
}

/** A refusal is absence; being throttled is not. */
function notServed(error: unknown): null {
  if (error instanceof BrokerRefusal && !error.retryable) return null;
  throw error;
}

const times = z.object({ 'open-at': instant, 'close-at': instant });
const session = times.extend({ state: text, 'next-session': maybe(times) });

/**
 * The regular equity session. Open only on the exact word, because the list of other states is not settled;
 * on a closed day only the next session's times are told.
 *
 * @param now decides whether today's session still lies ahead
 */
export async function readMarketSession(http: TastytradeHttp, now: Date): Promise<MarketSession> {
  const body = await http.read('/market-time/equities/sessions/current');
  const current = read(session, read(single, body, 'market-session').data, 'market-session');
  const open = current.state === 'Open';
  const opensAt = current['open-at'];
  const today = open || (opensAt !== null && opensAt > now);
  const told = today ? current : current['next-session'];
  return { open, opensAt: told?.['open-at'] ?? null, closesAt: told?.['close-at'] ?? null };
}

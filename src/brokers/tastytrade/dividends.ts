import { z } from 'zod';
import { isIsoDate } from '../../domain/dates.js';
import { BrokerRefusal } from '../../domain/errors.js';
import type { ExDividend } from '../../ports/broker.js';
import type { TastytradeHttp } from './http.js';
import { lenientDecimal, listing, read, readable, text } from './wire.js';

/** Symbols in one request: the list travels in the address. */
const CHUNK = 50;

const day = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' && isIsoDate(value) ? value : null));

/** `dividend-next-date` is left alone: recorded answers show it years behind `dividend-ex-date`. */
const metrics = z.object({
  symbol: text,
  'dividend-ex-date': day,
  'dividend-rate-per-share': lenientDecimal,
});

/**
 * The latest announced dividends, from `GET /market-metrics` (one comma-separated list, slashes escaped). A login
 * without a right to metrics gets an empty answer, not an error: nothing is known then, and the reader says so.
 */
export async function readExDividends(
  http: TastytradeHttp,
  symbols: Iterable<string>,
): Promise<Map<string, ExDividend>> {
  const wanted = [...new Set(symbols)];
  const chunks: string[][] = [];
  for (let from = 0; from < wanted.length; from += CHUNK) chunks.push(wanted.slice(from, from + CHUNK));
  const answers = await Promise.all(chunks.map((chunk) => readChunk(http, chunk)));
  return new Map(answers.flat());
}

async function readChunk(http: TastytradeHttp, symbols: readonly string[]): Promise<[string, ExDividend][]> {
  const list = symbols.map(encodeURIComponent).join(',');
  const body = await http.read(`/market-metrics?symbols=${list}`).catch(notServed);
  if (body === null) return [];
  const { items } = read(listing, body, 'market-metrics').data;
  return readable(metrics, items).map((found) => [
    found.symbol,
    { date: found['dividend-ex-date'], amount: found['dividend-rate-per-share'] },
  ]);
}

/** A refusal is absence; being throttled is not. */
function notServed(error: unknown): null {
  if (error instanceof BrokerRefusal && !error.retryable) return null;
  throw error;
}

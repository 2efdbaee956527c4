import { z } from 'zod';
import { BrokerError } from '../../domain/errors.js';
import { parseOcc } from '../../domain/occ.js';
import type { Wrong } from '../../domain/row-faults.js';
import type { Instrument } from '../../domain/types.js';
import { underlyingOfRoot } from '../../domain/underlyings.js';
import { type TastytradeHttp, withQuery } from './http.js';
import { quantity as amount, listing, read, text, textIn, ticker, tried } from './wire.js';

const STANDARD_CONTRACT = 100;
const CHUNK = 50;

/** Shares that one contract stands for. */
export const shares = amount
  .refine((value) => value.isInteger() && value.gt(0), 'no-share-count' satisfies Wrong)
  .transform((value) => value.toNumber());

const optionInstrument = z.object({ symbol: text, 'shares-per-contract': shares });

/**
 * Shares per contract, by option symbol. Positions state it; an order's JSON does not, so what positions and
 * instruments said is remembered here for the legs of orders. Where nothing was read, a root of letters only
 * is a standard 100-share series: OCC gives every adjusted, mini or flexible series a root with a digit. But for one.
 */
export class ContractSizes {
  readonly #known = new Map<string, number>();
  readonly #unclear = new Set<string>();

  learn(symbol: string, multiplier: number): void {
    this.#known.set(symbol, multiplier);
    this.#unclear.delete(symbol);
  }

  /** The broker was asked, and what it said of this symbol can't be read. */
  isUnclear(symbol: string): boolean {
    return this.#unclear.has(symbol);
  }

  of(symbol: string): number {
    return this.#known.get(symbol) ?? STANDARD_CONTRACT;
  }

  /** Whether an instrument is of the size known now. */
  agrees({ symbol, multiplier, option }: Instrument): boolean {
    return option === null || (multiplier === this.of(symbol) && !this.isUnclear(symbol));
  }

  /** Asks the broker about the symbols a root does not explain. What it doesn't know stays standard. */
  async look(http: TastytradeHttp, symbols: Iterable<string>): Promise<void> {
    const open = [...new Set(symbols)].filter((symbol) => !this.#known.has(symbol) && isSpecial(symbol));
    for (let from = 0; from < open.length; from += CHUNK) {
      const chunk = open.slice(from, from + CHUNK);
      const query = { symbol: chunk, 'with-expired': 'true' };
      const body = await http.read(withQuery('/instruments/equity-options', query)).catch(absent);
      if (body === null) continue;
      const { items } = read(listing, body, 'options').data;
      for (const symbol of chunk) this.#unclear.delete(symbol);
      for (const item of items) this.#take(item, chunk);
    }
  }

  /** A row that names no contract may be about any that was asked for and isn't answered. */
  #take(item: unknown, asked: readonly string[]): void {
    const row = tried(optionInstrument, item);
    if ('data' in row) {
      this.learn(row.data.symbol, row.data['shares-per-contract']);
      return;
    }
    const symbol = textIn(item, 'symbol');
    const unclear = symbol !== null && asked.includes(symbol) ? [symbol] : asked;
    for (const each of unclear) if (!this.#known.has(each)) this.#unclear.add(each);
  }
}

/** The broker's no (an expired series it forgot) is an answer; no answer at all is not. */
function absent(error: unknown): null {
  if (error instanceof BrokerError && !error.retryable) return null;
  throw error;
}

/** Of one dollar a point (Cboe contract specifications). */
const NANOS = 'NANOS';

function isSpecial(symbol: string): boolean {
  const root = parseOcc(symbol)?.root ?? '';
  return root === NANOS || /\d/.test(root);
}

/**
 * The instrument a symbol of this type names.
 *
 * @param type tastytrade's `instrument-type`
 * @returns null for what is neither stock nor equity option (futures, crypto), or where type and symbol contradict
 * each other
 */
export function instrumentOf(
  type: string,
  symbol: string,
  underlying: string | null,
  multiplier: number,
): Instrument | null {
  const option = parseOcc(symbol);
  if (type === 'Equity') {
    return option ? null : { symbol, underlying: underlying ?? symbol, multiplier: 1, option: null };
  }
  if (type !== 'Equity Option') return null;
  return option && { symbol, underlying: underlying ?? underlyingOfRoot(option.root), multiplier, option };
}

/** Types that tastytrade names and that are other people's business. */
const FOREIGN = new Set([
  'Bond',
  'Cryptocurrency',
  'Currency Pair',
  'Equity Offering',
  'Event Contract',
  'Fixed Income Security',
  'Future',
  'Future Option',
  'Index',
  'Liquidity Pool',
  'Warrant',
]);

/** Whether tastytrade names this type, and so the bot knows what it is. */
export function isKnownType(type: string): boolean {
  return type === 'Equity' || type === 'Equity Option' || FOREIGN.has(type);
}

/** Whether this is surely none of the bot's business. An equity option's symbol is, whatever stands beside it. */
export function isForeign(type: unknown, symbol: unknown): boolean {
  const isOption = typeof symbol === 'string' && parseOcc(symbol) !== null;
  return typeof type === 'string' && FOREIGN.has(type) && !isOption;
}

/** A plain ticker, such as `BRK/B`; null for anything else. */
export function tickerOf(value: unknown): string | null {
  const row = tried(ticker, value);
  return 'data' in row ? row.data : null;
}

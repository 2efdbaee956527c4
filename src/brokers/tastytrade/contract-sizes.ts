import { z } from 'zod';
import { parseOcc } from '../../services/domain/occ.js';
import type { Instrument, OptionTerms } from '../../services/domain/types.js';
import { BrokerError } from '../../services/errors.js';
import { type TastytradeHttp, withQuery } from './http.js';
import { count, listing, read, text } from './wire.js';

const STANDARD_CONTRACT = 100;
const CHUNK = 50;

const optionInstrument = z.object({ symbol: text, 'shares-per-contract': count });

/**
 * Shares per contract, by option symbol. Positions state it; an order's JSON does not, so what positions and
 * instruments said is remembered here for the legs of orders. Where nothing was read, a root of letters only
 * is a standard 100-share series: OCC gives every adjusted, mini or flexible series a root with a digit.
 */
export class ContractSizes {
  readonly #known = new Map<string, number>();

  learn(symbol: string, multiplier: number): void {
    this.#known.set(symbol, multiplier);
  }

  of(symbol: string): number {
    return this.#known.get(symbol) ?? STANDARD_CONTRACT;
  }

  /** Asks the broker about the symbols a root does not explain. What it doesn't know stays standard. */
  async look(http: TastytradeHttp, symbols: Iterable<string>): Promise<void> {
    const open = [...new Set(symbols)].filter((symbol) => !this.#known.has(symbol) && isSpecial(symbol));
    for (let from = 0; from < open.length; from += CHUNK) {
      const chunk = open.slice(from, from + CHUNK);
      const query = { symbol: chunk, 'with-expired': 'true' };
      const body = await http.read(withQuery('/instruments/equity-options', query)).catch(absent);
      if (body === null) continue;
      for (const item of read(listing, body, 'a list of options').data.items) {
        const option = read(optionInstrument, item, 'an option');
        this.learn(option.symbol, option['shares-per-contract']);
      }
    }
  }
}

/** The broker's no (an expired series it forgot) is an answer; no answer at all is not. */
function absent(error: unknown): null {
  if (error instanceof BrokerError && !error.retryable) return null;
  throw error;
}

function isSpecial(symbol: string): boolean {
  return /\d/.test(parseOcc(symbol)?.root ?? '');
}

/**
 * The instrument a symbol of this type names.
 *
 * @param type tastytrade's `instrument-type`
 * @returns null for what is neither stock nor equity option (futures, crypto), or for an option symbol
 * that isn't OCC
 */
export function instrumentOf(
  type: string,
  symbol: string,
  underlying: string | null,
  multiplier: number,
): Instrument | null {
  if (type === 'Equity') return { symbol, underlying: underlying ?? symbol, multiplier: 1, option: null };
  if (type !== 'Equity Option') return null;
  const option = termsOf(symbol);
  return option && { symbol, underlying: underlying ?? option.root, multiplier, option };
}

/** Instrument types the bot deals with; everything else in the account is other people's business. */
export function isOurs(type: string): boolean {
  return type === 'Equity' || type === 'Equity Option';
}

/** Terms by symbol: the same contracts come with every answer. */
const terms = new Map<string, OptionTerms | null>();
const MOST_TERMS = 20_000;

function termsOf(symbol: string): OptionTerms | null {
  const known = terms.get(symbol);
  if (known !== undefined) return known;
  const read = parseOcc(symbol);
  if (terms.size >= MOST_TERMS) terms.clear();
  terms.set(symbol, read);
  return read;
}

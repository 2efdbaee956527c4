import type { Logger } from 'pino';
import { BrokerError } from '../../domain/errors.js';
import type { Decimal } from '../../domain/money.js';
import type { Broker, ExDividend } from '../../ports/broker.js';
import type { Book } from '../accounts/positions.js';
import { readPrices } from '../accounts/underlying-prices.js';

/** What is known now of one underlying. */
export interface UnderlyingFacts {
  symbol: string;
  /** Null if the broker didn't tell what it is. */
  isIndex: boolean | null;
  /** Dollars (points, for an index); null if not known. */
  price: Decimal | null;
  /** What the broker tells of its dividends; null if it tells nothing. */
  dividend: ExDividend | null;
}

export type Market = ReadonlyMap<string, UnderlyingFacts>;

/**
 * Prices and dividends of the underlyings of what is held. Good to have, never needed: what the broker doesn't tell
 * is null, and whoever shows it says so.
 */
export async function readMarket(book: Book, broker: Broker, log: Logger): Promise<Market> {
  const symbols = [...new Set(book.positions.map(({ position }) => position.underlying))];
  const warn = (what: string) => (error: unknown) => {
    if (!(error instanceof BrokerError)) throw error;
    log.warn({ err: error }, `could not read ${what} for a reminder`);
    return null;
  };
  const infos = await Promise.all(
    symbols.map((symbol) => broker.underlying(symbol).catch(warn(`what ${symbol} is`))),
  );
  const known = infos.filter((info) => info !== null);
  const [prices, dividends] = await Promise.all([
    readPrices(known, broker, book.readAt).catch(warn('prices of underlyings')),
    broker.exDividends(known.flatMap((info) => (info.isIndex ? [] : info.symbol))).catch(warn('dividends')),
  ]);
  return new Map(
    symbols.map((symbol, index) => [
      symbol,
      {
        symbol,
        isIndex: infos[index]?.isIndex ?? null,
        price: prices?.get(symbol) ?? null,
        dividend: dividends?.get(symbol) ?? null,
      },
    ]),
  );
}

import type { Logger } from 'pino';
import { fallbackCalendar } from '../../domain/calendar/fallback.js';
import { exchangeDay } from '../../domain/dates.js';
import { BrokerError } from '../../domain/errors.js';
import type { UnderlyingInfo } from '../../domain/market.js';
import type { Decimal } from '../../domain/money.js';
import { lastOpening, soundQuote } from '../../domain/quotes.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';

/** Dollars (points, for an index) by symbol; missing where the broker tells none that can be true. */
export type Prices = ReadonlyMap<string, Decimal>;

/** What underlyings cost now. Good to have, never needed: what can't be read is logged, and missing. */
export class UnderlyingPrices {
  constructor(
    private readonly deps: { broker: Pick<Broker, 'underlying' | 'quotes'>; clock: Clock; log: Logger },
  ) {}

  async of(symbols: Iterable<string>): Promise<Prices> {
    const { broker, clock, log } = this.deps;
    try {
      const infos = await Promise.all([...new Set(symbols)].map((symbol) => broker.underlying(symbol)));
      return await readPrices(infos, broker, clock.now());
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      log.warn({ err: error }, 'could not read what underlyings cost');
      return new Map();
    }
  }
}

/** @throws BrokerError if they can't be read */
export async function readPrices(
  infos: readonly UnderlyingInfo[],
  broker: Pick<Broker, 'quotes'>,
  at: Date,
): Promise<Prices> {
  const told = await broker.quotes(infos.map(quotable));
  const openedAt = lastOpening(at, exchangeDay(at), fallbackCalendar.day);
  return new Map(
    [...told].flatMap(([symbol, quote]) => {
      const { mark } = soundQuote(quote, 'other', openedAt);
      return mark?.gt(0) ? [[symbol, mark] as const] : [];
    }),
  );
}

function quotable({ symbol, isIndex }: UnderlyingInfo) {
  return { symbol, kind: isIndex ? ('index' as const) : ('equity' as const) };
}

import { z } from 'zod';
import { BrokerError } from '../../domain/errors.js';
import type { ToldExpiration } from '../../domain/expiration.js';
import type { Clock } from '../../ports/clock.js';
import { type TastytradeHttp, withQuery } from './http.js';
import { instant, listing, read, text } from './wire.js';

const CHUNK = 50;
/** A closing ordered at short notice moves the last trade, so what was told is asked again after a while. */
const KEPT_MS = 6 * 60 * 60_000;

const option = z.object({
  symbol: text,
  'stops-trading-at': instant,
  'expires-at': instant,
  'settlement-type': z.unknown().optional(),
});

/** How options end, by symbol, each asked once in a while however many ask. */
export class Expirations {
  readonly #kept = new Map<string, { until: number; told: ToldExpiration | null }>();

  constructor(
    private readonly http: TastytradeHttp,
    private readonly clock: Clock,
  ) {}

  /** @throws BrokerError if the broker can't be asked; its no is an answer */
  async of(symbols: Iterable<string>): Promise<Map<string, ToldExpiration>> {
    const now = this.clock.now().getTime();
    for (const [symbol, { until }] of this.#kept) if (until <= now) this.#kept.delete(symbol);
    const wanted = [...new Set(symbols)];
    const open = wanted.filter((symbol) => !this.#kept.has(symbol));
    const chunks = Array.from({ length: Math.ceil(open.length / CHUNK) }, (_, index) =>
      open.slice(index * CHUNK, (index + 1) * CHUNK),
    );
    const told = new Map((await Promise.all(chunks.map((chunk) => this.#read(chunk)))).flat());
    for (const symbol of open)
      this.#kept.set(symbol, { until: now + KEPT_MS, told: told.get(symbol) ?? null });
    return new Map(
      wanted.flatMap((symbol) => {
        const each = this.#kept.get(symbol)?.told;
        return each ? [[symbol, each] as const] : [];
      }),
    );
  }

  async #read(symbols: readonly string[]): Promise<[string, ToldExpiration][]> {
    const query = { symbol: symbols, 'with-expired': 'true' };
    const body = await this.http.read(withQuery('/instruments/equity-options', query)).catch(absent);
    if (body === null) return [];
    // Good to have, never needed: a row that can't be read is one that tells nothing.
    return read(listing, body, 'options').data.items.flatMap((item) => {
      const parsed = option.safeParse(item);
      return parsed.success ? [toldBy(parsed.data)] : [];
    });
  }
}

function toldBy(item: z.output<typeof option>): [string, ToldExpiration] {
  const settlement = item['settlement-type'];
  return [
    item.symbol,
    {
      stopsTradingAt: item['stops-trading-at'],
      expiresAt: item['expires-at'],
      settlement: settlement === 'AM' || settlement === 'PM' ? settlement : null,
    },
  ];
}

function absent(error: unknown): null {
  if (error instanceof BrokerError && !error.retryable) return null;
  throw error;
}

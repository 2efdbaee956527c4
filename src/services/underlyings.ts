import { exchangeDay } from './domain/dates.js';
import type { Broker, UnderlyingInfo } from './ports/broker.js';
import type { Clock } from './ports/clock.js';

/** Price increments by underlying, asked once per exchange day: they change by exchange notice, overnight. */
export class Underlyings {
  readonly #known = new Map<string, { day: string; info: Promise<UnderlyingInfo> }>();

  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
  ) {}

  async of(symbols: Iterable<string>): Promise<Map<string, UnderlyingInfo>> {
    const entries = [...new Set(symbols)].map(async (symbol) => [symbol, await this.#one(symbol)] as const);
    return new Map(await Promise.all(entries));
  }

  #one(symbol: string): Promise<UnderlyingInfo> {
    const day = exchangeDay(this.clock.now());
    const known = this.#known.get(symbol);
    if (known?.day === day) return known.info;
    const info = this.broker.underlying(symbol);
    this.#known.set(symbol, { day, info });
    info.catch(() => this.#known.delete(symbol));
    return info;
  }
}

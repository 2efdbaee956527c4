import { z } from 'zod';
import { BrokerProtocolError } from '../../domain/errors.js';
import type { TickStep, UnderlyingInfo } from '../../domain/market.js';
import type { Wrong } from '../../domain/row-faults.js';
import { isPriceStep } from '../../domain/ticks.js';
import type { Clock } from '../../ports/clock.js';
import { route, type TastytradeHttp, withQuery } from './http.js';
import { decimal, listing, maybe, read, single, text, textIn, tried } from './wire.js';

/** Schedules change overnight at most; previews of many positions must not queue for them. */
const KEPT_MS = 60 * 60_000;

const positive = decimal.refine((value) => value.gt(0), 'not-above-zero' satisfies Wrong);
const increment = decimal.refine(isPriceStep, 'no-price-step' satisfies Wrong);
/** What is neither yes nor no counts as an index: the coarser prices are valid for both. */
const notDenied = z
  .unknown()
  .optional()
  .transform((value) => ![undefined, null, '', false, 'false'].includes(value as string));
const equity = z.object({
  symbol: text,
  'is-index': notDenied,
  'option-tick-sizes': maybe(z.array(z.object({ value: increment, threshold: maybe(positive) }))),
});

/** By symbol; of one that can't be read, what is wrong with it. */
type Answers = Map<string, UnderlyingInfo | BrokerProtocolError>;

interface Batch {
  symbols: string[];
  answers: Promise<Answers>;
}

/** Underlyings by symbol, each asked once per hour however many ask, and those asked for together in one request. */
export class Underlyings {
  #batch: Batch | null = null;
  readonly #kept = new Map<string, { until: number; info: Promise<UnderlyingInfo> }>();

  constructor(
    private readonly http: TastytradeHttp,
    private readonly clock: Clock,
  ) {}

  get(symbol: string): Promise<UnderlyingInfo> {
    const now = this.clock.now().getTime();
    const kept = this.#kept.get(symbol);
    if (kept !== undefined && now < kept.until) return kept.info;
    const entry = { until: now + KEPT_MS, info: this.#ask(symbol) };
    this.#kept.set(symbol, entry);
    entry.info.catch(() => {
      if (this.#kept.get(symbol) === entry) this.#kept.delete(symbol);
    });
    return entry.info;
  }

  /** Joins the request that leaves once everybody who asks right now has asked: single ones are rationed. */
  async #ask(symbol: string): Promise<UnderlyingInfo> {
    this.#batch ??= this.#newBatch();
    this.#batch.symbols.push(symbol);
    const info = (await this.#batch.answers).get(symbol);
    if (!info) throw new BrokerProtocolError({ code: 'UNDERLYING_UNLISTED', symbol });
    if (info instanceof BrokerProtocolError) throw info;
    return info;
  }

  #newBatch(): Batch {
    const symbols: string[] = [];
    const answers = Promise.resolve().then(() => {
      this.#batch = null;
      return readUnderlyings(this.http, symbols);
    });
    return { symbols, answers };
  }
}

async function readUnderlyings(http: TastytradeHttp, symbols: readonly string[]): Promise<Answers> {
  const [only, ...more] = symbols;
  if (only !== undefined && more.length === 0) {
    const body = await http.read(route`/instruments/equities/${only}`);
    return answersIn([read(single, body, 'underlyings').data]);
  }
  const body = await http.read(withQuery('/instruments/equities', { symbol: symbols }));
  return answersIn(read(listing, body, 'underlyings').data.items);
}

function answersIn(items: readonly unknown[]): Answers {
  const answers: Answers = new Map();
  for (const item of items) {
    const symbol = textIn(item, 'symbol');
    if (symbol !== null) answers.set(symbol, underlyingOf(symbol, item));
  }
  return answers;
}

function underlyingOf(symbol: string, item: unknown): UnderlyingInfo | BrokerProtocolError {
  const row = tried(equity, item);
  if (!('data' in row)) {
    return new BrokerProtocolError({ code: 'UNDERLYING_UNREADABLE', symbol, fault: row.fault });
  }
  const optionTicks = (row.data['option-tick-sizes'] ?? []).map(
    ({ value, threshold }): TickStep => ({ below: threshold, increment: value }),
  );
  return { symbol, isIndex: row.data['is-index'], optionTicks };
}

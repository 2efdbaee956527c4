import { z } from 'zod';
import type { TickStep, UnderlyingInfo } from '../../services/ports/broker.js';
import type { Clock } from '../../services/ports/clock.js';
import { route, type TastytradeHttp } from './http.js';
import { decimal, flag, maybe, read, single, text } from './wire.js';

/** Schedules change overnight at most; previews of many positions must not queue for them. */
const KEPT_MS = 60 * 60_000;

const positive = decimal.refine((value) => value.gt(0), 'expected a positive number');
const equity = z.object({
  symbol: text,
  'is-index': flag,
  'option-tick-sizes': maybe(z.array(z.object({ value: positive, threshold: maybe(positive) }))),
});

/** Underlyings by symbol, each asked once per hour however many ask. */
export class Underlyings {
  readonly #kept = new Map<string, { until: number; info: Promise<UnderlyingInfo> }>();

  constructor(
    private readonly http: TastytradeHttp,
    private readonly clock: Clock,
  ) {}

  get(symbol: string): Promise<UnderlyingInfo> {
    const now = this.clock.now().getTime();
    const kept = this.#kept.get(symbol);
    if (kept !== undefined && now < kept.until) return kept.info;
    const entry = { until: now + KEPT_MS, info: readUnderlying(this.http, symbol) };
    this.#kept.set(symbol, entry);
    entry.info.catch(() => {
      if (this.#kept.get(symbol) === entry) this.#kept.delete(symbol);
    });
    return entry.info;
  }
}

async function readUnderlying(http: TastytradeHttp, symbol: string): Promise<UnderlyingInfo> {
  const body = await http.read(route`/instruments/equities/${symbol}`);
  const found = read(equity, read(single, body, 'an underlying').data, 'an underlying');
  const optionTicks = (found['option-tick-sizes'] ?? []).map(
    ({ value, threshold }): TickStep => ({ below: threshold, increment: value }),
  );
  return { symbol: found.symbol, isIndex: found['is-index'], optionTicks: optionTicks.sort(byThreshold) };
}

/** Ascending, the step for all higher prices last. */
function byThreshold(a: TickStep, b: TickStep): number {
  if (a.below === null || b.below === null) return a.below === b.below ? 0 : a.below === null ? 1 : -1;
  return a.below.comparedTo(b.below);
}

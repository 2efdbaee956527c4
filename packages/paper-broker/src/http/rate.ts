import { ApiError } from '../errors.js';
import type { RateCeilings } from '../options.js';

/** Requests per second by class of route, the figures tastytrade's own connector keeps to. */
export const PUBLISHED_CEILINGS: RateCeilings = {
  global: 50,
  marketData: 2,
  optionChains: 2,
  equity: 3,
  equities: 2,
  equityOptions: 3,
  positions: 1,
  balances: 1,
  tradingStatus: 1,
  accounts: 1,
  orderMoves: 20,
};

/** Enforced loosely: so many seconds' worth may come at once, and never fewer than this many requests. */
const BURST_SECONDS = 3;
const BURST_MIN = 6;

const CLASSES: readonly (readonly [keyof RateCeilings, RegExp])[] = [
  ['marketData', /^GET \/market-data\//],
  ['optionChains', /^GET \/option-chains\//],
  ['equities', /^GET \/instruments\/equities$/],
  ['equity', /^GET \/instruments\/equities\//],
  ['equityOptions', /^GET \/instruments\/equity-options/],
  ['positions', /^GET \/accounts\/[^/]+\/positions$/],
  ['balances', /^GET \/accounts\/[^/]+\/balances/],
  ['tradingStatus', /^GET \/accounts\/[^/]+\/trading-status$/],
  ['accounts', /^GET \/customers\/me\/accounts/],
  // A dry run moves no order.
  ['orderMoves', /^(POST|PUT|PATCH|DELETE) \/accounts\/[^/]+\/(?:complex-)?orders(?!.*\/dry-run$)/],
];

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets by class of route, on the real clock. */
export class RateLimiter {
  readonly #buckets = new Map<keyof RateCeilings, Bucket>();

  constructor(private readonly ceilings: RateCeilings) {}

  /** @throws ApiError 429; as at the real broker, no header says when to come back */
  check(method: string, path: string): void {
    const kind = CLASSES.find(([, pattern]) => pattern.test(`${method} ${path}`))?.[0];
    if (this.#spend('global') && (kind === undefined || this.#spend(kind))) return;
    throw new ApiError(429, 'too_many_requests', 'Too many requests');
  }

  #spend(kind: keyof RateCeilings): boolean {
    const rate = this.ceilings[kind];
    const capacity = Math.max(BURST_MIN, rate * BURST_SECONDS);
    const now = performance.now();
    const bucket = this.#buckets.get(kind) ?? { tokens: capacity, at: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    bucket.at = now;
    this.#buckets.set(kind, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}

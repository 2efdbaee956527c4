import type { World } from '../world.js';
import type { RateLimiter } from './rate.js';

/** What the routes work with. */
export interface Context {
  /** The first account; what belongs to the market or the login is the same in all. */
  world: World;
  /** The open accounts of the login, the first one first. */
  worlds: readonly World[];
  clientSecret: string;
  refreshToken: string;
  limiter: RateLimiter | undefined;
  /** Requests by method and path since the start. */
  counts: Map<string, number>;
  /** Brings market, orders and expirations up to the present. */
  pump(): void;
}

/** A single object in the broker's envelope. */
export function envelope(path: string, data: unknown): Record<string, unknown> {
  return { data, context: path };
}

/** A list in the broker's envelope; pagination goes beside the data, not into it. */
export function listEnvelope(path: string, items: unknown[], pagination?: unknown): Record<string, unknown> {
  return { data: { items }, context: path, ...(pagination ? { pagination } : {}) };
}

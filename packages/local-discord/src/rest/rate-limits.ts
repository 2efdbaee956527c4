import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.js';

export interface Limit {
  limit: number;
  perMs: number;
}

/**
 * Discord publishes no numbers per route; these are what is widely observed. Only the 50 per second is documented.
 */
export interface RateLimits {
  /** Requests per second of one bot over all routes but the interaction ones. */
  global: number;
  /** Messages per channel: create, edit and delete each count by themselves. */
  messages: Limit;
  /** Follow-ups, edits and deletes per interaction token, each by themselves. */
  webhooks: Limit;
  /** Edits per channel of messages older than an hour, beside those of `messages`. */
  oldEdits: Limit;
  /** Everything else, per route and guild. */
  other: Limit;
}

export const DEFAULT_RATE_LIMITS: RateLimits = {
  global: 50,
  messages: { limit: 5, perMs: 5_000 },
  webhooks: { limit: 5, perMs: 5_000 },
  oldEdits: { limit: 3, perMs: 6_000 },
  other: { limit: 30, perMs: 5_000 },
};

interface Window {
  used: number;
  /** Clock instant at which the count starts anew. */
  resetAt: number;
}

/** What one request did to its bucket. */
export interface Charge {
  bucket: string;
  limit: number;
  remaining: number;
  /** Seconds, with decimals. */
  resetAfter: number;
  /** Seconds since the epoch, with decimals. */
  resetAt: number;
  refused: 'user' | 'global' | null;
}

const SECOND_MS = 1_000;
const MAX_WINDOWS = 10_000;

/** Fixed windows per bucket and one global window per bot. */
export class RateLimiter {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: RateLimits,
  ) {}

  /**
   * Counts a request in.
   * @param template the route with its parameters' names; together with the method it is the bucket.
   * @param major channel, guild or webhook+token: each has a bucket of its own.
   */
  charge(appId: string, method: string, template: string, major: string): Charge {
    const limit = this.limitOf(template);
    const bucket = bucketName(method, template);
    const exempt = template.startsWith('/webhooks/') || template.startsWith('/interactions/');
    const global = this.count(`global/${appId}`, SECOND_MS);
    if (!exempt) global.used += 1;
    const own = this.count(`${appId}/${bucket}/${major}`, limit.perMs);
    const overGlobal = !exempt && global.used > this.limits.global;
    if (!overGlobal) own.used += 1;
    const window = overGlobal ? global : own;
    return {
      bucket,
      limit: limit.limit,
      remaining: Math.max(0, limit.limit - own.used),
      resetAfter: Math.max(0, window.resetAt - this.clock.now()) / SECOND_MS,
      resetAt: window.resetAt / SECOND_MS,
      refused: overGlobal ? 'global' : own.used > limit.limit ? 'user' : null,
    };
  }

  /** Counts in an edit of a message older than an hour. @returns seconds to wait if there are too many, else null */
  oldEdit(appId: string, channelId: string): number | null {
    const { limit, perMs } = this.limits.oldEdits;
    const window = this.count(`${appId}/old-edits/${channelId}`, perMs);
    if (window.used >= limit) return (window.resetAt - this.clock.now()) / SECOND_MS;
    window.used += 1;
    return null;
  }

  private limitOf(template: string): Limit {
    if (template.startsWith('/webhooks/')) return this.limits.webhooks;
    return template.startsWith('/channels/{channel_id}/messages') ? this.limits.messages : this.limits.other;
  }

  private count(key: string, perMs: number): Window {
    const now = this.clock.now();
    const known = this.windows.get(key);
    if (known && known.resetAt > now) return known;
    if (this.windows.size > MAX_WINDOWS) this.prune(now);
    const fresh = { used: 0, resetAt: now + perMs };
    this.windows.set(key, fresh);
    return fresh;
  }

  /** Every interaction token has windows of its own; old ones would pile up for ever. */
  private prune(now: number): void {
    for (const [key, window] of this.windows) if (window.resetAt <= now) this.windows.delete(key);
  }
}

const names = new Map<string, string>();

/** Opaque to clients, the same for every major parameter. */
export function bucketName(method: string, template: string): string {
  const key = `${method} ${template}`;
  let name = names.get(key);
  if (!name) {
    name = createHash('md5').update(key).digest('hex');
    names.set(key, name);
  }
  return name;
}

import type { FastifyReply } from 'fastify';
import { ApiError } from '../base/api-error.js';
import type { Fault } from './faults.js';
import { bucketName, type Charge } from './rate-limits.js';
import type { Trace } from './trace.js';

/** A 429: its body also says how long to wait. `code` 0 because the OpenAPI file demands one. */
export class RateLimitedError extends ApiError {
  constructor(
    private readonly retryAfter: number,
    private readonly global: boolean,
    code = 0,
    message = 'You are being rate limited.',
  ) {
    super(429, code, message);
  }

  override body(): Record<string, unknown> {
    return { ...super.body(), retry_after: this.retryAfter, global: this.global };
  }
}

/** Turns a refused charge into its error and notes the scope for the headers. */
export function refuseByLimit(trace: Trace): RateLimitedError {
  const global = trace.charge?.refused === 'global';
  trace.scope = global ? 'global' : 'user';
  return new RateLimitedError(trace.charge?.resetAfter ?? 0, global);
}

/** Too many edits of messages older than an hour: a limit beside the bucket's, which may have room (code 30046). */
export function refuseOldEdit(trace: Trace, retryAfter: number): RateLimitedError {
  trace.scope = 'user';
  trace.retryAfter = retryAfter;
  const message = 'Maximum number of edits to messages older than 1 hour reached. Try again later.';
  return new RateLimitedError(retryAfter, false, 30046, message);
}

/**
 * The headers by which clients pace themselves. A 429 always has them, whatever route it is on: a client that finds
 * none tries again at once, and again, without end.
 */
export function limitHeaders(trace: Trace, method: string, now: number, reply: FastifyReply): void {
  const { fault, scope } = trace;
  if (fault?.kind === '429-page') return;
  const exhausted = fault?.kind === 'exhausted' || fault?.kind === '429-user';
  const charge = trace.charge ?? (exhausted || scope ? stagedCharge(trace, method, now, fault) : null);
  if (!charge) return;
  const resetAfter = exhausted ? fault.retryAfter : charge.resetAfter;
  // A shared limit is not the bot's own: its own bucket still has room.
  const remaining = exhausted ? 0 : scope === 'shared' ? Math.max(1, charge.remaining) : charge.remaining;
  if (scope !== 'global') {
    reply.headers({
      'x-ratelimit-limit': String(charge.limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': charge.resetAt.toFixed(3),
      'x-ratelimit-reset-after': resetAfter.toFixed(3),
      'x-ratelimit-bucket': charge.bucket,
    });
  }
  if (scope) retryHeaders(scope, trace.retryAfter ?? fault?.retryAfter ?? charge.resetAfter, reply);
}

/** Stands in where nothing is counted: rate limits switched off, or a callback's route. */
function stagedCharge(trace: Trace, method: string, now: number, fault: Fault | null): Charge {
  const resetAfter = fault?.retryAfter ?? 0;
  const bucket = bucketName(method, trace.template ?? '');
  return { bucket, limit: 5, remaining: 4, resetAfter, resetAt: now / 1_000 + resetAfter, refused: null };
}

/** Retry-After is whole seconds, rounded up; the body's `retry_after` has the fraction. */
function retryHeaders(scope: 'user' | 'global' | 'shared', seconds: number, reply: FastifyReply): void {
  reply.header('retry-after', String(Math.max(1, Math.ceil(seconds))));
  reply.header('x-ratelimit-scope', scope);
  if (scope === 'global') reply.header('x-ratelimit-global', 'true');
}

import type { FastifyReply } from 'fastify';
import { ApiError } from '../base/api-error.js';
import type { Trace } from './trace.js';

/** A 429: its body also says how long to wait. `code` 0 because the OpenAPI file demands one. */
export class RateLimitedError extends ApiError {
  constructor(
    private readonly retryAfter: number,
    private readonly global: boolean,
  ) {
    super(429, 0, 'You are being rate limited.');
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

/** The headers by which clients pace themselves, on every reply of a limited route. */
export function limitHeaders(trace: Trace, reply: FastifyReply): void {
  const { charge, fault, scope } = trace;
  if (!charge) return;
  const exhausted = fault?.kind === 'exhausted' || fault?.kind === '429-user';
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
  if (scope) retryHeaders(scope, fault?.retryAfter ?? charge.resetAfter, reply);
}

function retryHeaders(scope: 'user' | 'global' | 'shared', seconds: number, reply: FastifyReply): void {
  reply.header('retry-after', String(Math.max(1, Math.ceil(seconds))));
  reply.header('x-ratelimit-scope', scope);
  if (scope === 'global') reply.header('x-ratelimit-global', 'true');
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError } from './limit-headers.js';
import type { Trace } from './trace.js';

const SCOPES = { '429-user': 'user', '429-shared': 'shared', '429-global': 'global' } as const;

/**
 * Plays a fault that strikes before the request takes effect.
 * @returns 'go on', a rate-limit error to answer with, or 'done' when the connection or the answer is dealt with.
 */
export function faultBefore(
  trace: Trace,
  request: FastifyRequest,
  reply: FastifyReply,
): 'go on' | 'done' | RateLimitedError {
  const { fault } = trace;
  switch (fault?.kind) {
    case '429-user':
    case '429-shared':
    case '429-global':
      trace.scope = SCOPES[fault.kind];
      return new RateLimitedError(fault.retryAfter, fault.kind === '429-global');
    case '429-page':
      reply.code(429).header('content-type', 'text/html; charset=UTF-8');
      reply.header('retry-after', String(Math.ceil(fault.retryAfter))).send(RATE_LIMIT_PAGE);
      return 'done';
    case '5xx':
      badGateway(reply).send(BAD_GATEWAY);
      return 'done';
    case 'page':
      // As from an edge or a proxy: no header of Discord's, not even how long to wait.
      reply.code(fault.status).header('content-type', 'text/html').send(PAGE);
      return 'done';
    case 'reset':
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return 'done';
    default:
      return 'go on';
  }
}

/** Plays a fault that strikes after the request took effect; `send` gets the payload that goes out. */
export function faultAfter(
  trace: Trace,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  send: (payload: unknown) => void,
): void {
  const { fault } = trace;
  // A request that was refused took no effect, so there is nothing to hide.
  const kind = reply.statusCode < 300 ? fault?.kind : undefined;
  if (kind === '5xx-after-commit') {
    badGateway(reply);
    send(BAD_GATEWAY);
    return;
  }
  if (kind === 'reset-after-commit') request.raw.socket.resetAndDestroy();
  if (kind === 'slow-after-commit') setTimeout(() => send(payload), fault?.ms);
  else send(payload);
}

/** What guards Discord's servers against too many requests of one address answers with a page and no limit headers. */
const RATE_LIMIT_PAGE =
  '<!doctype html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head><body><h1>Error 1015</h1><p>You are being rate limited</p></body></html>';
const PAGE = '<!doctype html><title>Attention required</title><h1>One moment</h1>';
const BAD_GATEWAY = 'upstream connect error or disconnect/reset before headers';

/** What stands before Discord's servers answers in plain text, not in Discord's JSON. */
function badGateway(reply: FastifyReply): FastifyReply {
  reply.removeHeader('content-length');
  return reply.code(502).header('content-type', 'text/plain');
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.js';
import type { Fault, FaultKind } from '../faults.js';
import type { Context } from './context.js';

/** Never settles: the client waits until it gives up or the server closes the connection. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

function cut(request: FastifyRequest): Promise<never> {
  request.raw.socket.destroy();
  return never();
}

function has(request: FastifyRequest, kind: FaultKind): Fault | undefined {
  return request.faults.find((fault) => fault.kind === kind);
}

/** Mishaps before anything is carried out. @throws ApiError for a falsified status */
export async function applyBefore(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const latency = has(request, 'latency');
  if (latency) await sleep(latency.ms);
  const status = has(request, 'status');
  const hang = has(request, 'hang-before-commit');
  const drop = has(request, 'drop-before-commit');
  if (request.receivedLog && (status || hang || drop)) {
    request.receivedLog.refusal = 'not carried out';
    request.receivedLog.answer = hang ? 'withheld' : drop ? 'cut' : 'given';
  }
  if (hang) return never();
  if (drop) return cut(request);
  if (status) throw new ApiError(status.status, status.code, status.reason);
  const dark = has(request, 'no-market-data');
  if (dark?.status === 404) throw new ApiError(404, 'record_not_found', 'No market data');
  if (dark) return reply.send({ data: { items: [] }, context: request.url.split('?')[0] });
  return undefined;
}

/** Mishaps after the request was carried out: the answer is lost, late, or a lie. */
export async function applyAfter(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const slow = has(request, 'slow-answer');
  const hang = has(request, 'hang-after-commit');
  const drop = has(request, 'drop-after-commit');
  const lie = has(request, 'error-after-commit') ?? has(request, 'garbage');
  if (request.receivedLog && (hang || drop || lie)) {
    request.receivedLog.answer = hang ? 'withheld' : drop ? 'cut' : 'falsified';
    context.world.store.touch();
  }
  if (slow) await sleep(slow.ms);
  if (hang) return never();
  if (drop) return cut(request);
  if (!lie) return payload;
  if (lie.kind === 'garbage') {
    reply.code(200).header('content-type', 'text/html');
    return '<html><body>Gateway</body></html>';
  }
  reply.code(lie.status);
  return JSON.stringify({ error: { code: lie.code, message: lie.reason } });
}

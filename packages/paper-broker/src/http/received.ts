import type { FastifyRequest } from 'fastify';
import { ApiError, type Issue } from '../errors.js';
import type { ReceivedOrder } from '../state.js';
import type { World } from '../world.js';

const KEPT = 5_000;

/** Whether a request asks for an order, or a complex one, to be placed. */
export function isPlacing(method: string, path: string): boolean {
  return method === 'POST' && /^\/accounts\/[^/]+\/(complex-)?orders$/.test(path);
}

/** Writes down that an order arrived, before anything is decided about it. */
export function noteReceived(
  world: World,
  path: string,
  { body, headers }: Pick<FastifyRequest, 'body' | 'headers'>,
): ReceivedOrder {
  const { received } = world.state;
  const identifier = (body as { 'external-identifier'?: unknown } | undefined)?.['external-identifier'];
  const entry: ReceivedOrder = {
    sequence: (received.at(-1)?.sequence ?? 0) + 1,
    at: world.clock.now(),
    realAt: Date.now(),
    accountNumber: path.split('/')[2] ?? '',
    externalIdentifier: typeof identifier === 'string' ? identifier : null,
    acceptVersion: headers['accept-version'] === undefined ? null : String(headers['accept-version']),
    body: body ?? null,
    orderId: null,
    refusal: null,
    answer: 'given',
  };
  received.push(entry);
  if (received.length > KEPT) received.shift();
  world.store.touch();
  return entry;
}

export function noteAccepted(entry: ReceivedOrder | undefined, orderId: number): void {
  if (entry) entry.orderId = orderId;
}

function nameOf(issue: Issue): string {
  return 'code' in issue ? issue.code : issue.domain;
}

export function noteRefused(entry: ReceivedOrder | undefined, error: unknown): void {
  if (!entry || !(error instanceof ApiError)) return;
  entry.refusal = [error.code, ...error.issues.map(nameOf)].join(' ');
}

import type { FastifyRequest } from 'fastify';
import { ApiError, malformed } from '../errors.js';

/**
 * The documented versions of each API, oldest first. A request gets the newest at or before the date it names, and
 * without a date the one that was there before dates were asked for.
 * https://developer.tastytrade.com/api-versions
 */
const VERSIONS: [RegExp, string[]][] = [
  [/^\/accounts\/[^/]+\/orders(\/|$)/, ['20250813', '20261012']],
  [/^\/accounts\/[^/]+\/balances(\/|$)/, ['20240501']],
  [/^\/instruments\//, ['20250715']],
];
/** From here on a search of orders names where it starts. */
const SEARCH_NEEDS_START = '20261012';

/** @throws ApiError 406, with a code that is a number, for a version that never was */
export function requireKnownVersion(request: FastifyRequest): void {
  const asked = request.headers['accept-version'];
  if (asked === undefined || servedVersion(request) !== null) return;
  throw new ApiError(406, 406, 'Unsupported API version');
}

/** @throws ApiError 400 for a search without a start, where the version asked for wants one */
export function requireStart(request: FastifyRequest): void {
  if ((servedVersion(request) ?? '') < SEARCH_NEEDS_START) return;
  if (request.search.one('start-at') !== undefined || request.search.one('start-date') !== undefined) return;
  throw malformed([{ domain: 'start-date', reason: 'is missing' }]);
}

function servedVersion(request: FastifyRequest): string | null {
  const path = request.url.split('?')[0] ?? '';
  const asked = request.headers['accept-version'];
  const known = VERSIONS.find(([pattern]) => pattern.test(path))?.[1] ?? ['00000000'];
  if (asked === undefined) return known[0] ?? null;
  const date = String(asked);
  return /^\d{8}$/.test(date) ? (known.filter((version) => version <= date).at(-1) ?? null) : null;
}

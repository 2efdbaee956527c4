import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../errors.js';
import type { World } from '../world.js';

/** Life of an access token in seconds, as documented. */
export const TOKEN_SECONDS = 900;

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** Whether two secrets are the same, without telling by the time it takes. */
export function sameSecret(given: unknown, expected: string): boolean {
  if (typeof given !== 'string') return false;
  return timingSafeEqual(Buffer.from(digest(given)), Buffer.from(digest(expected)));
}

/** A new access token. An earlier one stays good until its own end. */
export function issueToken(world: World): string {
  const token = randomBytes(32).toString('base64url');
  const now = world.clock.tokenTime();
  const { tokens } = world.state;
  const alive = tokens.filter((each) => each.expiresAt > now);
  tokens.splice(0, tokens.length, ...alive, { hash: digest(token), expiresAt: now + TOKEN_SECONDS * 1000 });
  world.store.touch();
  return token;
}

/** Checks an `Authorization` header or a streamer's `auth-token`. @throws ApiError 401 */
export function requireToken(world: World, authorization: unknown): void {
  const token = typeof authorization === 'string' ? /^Bearer (.+)$/.exec(authorization)?.[1] : undefined;
  if (token === undefined) throw new ApiError(401, 'unauthorized', 'Unauthorized');
  const known = world.state.tokens.find((each) => each.hash === digest(token));
  if (!known) throw new ApiError(401, 'invalid_token', 'This token is invalid');
  if (known.expiresAt <= world.clock.tokenTime()) {
    throw new ApiError(401, 'token_expired', 'This token has expired');
  }
}

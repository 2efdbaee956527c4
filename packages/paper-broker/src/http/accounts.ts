import { ApiError, notFound } from '../errors.js';
import type { World } from '../world.js';
import type { Context } from './context.js';

type Login = Pick<Context, 'world' | 'worlds'>;

/**
 * The account that a path names. The closed one, which holds nothing, is told from what it shares with the first.
 * @throws ApiError 403 unless it is one of the login's
 */
export function accountOf({ world, worlds }: Login, number: string): World {
  if (number === world.closedAccountNumber) return world;
  const found = worlds.find((each) => each.accountNumber === number);
  if (!found) throw new ApiError(403, 'not_permitted', 'User not permitted access');
  return found;
}

/** The account that orders are for. @throws ApiError 403 for a foreign or closed account */
export function openAccountOf(login: Login, number: string): World {
  const world = accountOf(login, number);
  if (number === world.closedAccountNumber || world.state.tradingStatus.isClosed) {
    throw new ApiError(403, 'not_permitted', 'The account is closed');
  }
  return world;
}

/** An id from a path. @throws ApiError 404 */
export function idOf(value: string): number {
  const id = Number(value);
  if (!Number.isSafeInteger(id)) throw notFound(`order ${value}`);
  return id;
}

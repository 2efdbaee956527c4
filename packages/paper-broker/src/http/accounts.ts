import { ApiError, notFound } from '../errors.js';
import type { World } from '../world.js';

/** Whether reads of the account are served: it must be one of the login's. @throws ApiError 403 */
export function requireAccount(world: World, number: string): void {
  if (number !== world.accountNumber && number !== world.closedAccountNumber) {
    throw new ApiError(403, 'not_permitted', 'User not permitted access');
  }
}

/** Whether orders of the account are taken. @throws ApiError 403 for a foreign or closed account */
export function requireOpenAccount(world: World, number: string): void {
  requireAccount(world, number);
  if (number === world.closedAccountNumber || world.state.tradingStatus.isClosed) {
    throw new ApiError(403, 'not_permitted', 'The account is closed');
  }
}

/** An id from a path. @throws ApiError 404 */
export function idOf(value: string): number {
  const id = Number(value);
  if (!Number.isSafeInteger(id)) throw notFound(`order ${value}`);
  return id;
}

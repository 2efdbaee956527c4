import { type Exact, sumExact } from './exact.js';
import type { LedgerRow } from './realised.js';

/** What a ledger books of one contract's trades. */
export type BookedTrade = Pick<LedgerRow, 'orderId' | 'quantity' | 'fees' | 'reverses'>;

/**
 * What an order's trades in one contract cost in commission and fees, in dollars.
 *
 * @param contracts of how many: all that it traded, or the part that is closed now of what it opened
 * @returns null while the ledger doesn't have them all, or where a booking was undone
 */
export function feesOf(
  bookings: readonly BookedTrade[],
  orderId: string,
  contracts: number,
  part: 'all' | 'some',
): Exact | null {
  const mine = bookings.filter((booking) => booking.orderId === orderId);
  const booked = sumExact(mine.map(({ quantity }) => quantity));
  const enough = part === 'all' ? booked.eq(contracts) : booked.gte(contracts);
  if (!enough || booked.lte(0) || mine.some(({ reverses }) => reverses !== null)) return null;
  return sumExact(mine.map(({ fees }) => fees))
    .times(contracts)
    .div(booked);
}

import { describe, expect, it } from 'vitest';
import { type BookedTrade, feesOf } from '../../src/domain/trade-fees.js';
import { d, x } from './build.js';

const booked = (orderId: string | null, quantity: number, fees: string, reverses = false): BookedTrade => ({
  orderId,
  quantity: d(quantity),
  fees: d(fees),
  reverses: reverses ? '1' : null,
});
const LEDGER = [booked('7', 1, '1.13'), booked('7', 2, '2.26'), booked('8', 3, '0.36'), booked(null, 3, '5')];

describe('fees of an order', () => {
  it('are those of its own bookings, once the ledger has all of them', () => {
    expect(feesOf(LEDGER, '7', 3, 'all')).toEqual(x('3.39'));
    expect(feesOf(LEDGER, '8', 3, 'all')).toEqual(x('0.36'));
    expect(feesOf(LEDGER, '7', 4, 'all')).toBeNull();
    expect(feesOf(LEDGER, '9', 1, 'all')).toBeNull();
  });

  it('of a part of what it opened are its part of them', () => {
    expect(feesOf(LEDGER, '7', 1, 'some')).toEqual(x('1.13'));
    expect(feesOf(LEDGER, '7', 2, 'some')).toEqual(x('2.26'));
    expect(feesOf(LEDGER, '7', 4, 'some')).toBeNull();
  });

  it('are not known where a booking was undone', () => {
    expect(feesOf([...LEDGER, booked('7', 1, '1.13', true)], '7', 4, 'all')).toBeNull();
  });
});

import { Decimal } from 'decimal.js';

/**
 * Exact decimal numbers for prices and dollars. Twenty-eight significant digits is far beyond any premium
 * times any multiplier, so sums and products here never round. A quotient would: see `exact.ts`.
 */
Decimal.set({ precision: 28, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -18, toExpPos: 28 });

export { Decimal };

export const ZERO = new Decimal(0);
export const HUNDRED = new Decimal(100);

/** Sum of decimals; zero for an empty list. */
export function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const value of values) total = total.plus(value);
  return total;
}

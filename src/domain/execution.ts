import { type Exact, sumExact } from './exact.js';
import type { Decimal } from './money.js';
import type { FilledLeg } from './orders.js';
import { allEqual } from './strategies/shape.js';
import type { Effect, LegAction } from './types.js';

/** What a closing order was sent for. */
export interface ClosingTerms {
  units: number;
  /** The limit, per unit per share, unsigned. */
  price: Decimal;
  effect: Effect;
  /** Dollars over all units at the limit, before fees; null where the opening price isn't known. */
  profit: Exact | null;
}

export interface ExecutedLeg {
  action: LegAction;
  /** Shares per contract. */
  multiplier: number;
  /** Contracts ordered. */
  quantity: number;
  filled: FilledLeg;
}

/** What of a closing order has traded. */
export interface Execution {
  /** Whole units closed on every leg. */
  units: number;
  /** Per unit per share, in the direction the order was sent; null while fills of these units are not listed evenly. */
  price: Exact | null;
  /** Dollars these units made, before fees; null where the price or the opening price isn't known. */
  profit: Exact | null;
}

/**
 * What has traded of an order so far: the profit at its limit, and whatever it filled better. The legs of one unit fill
 * at different prices and their fills arrive one after another, so a price is told once they are even.
 *
 * @returns null while nothing has traded
 */
export function executionOf(terms: ClosingTerms, legs: readonly ExecutedLeg[]): Execution | null {
  if (legs.every(({ filled }) => filled.quantity === 0)) return null;
  const units = Math.min(
    ...legs.map(({ quantity, filled }) => Math.floor((filled.quantity * terms.units) / quantity)),
  );
  const even = legs.every(
    ({ quantity, filled }) => !filled.lagging && filled.listed * terms.units === quantity * units,
  );
  if (units === 0 || !even) return { units, price: null, profit: null };
  const received = sumExact(
    legs.map(({ action, filled: { paid } }) => (action.startsWith('sell') ? paid : paid.negated())),
  ).div(units);
  const price = terms.effect === 'credit' ? received : received.negated();
  return { units, price, profit: profitOf(terms, legs, units, price) };
}

function profitOf(
  { units: ordered, price: limit, effect, profit }: ClosingTerms,
  legs: readonly ExecutedLeg[],
  units: number,
  price: Exact,
): Exact | null {
  const [first] = legs;
  // No one price per share is of shares and contracts, or of two kinds of contract.
  if (!profit || !first || !allEqual(legs, ({ multiplier }) => multiplier)) return null;
  const better = price.minus(limit).times(effect === 'credit' ? 1 : -1);
  return profit.times(units).div(ordered).plus(better.times(first.multiplier).times(units));
}

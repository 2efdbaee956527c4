import { type Exact, sumExact } from './exact.js';
import { type Decimal, HUNDRED } from './money.js';
import { type FilledLeg, filledLeg } from './order-fills.js';
import { allEqual, gcd } from './strategies/shape.js';
import type { BrokerOrder, Effect, LegAction } from './types.js';

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
  /** The same in percent of what these units had been opened for; null where that isn't known either. */
  percent: Exact | null;
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
  if (units === 0 || !even) return { units, price: null, profit: null, percent: null };
  const received = sumExact(
    legs.map(({ action, filled: { paid } }) => (action.startsWith('sell') ? paid : paid.negated())),
  ).div(units);
  const price = terms.effect === 'credit' ? received : received.negated();
  return { units, price, ...earned(terms, legs, units, price) };
}

/** Whole units of an order that have traded; null where its legs are uneven. */
export function unitsTraded(order: BrokerOrder): number | null {
  const units = gcd(order.legs.map(({ quantity }) => quantity));
  const traded = order.legs.map((leg) => (filledLeg(order, leg).quantity * units) / leg.quantity);
  const [first = 0] = traded;
  return Number.isInteger(first) && traded.every((each) => each === first) ? first : null;
}

function earned(
  { units: ordered, price: limit, effect, profit: atLimit }: ClosingTerms,
  legs: readonly ExecutedLeg[],
  units: number,
  price: Exact,
): Pick<Execution, 'profit' | 'percent'> {
  const [first] = legs;
  // No one price per share is of shares and contracts, or of two kinds of contract.
  if (!atLimit || !first || !allEqual(legs, ({ multiplier }) => multiplier))
    return { profit: null, percent: null };
  const dollars = (perShare: Exact) => perShare.times(first.multiplier).times(units);
  const better = price.minus(limit).times(effect === 'credit' ? 1 : -1);
  const profit = atLimit.times(units).div(ordered).plus(dollars(better));
  const opened = effect === 'credit' ? dollars(price).minus(profit) : dollars(price).plus(profit);
  return { profit, percent: opened.gt(0) ? profit.times(HUNDRED).div(opened) : null };
}

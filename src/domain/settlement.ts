import { Decimal, sum, ZERO } from './money.js';
import { isAdjusted } from './occ.js';
import type { OptionTerms, UnitLeg } from './types.js';

interface Contract {
  terms: OptionTerms;
  /** Contracts per unit, negative where short. */
  signed: number;
}

/** Per share; null is unbounded. */
export interface Range {
  least: Decimal | null;
  most: Decimal | null;
}

/**
 * The least and the most one unit can be worth to its holder at expiration, per share; null is unbounded.
 * Null as a whole where the legs don't settle together: several expirations, or roots that settle apart
 * (`SPX` in the morning, `SPXW` in the afternoon), or stock.
 */
export function settlementRange(legs: readonly UnitLeg[]): Range | null {
  const first = legs[0]?.instrument.option;
  const together = legs.every(
    ({ instrument: { option } }) => option?.expiration === first?.expiration && option?.root === first?.root,
  );
  const contracts = together ? contractsOf(legs) : null;
  return contracts && remembered(contracts);
}

/**
 * Each position's range is asked for several times at every look, and dear. Contracts are the same if their terms are
 * the same object, so nothing is remembered longer than the terms are in use.
 */
const RANGES = new WeakMap<OptionTerms, { contracts: readonly Contract[]; range: Range }[]>();
const MOST_RANGES = 8;

function remembered(contracts: readonly Contract[]): Range {
  const first = contracts[0]?.terms;
  const known = (first && RANGES.get(first)) ?? [];
  const found = known.find((each) => isSame(each.contracts, contracts));
  if (found) return found.range;
  const range = {
    least: extreme(contracts, 'least', intrinsic),
    most: extreme(contracts, 'most', intrinsic),
  };
  if (first) RANGES.set(first, [{ contracts, range }, ...known].slice(0, MOST_RANGES));
  return range;
}

function isSame(some: readonly Contract[], others: readonly Contract[]): boolean {
  if (some.length !== others.length) return false;
  return some.every(({ terms, signed }, index) => {
    const other = others[index];
    return other?.terms === terms && other.signed === signed;
  });
}

/**
 * The same for one underlying's legs that settle apart, as long as all of them live. A contract is worth at least
 * what exercising it brings, and at most the underlying (a call) or its strike (a put); nothing can be worth more,
 * so `least` and `most` hold whatever remains of time. Null where that can't be said, as of adjusted contracts.
 *
 * `reach` is how far apart the strikes are: the most and least there would be if all settled at once. With time left
 * on one leg it can be a little more; with nothing between the strikes, as in a calendar, it says nothing.
 */
export function rangeApart(legs: readonly UnitLeg[]): (Range & { reach: Range }) | null {
  const [first] = legs;
  const alike = legs.every(
    ({ instrument: { option, underlying, multiplier } }) =>
      option &&
      underlying === first?.instrument.underlying &&
      multiplier === first.instrument.multiplier &&
      !isAdjusted(option),
  );
  const contracts = alike ? contractsOf(legs) : null;
  if (!contracts) return null;
  return {
    least: extreme(contracts, 'least', (terms, price, signed) =>
      signed > 0 ? intrinsic(terms, price) : ceiling(terms, price),
    ),
    most: extreme(contracts, 'most', (terms, price, signed) =>
      signed > 0 ? ceiling(terms, price) : intrinsic(terms, price),
    ),
    reach: { least: extreme(contracts, 'least', intrinsic), most: extreme(contracts, 'most', intrinsic) },
  };
}

/** What a contract is worth per share at a price of the underlying. */
type Worth = (terms: OptionTerms, price: Decimal, signed: number) => Decimal;

/**
 * The value is a broken line over the underlying's price that bends only at strikes, so its extremes lie at zero, at
 * a strike, or far above all of them, where only calls still move it.
 */
function extreme(contracts: readonly Contract[], which: 'least' | 'most', worth: Worth): Decimal | null {
  const slope = contracts.reduce((all, { terms, signed }) => all + (terms.type === 'call' ? signed : 0), 0);
  if (which === 'least' ? slope < 0 : slope > 0) return null;
  const corners = [ZERO, ...contracts.map(({ terms }) => terms.strike)];
  const values = corners.map((price) =>
    sum(contracts.map(({ terms, signed }) => worth(terms, price, signed).times(signed))),
  );
  return which === 'least' ? Decimal.min(...values) : Decimal.max(...values);
}

function contractsOf(legs: readonly UnitLeg[]): Contract[] | null {
  const contracts = legs.flatMap(({ instrument: { option }, side, ratio }) =>
    option ? [{ terms: option, signed: side === 'long' ? ratio : -ratio }] : [],
  );
  return contracts.length === legs.length && legs.length > 0 ? contracts : null;
}

function intrinsic({ type, strike }: OptionTerms, price: Decimal): Decimal {
  return Decimal.max(type === 'call' ? price.minus(strike) : strike.minus(price), 0);
}

function ceiling({ type, strike }: OptionTerms, price: Decimal): Decimal {
  return type === 'call' ? price : strike;
}

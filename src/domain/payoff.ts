import { type Amount, Exact, sumExact } from './exact.js';
import type { Decimal } from './money.js';
import { ZERO } from './money.js';
import { isAdjusted } from './occ.js';
import type { Quotes } from './profit.js';
import type { IsoDate, PositionLeg } from './types.js';

/** A price of the underlying, and the profit there in dollars, before fees. */
export interface Corner {
  price: Decimal;
  profit: Exact;
}

/**
 * What is held of a position earns at its nearest expiration, over the underlying's price: a broken line that bends
 * only at strikes. What expires later counts at its intrinsic value then, without the time it has left.
 */
export interface Payoff {
  expiration: IsoDate;
  /** Expirations after it, ascending; empty for most. */
  later: IsoDate[];
  /** Shares are among the legs. */
  shares: boolean;
  /** Ascending by price; the first is at zero, the others are the strikes. */
  corners: readonly [Corner, ...Corner[]];
  /** Dollars per dollar of the underlying beyond the last corner. */
  slope: Exact;
}

/** A stretch of prices; `to` is null where it never ends. */
export interface Stretch {
  from: Decimal;
  to: Decimal | null;
}

/** The most or the least a payoff comes to; `profit` is null where that is unlimited. */
export interface Extreme {
  profit: Exact | null;
  /** Where it is so; empty where it is unlimited. */
  at: Stretch[];
}

/** Null where it can't be known: an opening price is missing, or a contract delivers something else than shares. */
export function payoffOf(legs: readonly PositionLeg[]): Payoff | null {
  const held = legs.filter((leg) => leg.held > 0);
  const options = held.flatMap(({ instrument: { option } }) => option ?? []);
  if (options.some(isAdjusted) || held.some(({ openPrice }) => openPrice === null)) return null;
  const [expiration, ...later] = [...new Set(options.map((option) => option.expiration))].sort();
  if (expiration === undefined) return null;
  const strikes = options.map(({ strike }) => strike).sort((a, b) => a.cmp(b));
  const distinct = strikes.filter((strike, index) => !strikes[index - 1]?.eq(strike));
  const corner = (price: Decimal): Corner => ({ price, profit: profitOf(held, price) });
  return {
    expiration,
    later,
    shares: options.length < held.length,
    corners: [corner(ZERO), ...distinct.map(corner)],
    slope: sumExact(held.map(slopeAbove)),
  };
}

/** Dollars at a price of the underlying, zero or above. */
export function payoffAt({ corners, slope }: Payoff, price: Amount): Exact {
  const at = Exact.of(price);
  const next = corners.findIndex((corner) => at.lt(corner.price));
  const from = corners.at(next < 0 ? -1 : Math.max(0, next - 1)) ?? corners[0];
  const to = next < 0 ? undefined : corners[next];
  return from.profit.plus(at.minus(from.price).times(to ? slopeBetween(from, to) : slope));
}

/** Prices at which profit turns into loss or comes down to nothing, ascending. */
export function breakEvens({ corners, slope }: Payoff): Exact[] {
  const found: Exact[] = [];
  corners.forEach((corner, index) => {
    const next = corners[index + 1];
    const before = index > 0 ? corners[index - 1]?.profit : undefined;
    const turn = next ? slopeBetween(corner, next) : slope;
    if (corner.profit.isZero()) {
      const flat = (before === undefined || before.isZero()) && turn.isZero();
      if (!flat && corner.price.gt(0)) found.push(Exact.of(corner.price));
      return;
    }
    const away = turn.isZero() || corner.profit.gt(0) === turn.gt(0);
    if (away) return;
    const crossing = Exact.of(corner.price).minus(corner.profit.div(turn));
    if (!next || crossing.lt(next.price)) found.push(crossing);
  });
  return found;
}

/** The most it can earn. */
export function best(payoff: Payoff): Extreme {
  return extreme(payoff, (one, other) => one.gt(other), payoff.slope.gt(0));
}

/** The most it can lose, as a profit below zero; of what can't lose the least it earns. */
export function worst(payoff: Payoff): Extreme {
  return extreme(payoff, (one, other) => one.lt(other), payoff.slope.lt(0));
}

function extreme(
  { corners, slope }: Payoff,
  beats: (one: Exact, other: Exact) => boolean,
  unlimited: boolean,
): Extreme {
  if (unlimited) return { profit: null, at: [] };
  const profit = corners
    .map((corner) => corner.profit)
    .reduce((one, other) => (beats(other, one) ? other : one));
  const at: Stretch[] = [];
  corners.forEach((corner, index) => {
    if (!corner.profit.eq(profit)) return;
    const open = at.at(-1);
    const adjoins = open && corners[index - 1]?.profit.eq(profit);
    if (adjoins) open.to = corner.price;
    else at.push({ from: corner.price, to: corner.price });
  });
  const [last, end] = [at.at(-1), corners.at(-1)];
  if (last && end?.profit.eq(profit) && slope.isZero()) last.to = null;
  return { profit, at };
}

/** Dollars at the marks, over everything held, shares too; null where a mark or an opening price is missing. */
export function profitNow(legs: readonly PositionLeg[], quotes: Quotes): Exact | null {
  const parts: Exact[] = [];
  for (const leg of legs) {
    if (leg.held === 0) continue;
    const mark = quotes.get(leg.instrument.symbol)?.mark;
    if (!mark || !leg.openPrice) return null;
    parts.push(earned(leg, mark));
  }
  return parts.length > 0 ? sumExact(parts) : null;
}

function profitOf(held: readonly PositionLeg[], price: Decimal): Exact {
  return sumExact(held.map((leg) => earned(leg, worthAt(leg, price))));
}

/** What a leg is worth per share at expiration: its intrinsic value, or the share itself. */
function worthAt({ instrument: { option } }: PositionLeg, price: Decimal): Decimal {
  if (!option) return price;
  const beyond = option.type === 'call' ? price.minus(option.strike) : option.strike.minus(price);
  return beyond.gt(0) ? beyond : ZERO;
}

function earned({ instrument, side, held, openPrice }: PositionLeg, worth: Decimal): Exact {
  const perShare = Exact.of(worth).minus(openPrice ?? ZERO);
  return perShare.times(side === 'long' ? held : -held).times(instrument.multiplier);
}

/** What a leg adds per dollar of the underlying far above every strike: puts are worth nothing there. */
function slopeAbove({ instrument: { option, multiplier }, side, held }: PositionLeg): Exact {
  if (option?.type === 'put') return Exact.zero;
  return Exact.of(side === 'long' ? held : -held).times(multiplier);
}

function slopeBetween(from: Corner, to: Corner): Exact {
  return to.profit.minus(from.profit).div(to.price.minus(from.price));
}

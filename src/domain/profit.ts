import { fullProfit, percentAt, percentOf } from './entry.js';
import { type Amount, Exact, sumExact } from './exact.js';
import { isOpening, sideHeld } from './leg-actions.js';
import { type Decimal, HUNDRED, sum } from './money.js';
import { averagePrice, filledLeg } from './order-fills.js';
import { componentsOf } from './strategies/index.js';
import { allEqual, isOptionLeg } from './strategies/shape.js';
import type {
  BrokerOrder,
  Component,
  Effect,
  Entry,
  Position,
  PositionLeg,
  Quote,
  UnitLeg,
} from './types.js';

export type Quotes = ReadonlyMap<string, Quote>;

/** Profit not taken yet. Fields are null where they cannot be known; unknown is never zero. */
export interface OpenProfit {
  /** At today's marks, over the option legs held, before fees. */
  dollars: Exact | null;
  /** Of what taking all of it would mean: the credit, a vertical's maximum profit, the debit. */
  percent: Exact | null;
  /** What `percent` is of; null where parts of the position differ. */
  percentOf: ReturnType<typeof percentOf> | null;
}

/**
 * Open profit of what is still held. Shares that cover a call are not part of it.
 *
 * @param parts the position's components where they are at hand; their percentages don't matter
 */
export function openProfit(
  position: Position,
  quotes: Quotes,
  parts: readonly Component[] = componentsOf(position),
): OpenProfit {
  const legs = position.legs.filter((leg) => isOptionLeg(leg) && leg.held > 0);
  const dollars = totalExact(
    legs.map((leg) => {
      const mark = quotes.get(leg.instrument.symbol)?.mark;
      return mark ? earned(leg, mark, leg.held) : null;
    }),
  );
  const components = parts.filter(({ units }) => units > 0);
  const full = totalExact(components.map(maximumProfit));
  const kinds = new Set(components.map(({ entry }) => percentOf(entry)));
  const [kind = null] = kinds.size === 1 ? kinds : [];
  // Contracts beyond complete units have profit but no part in the maximum: no honest percentage then.
  const whole = legs.every((leg) => leg.held === unitsHeld(components, leg));
  const percent = dollars && full && whole && kind ? dollars.times(HUNDRED).div(full) : null;
  return { dollars, percent, percentOf: percent && kind };
}

/** Dollars that 100 % means on the units held; null where the entry is implausible or legs differ in size. */
export function maximumProfit({ entry, units, legs }: Component): Exact | null {
  const multiplier = legs[0]?.instrument.multiplier;
  if (multiplier === undefined || !sameSize(legs)) return null;
  return fullProfit(entry)?.times(multiplier).times(units) ?? null;
}

/** What the option legs still held were opened for: positive came in, negative was paid, null is not known. */
export interface HeldCredit {
  /** Per unit held and share. */
  perUnit: Exact | null;
  dollars: Exact | null;
  /** Closing in parts left a unit that differs from the one opened. */
  changed: boolean;
}

/** A list says it several times of each position, and adding up fractions is dear. */
const HELD = new WeakMap<Pick<Position, 'legs' | 'units'>, HeldCredit>();

/** The part of the opening price that belongs to what is still held. */
export function heldCredit(position: Pick<Position, 'legs' | 'units'>): HeldCredit {
  const known = HELD.get(position) ?? heldCreditOf(position);
  HELD.set(position, known);
  return known;
}

function heldCreditOf({ legs, units }: Pick<Position, 'legs' | 'units'>): HeldCredit {
  const options = legs.filter(isOptionLeg);
  const held = options.filter((leg) => leg.held > 0);
  const signed = ({ side, openPrice, held: count }: PositionLeg) =>
    openPrice?.times(side === 'short' ? count : -count) ?? null;
  return {
    perUnit: totalExact(held.map(signed))?.div(Math.max(1, units)) ?? null,
    dollars: totalExact(held.map((leg) => signed(leg)?.times(leg.instrument.multiplier) ?? null)),
    changed: options.some(
      (leg) => leg.held * (options[0]?.opened ?? 0) !== leg.opened * (options[0]?.held ?? 0),
    ),
  };
}

/**
 * What closing one unit costs per share: positive you pay, negative you receive. `natural` buys at the ask and
 * sells at the bid, what the other side shows now; `mid` is halfway between bids and asks, `mark` the broker's fair value. Null if a price is missing,
 * or if the legs differ in size: no one price per share is of shares and contracts, or of two kinds of contract.
 */
export function closingCost(
  legs: readonly UnitLeg[],
  quotes: Quotes,
  at: 'natural' | 'mark' | 'mid',
): Decimal | null {
  if (!sameSize(legs)) return null;
  return total(
    legs.map(({ instrument, side, ratio }) => {
      const quote = quotes.get(instrument.symbol);
      const price =
        at === 'mark'
          ? quote?.mark
          : at === 'mid'
            ? middle(quote)
            : side === 'short'
              ? offered(quote)
              : quote?.bid;
      if (!price) return null;
      const paid = ratio === 1 ? price : price.times(ratio);
      return side === 'short' ? paid : paid.negated();
    }),
  );
}

/** Nobody sells for nothing: an ask of zero is the absence of one. */
function offered(quote: Quote | undefined): Decimal | null {
  return quote?.ask?.gt(0) ? quote.ask : null;
}

function middle(quote: Quote | undefined): Decimal | null {
  const ask = offered(quote);
  return ask && quote?.bid ? quote.bid.plus(ask).div(2) : null;
}

function sameSize(legs: readonly UnitLeg[]): boolean {
  return allEqual(legs, ({ instrument }) => instrument.multiplier);
}

/**
 * How far the market has to move until a limit is reached, per share; zero or less if it is there already.
 *
 * @param cost signed as `closingCost` gives it
 */
export function distance(limit: Decimal, effect: Effect, cost: Decimal): Decimal {
  return effect === 'debit' ? cost.minus(limit) : limit.plus(cost);
}

/** True if an order at this limit would fill at once, at a natural closing cost as `closingCost` gives it. */
export function alreadyPast(limit: Decimal, effect: Effect, cost: Decimal): boolean {
  return distance(limit, effect, cost).lte(0);
}

/** The profit percentage at a closing cost, as in `now 57 %`; null where the entry is implausible. */
export function percentAtCost(entry: Entry, cost: Decimal): Exact | null {
  return percentAt(entry, entry.kind === 'credit' ? cost : cost.negated());
}

/**
 * Dollars a closing order has realised on these legs so far, from its fills, before fees. Null while fills are
 * missing at the broker, or if a leg's opening price is not known.
 */
export function realisedProfit(legs: readonly PositionLeg[], order: BrokerOrder): Exact | null {
  const closing = order.legs.filter(({ action }) => !isOpening(action));
  return totalExact(
    closing.map((orderLeg) => {
      const filled = filledLeg(order, orderLeg);
      if (filled.quantity === 0) return Exact.zero;
      const price = averagePrice(filled);
      const side = sideHeld(orderLeg.action);
      const leg = legs.find(
        (each) => each.instrument.symbol === orderLeg.instrument.symbol && each.side === side,
      );
      return leg && price && !filled.lagging ? earned(leg, price, filled.quantity) : null;
    }),
  );
}

function earned({ instrument, side, openPrice }: PositionLeg, price: Amount, quantity: number): Exact | null {
  const perShare = openPrice?.minus(price).times(side === 'short' ? 1 : -1);
  return perShare?.times(instrument.multiplier).times(quantity) ?? null;
}

/** Contracts of a leg in complete units; the same contract can be in a part and in what is left beside it. */
function unitsHeld(components: readonly Component[], { instrument }: PositionLeg): number {
  return components.reduce((total, { legs, units }) => {
    const ratio = legs.find((leg) => leg.instrument.symbol === instrument.symbol)?.ratio ?? 0;
    return total + units * ratio;
  }, 0);
}

/** The sum, or null if there is nothing to add or something is missing. */
function total(values: readonly (Decimal | null)[]): Decimal | null {
  const known = allKnown(values);
  return known && sum(known);
}

function totalExact(values: readonly (Exact | null)[]): Exact | null {
  const known = allKnown(values);
  return known && sumExact(known);
}

function allKnown<T>(values: readonly (T | null)[]): T[] | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0 ? known : null;
}

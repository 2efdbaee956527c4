import { fullProfit, percentOf } from './entry.js';
import { type Decimal, HUNDRED, sum, ZERO } from './money.js';
import { filledLeg, isOpening, sideHeld } from './orders.js';
import { entryDoubt } from './pricing.js';
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
  dollars: Decimal | null;
  /** Of what taking all of it would mean: the credit, a vertical's maximum profit, the debit. */
  percent: Decimal | null;
  /** What `percent` is of; null where parts of the position differ. */
  percentOf: ReturnType<typeof percentOf> | null;
}

/** Open profit of what is still held. Shares that cover a call are not part of it. */
export function openProfit(position: Position, quotes: Quotes): OpenProfit {
  const legs = position.legs.filter((leg) => isOptionLeg(leg) && leg.held > 0);
  const dollars = total(
    legs.map((leg) => {
      const mark = quotes.get(leg.instrument.symbol)?.mark;
      return mark ? earned(leg, mark, leg.held) : null;
    }),
  );
  const components = componentsOf(position).filter(({ units }) => units > 0);
  const full = total(components.map(maximumProfit));
  const kinds = new Set(components.map(({ entry }) => percentOf(entry)));
  const [kind = null] = kinds.size === 1 ? kinds : [];
  // Contracts beyond complete units have profit but no part in the maximum: no honest percentage then.
  const whole = legs.every((leg) => leg.held === unitsHeld(components, leg));
  const percent = dollars && full && whole && kind ? dollars.times(HUNDRED).div(full) : null;
  return { dollars, percent, percentOf: percent && kind };
}

/** Dollars that 100 % means on the units held; null where the entry is implausible or legs differ in size. */
export function maximumProfit({ entry, units, legs }: Component): Decimal | null {
  const multiplier = legs[0]?.instrument.multiplier;
  if (multiplier === undefined || !sameSize(legs) || entryDoubt(entry)) return null;
  return fullProfit(entry).times(multiplier).times(units);
}

/** What the option legs still held were opened for: positive came in, negative was paid. */
export interface HeldCredit {
  /** Per unit held and share. */
  perUnit: Decimal;
  dollars: Decimal;
  /** Closing in parts left a unit that differs from the one opened. */
  changed: boolean;
}

/** The part of the opening price that belongs to what is still held. */
export function heldCredit({ legs, units }: Pick<Position, 'legs' | 'units'>): HeldCredit {
  const options = legs.filter(isOptionLeg);
  const held = options.filter((leg) => leg.held > 0);
  const signed = ({ side, openPrice, held: count }: PositionLeg) =>
    openPrice.times(side === 'short' ? count : -count);
  return {
    perUnit: sum(held.map(signed)).div(Math.max(1, units)),
    dollars: sum(held.map((leg) => signed(leg).times(leg.instrument.multiplier))),
    changed: options.some(
      (leg) => leg.held * (options[0]?.opened ?? 0) !== leg.opened * (options[0]?.held ?? 0),
    ),
  };
}

/**
 * What closing one unit costs per share: positive you pay, negative you receive. `natural` buys at the ask and
 * sells at the bid, what the other side shows now; `mark` is the fair value between. Null if a price is missing,
 * or if the legs differ in size: no one price per share is of shares and contracts, or of two kinds of contract.
 */
export function closingCost(
  legs: readonly UnitLeg[],
  quotes: Quotes,
  at: 'natural' | 'mark',
): Decimal | null {
  if (!sameSize(legs)) return null;
  return total(
    legs.map(({ instrument, side, ratio }) => {
      const quote = quotes.get(instrument.symbol);
      const price = at === 'mark' ? quote?.mark : side === 'short' ? offered(quote) : quote?.bid;
      return price ? price.times(side === 'short' ? ratio : -ratio) : null;
    }),
  );
}

/** Nobody sells for nothing: an ask of zero is the absence of one. */
function offered(quote: Quote | undefined): Decimal | null {
  return quote?.ask?.gt(0) ? quote.ask : null;
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
export function percentAtCost(entry: Entry, cost: Decimal): Decimal | null {
  if (entryDoubt(entry)) return null;
  const profit = entry.kind === 'credit' ? entry.credit.minus(cost) : ZERO.minus(cost).minus(entry.debit);
  return profit.times(HUNDRED).div(fullProfit(entry));
}

/**
 * Dollars a closing order has realised on these legs so far, from its fills, before fees. Null while fills are
 * missing at the broker, or if a leg's opening price is not known.
 */
export function realisedProfit(legs: readonly PositionLeg[], order: BrokerOrder): Decimal | null {
  const closing = order.legs.filter(({ action }) => !isOpening(action));
  return total(
    closing.map((orderLeg) => {
      const { quantity, price, lagging } = filledLeg(order, orderLeg);
      if (quantity === 0) return ZERO;
      const side = sideHeld(orderLeg.action);
      const leg = legs.find(
        (each) => each.instrument.symbol === orderLeg.instrument.symbol && each.side === side,
      );
      return leg && price && !lagging ? earned(leg, price, quantity) : null;
    }),
  );
}

function earned(
  { instrument, side, openPrice }: PositionLeg,
  price: Decimal,
  quantity: number,
): Decimal | null {
  if (openPrice.isNaN()) return null;
  const perShare = side === 'short' ? openPrice.minus(price) : price.minus(openPrice);
  return perShare.times(instrument.multiplier).times(quantity);
}

function unitsHeld(components: readonly Component[], { instrument }: PositionLeg): number {
  const owner = components.find(({ legs }) =>
    legs.some((leg) => leg.instrument.symbol === instrument.symbol),
  );
  const ratio = owner?.legs.find((leg) => leg.instrument.symbol === instrument.symbol)?.ratio ?? 0;
  return (owner?.units ?? 0) * ratio;
}

/** The sum, or null if there is nothing to add or something is missing. */
function total(values: readonly (Decimal | null)[]): Decimal | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0 ? sum(known) : null;
}

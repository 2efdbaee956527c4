import { closingEffect, percentAt, percentOf, profitAt, rawPrice } from './entry.js';
import { UserError } from './errors.js';
import { Exact } from './exact.js';
import { Decimal } from './money.js';
import { type Grid, isOnTick, neighbours, roundToGrid, tickAt } from './ticks.js';
import type { Effect, Entry } from './types.js';

export {
  closingEffect,
  entryDoubt,
  percentAt,
  percentOf,
  profitAt,
  rawPrice,
} from './entry.js';

const ONE = new Decimal(1);

/** `nearest` tick with exact halves in the trader's favour, or always in the trader's favour. */
export type Rounding = 'nearest' | 'profit';

export type PriceRequest = {
  entry: Entry;
  grid: Grid;
  rounding: Rounding;
  /** Shares per contract. */
  multiplier: number;
  /** Units in the order. */
  units: number;
} & ({ percent: Decimal; price?: undefined } | { price: Decimal; percent?: undefined });

/** A closing limit price and what it means. Prices per share, dollars before fees. */
export interface PricedTarget {
  effect: Effect;
  /** The exact price before rounding; null where the trader set the limit. */
  raw: Exact | null;
  /** The increment that applies at `limit`. */
  tick: Decimal;
  limit: Decimal;
  requestedPercent: Decimal | null;
  /** What `limit` really realises; null where the entry is implausible. Negative is a loss. */
  effectivePercent: Exact | null;
  /** Dollars for the whole order: positive is profit given up by rounding, negative is gained. */
  roundingCost: Exact;
  /** Dollars for the whole order; null where the opening price is not known. */
  profit: Exact | null;
  /** Dollars for one unit, likewise. */
  perUnitProfit: Exact | null;
  /** Closing at `limit` loses money (only possible with a price the trader set). */
  lossMaking: boolean;
}

/**
 * The closing price of a target: the one function behind previews, orders and boards.
 *
 * @throws UserError `ENTRY_IMPLAUSIBLE`, `PERCENT_OUT_OF_RANGE`, `PRICE_OUT_OF_REACH`, `NO_PROFIT_ON_TICK` (the
 * smallest valid price already takes all the profit), `PRICE_OFF_TICK`, `PRICE_ABOVE_WIDTH`
 */
export function priceTarget(request: PriceRequest): PricedTarget {
  const { entry, grid, multiplier, units } = request;
  const raw = request.percent ? rawPrice(entry, request.percent) : null;
  const limit = request.percent ? limitFor(request, request.percent) : assertManual(request, request.price);
  const effect = closingEffect(entry);
  const perUnitProfit = profitAt(entry, limit)?.times(multiplier) ?? null;
  const givenUp = raw ? raw.minus(limit).times(effect === 'debit' ? -1 : 1) : Exact.zero;
  return {
    effect,
    raw,
    tick: tickAt(grid, limit),
    limit,
    requestedPercent: request.percent ?? null,
    effectivePercent: percentAt(entry, limit),
    roundingCost: givenUp.times(multiplier).times(units),
    profit: perUnitProfit?.times(units) ?? null,
    perUnitProfit,
    lossMaking: perUnitProfit?.lt(0) ?? false,
  };
}

function limitFor({ entry, grid, rounding }: PriceRequest, percent: Decimal): Decimal {
  const favour = closingEffect(entry) === 'debit' ? 'down' : 'up';
  const direction = rounding === 'profit' ? favour : 'nearest';
  const raw = rawPrice(entry, percent);
  const most = mostTargeted(entry);
  if (most && raw.gt(most)) throw outOfReach(entry, percent, raw, most);
  const rounded = roundToGrid(grid, raw, direction, favour);
  // Rounding up to a tick that doesn't divide the width must not ask for more than the width.
  const limit = most?.lt(rounded) ? roundToGrid(grid, raw, 'down') : rounded;
  if (profitAt(entry, limit)?.gt(0)) return limit;
  throw new UserError('NO_PROFIT_ON_TICK', { limit });
}

/**
 * A limit of the trader's own.
 * @throws UserError `PRICE_OFF_TICK`, `PRICE_ABOVE_WIDTH`
 */
export function assertManual({ entry, grid }: Pick<PriceRequest, 'entry' | 'grid'>, price: Decimal): Decimal {
  if (!price.isFinite() || price.lte(0)) {
    throw new UserError('PRICE_OFF_TICK', { price, valid: null });
  }
  if (!isOnTick(grid, price)) {
    const valid = { tick: tickAt(grid, price), ...neighbours(grid, price) };
    throw new UserError('PRICE_OFF_TICK', { price, valid });
  }
  if (!entry.width || price.lte(entry.width)) return price;
  throw new UserError('PRICE_ABOVE_WIDTH', { price, width: entry.width });
}

/** The distance of the strikes, if a limit of the trader's own is beyond it: possible while one leg has time left. */
export function reachExceeded(entry: Entry, price: Decimal): Decimal | null {
  return entry.kind !== 'debit-vertical' && entry.reach?.lt(price) ? entry.reach : null;
}

/** What was bought is only worth so much. What was sold is bought back for less than it brought in, whatever that was. */
function mostTargeted(entry: Entry): Decimal | null {
  return (entry.kind === 'debit' && entry.reach) || entry.width || null;
}

function outOfReach(entry: Entry, percent: Decimal, raw: Exact, most: Decimal): UserError {
  const highest = percentAt(entry, most)?.floorTo(ONE) ?? null;
  return new UserError('PRICE_OUT_OF_REACH', {
    percent,
    of: percentOf(entry),
    price: raw,
    most,
    isWorth: most.eq(entry.width ?? 0),
    highest: highest?.gt(0) ? highest : null,
  });
}

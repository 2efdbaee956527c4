import { UserError } from './errors.js';
import { type Amount, Exact } from './exact.js';
import type { TickStep, UnderlyingInfo } from './market.js';
import { Decimal, ZERO } from './money.js';
import { spreadTick } from './spread-ticks.js';

/**
 * A valid price is a positive whole multiple of the tick that applies at that very price. A grid is the
 * list of steps that says which: sorted by threshold, the last one without.
 */
export type Grid = readonly TickStep[];

/** A stretch of prices with one tick: from `from` (included) to `below` (excluded; null is no end). */
interface Stretch {
  from: Decimal;
  below: Decimal | null;
  tick: Decimal;
}

/** Whether an option's price can go by this step: options trade in whole cents, and no step is beyond a dollar. */
export function isPriceStep(step: Decimal): boolean {
  return step.gt(0) && step.lte(1) && step.decimalPlaces() <= 2;
}

/**
 * The broker's price schedule for single-leg option orders of an underlying.
 *
 * @returns null where the broker gives none, or one that leaves a price without a tick: never a guess.
 */
export function singleLegTicks(info: UnderlyingInfo): TickStep[] | null {
  const steps = [...info.optionTicks].sort(byThreshold);
  const sound = steps.every(
    (step, index) =>
      step.increment.gt(0) &&
      // Only the last step has no threshold, and it must be there.
      (index === steps.length - 1) === (step.below === null) &&
      (step.below === null || step.below.gt(steps[index - 1]?.below ?? ZERO)),
  );
  return sound && steps.length > 0 ? steps : null;
}

/**
 * The grid of an order. One leg follows the broker's schedule; more legs trade at a net price, for which
 * the broker publishes no schedule (see `spread-ticks.ts`).
 *
 * @throws UserError `TICKS_UNKNOWN` if a single-leg schedule is missing.
 */
export function gridFor(
  legCount: number,
  info: UnderlyingInfo,
  overrides: ReadonlyMap<string, Decimal>,
): TickStep[] {
  if (legCount > 1) return [{ below: null, increment: spreadTick(info.symbol, info.isIndex, overrides) }];
  const schedule = singleLegTicks(info);
  if (schedule) return schedule;
  throw new UserError('TICKS_UNKNOWN', { symbol: info.symbol });
}

/** The tick that applies at a price; exactly at a threshold it is the one above. */
export function tickAt(grid: Grid, price: Amount): Decimal {
  const step = grid.find(({ below }) => below === null || price.lt(below));
  if (!step) throw new RangeError('a grid needs a last step without threshold');
  return step.increment;
}

/** True for a positive whole multiple of the tick that applies at this price. */
export function isOnTick(grid: Grid, price: Decimal): boolean {
  return price.gt(0) && price.toNearest(tickAt(grid, price), Decimal.ROUND_DOWN).eq(price);
}

/**
 * The valid price for a computed one: the next one down or up, or the nearest of the two, with exact halves
 * to `halvesTo`. Works across thresholds, where the neighbours lie on different ticks, and never returns
 * less than the lowest valid price (one tick).
 */
export function roundToGrid(
  grid: Grid,
  raw: Amount,
  direction: 'down' | 'up' | 'nearest',
  halvesTo: 'down' | 'up' = 'down',
): Decimal {
  const exact = Exact.of(raw);
  const same = exact.floorTo(tickAt(grid, raw));
  if (same.gt(0) && exact.eq(same)) return same;
  const { below, above } = neighbours(grid, raw);
  if (!below || direction === 'up') return above;
  if (direction === 'down') return below;
  const closeness = exact.times(2).cmp(below.plus(above));
  if (closeness === 0) return halvesTo === 'down' ? below : above;
  return closeness < 0 ? below : above;
}

/** The valid prices just below and just above a price; null where no positive price is below. */
export function neighbours(grid: Grid, price: Amount): { below: Decimal | null; above: Decimal } {
  const exact = Exact.of(price);
  return { below: nextBelow(grid, exact), above: nextAbove(grid, exact) };
}

function nextBelow(grid: Grid, price: Exact): Decimal | null {
  for (const { from, below, tick } of stretches(grid).reverse()) {
    const top = below && price.gt(below) ? Exact.of(below) : price;
    const candidate = top.ceilTo(tick).minus(tick);
    if (candidate.gte(from) && candidate.gt(0)) return candidate;
  }
  return null;
}

function nextAbove(grid: Grid, price: Exact): Decimal {
  for (const { from, below, tick } of stretches(grid)) {
    const candidate = price.gte(from)
      ? price.floorTo(tick).plus(tick)
      : Decimal.max(from.toNearest(tick, Decimal.ROUND_CEIL), tick);
    if (!below || candidate.lt(below)) return candidate;
  }
  throw new RangeError('a grid needs a last step without threshold');
}

function stretches(grid: Grid): Stretch[] {
  return grid.map(({ below, increment }, index) => ({
    from: grid[index - 1]?.below ?? ZERO,
    below,
    tick: increment,
  }));
}

function byThreshold(a: TickStep, b: TickStep): number {
  if (a.below === null) return b.below === null ? 0 : 1;
  return b.below === null ? -1 : a.below.cmp(b.below);
}

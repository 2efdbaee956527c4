import { type Amount, Exact } from './exact.js';
import { Decimal } from './money.js';
import { type Grid, neighbours, roundToGrid, tickAt } from './ticks.js';
import type { Effect } from './types.js';

/*
 * Limits at which a position is closed now. A cost is signed per unit and share, as `closingCost` gives it: positive you pay,
 * negative you receive; the better for the trader the smaller. No rounding turns what would be received into something paid.
 */

/** A net limit, unsigned, and its direction. */
export interface Limit {
  price: Decimal;
  effect: Effect;
}

/**
 * - `nearest`: the nearest valid price, exact halves in the trader's favour
 * - `favour`: the next valid price that is no worse
 * - `met`: the next that is no better, so the best of those that the cost meets
 */
type LimitRule = 'nearest' | 'favour' | 'met';

/**
 * The valid limit for a cost. Below the lowest valid price it is that one.
 * @param usual the direction where the cost is nothing
 */
export function limitAt(grid: Grid, cost: Amount, rule: LimitRule, usual: Effect): Limit {
  const exact = Exact.of(cost);
  const effect = exact.isZero() ? usual : exact.gt(0) ? 'debit' : 'credit';
  const [better, worse] = effect === 'debit' ? (['down', 'up'] as const) : (['up', 'down'] as const);
  const direction = { nearest: 'nearest', favour: better, met: worse } as const;
  const unsigned = exact.lt(0) ? exact.negated() : exact;
  return { effect, price: roundToGrid(grid, unsigned, direction[rule], better) };
}

/** What filling at a limit costs. */
export function costAt({ price, effect }: Limit): Decimal {
  return effect === 'debit' ? price : price.negated();
}

/**
 * One tick from a limit towards what the other side shows, never beyond the best limit that it meets; null where the limit is
 * there already.
 * @param natural the cost at which the market closes it now
 */
export function stepTowards(grid: Grid, limit: Limit, natural: Amount): Limit | null {
  const met = limitAt(grid, natural, 'met', limit.effect);
  if (costAt(limit).gte(costAt(met))) return null;
  const { below, above } = neighbours(grid, limit.price);
  if (limit.effect === 'debit') return { effect: 'debit', price: above };
  if (below) return { effect: 'credit', price: below };
  // Nothing trades for nothing: next to the least that is received stands the least that is paid.
  return { effect: 'debit', price: tickAt(grid, new Decimal(0)) };
}

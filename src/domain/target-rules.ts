import { profitAt } from './entry.js';
import { Exact } from './exact.js';
import { isOpening } from './leg-actions.js';
import { gcd } from './strategies/shape.js';
import type { BrokerOrder, Component, UnitLeg } from './types.js';

/**
 * What keeps a working closing order from being a profit target. A target is a limit order, good till cancelled, of
 * exactly the legs of one component or of several whole ones, that would earn.
 *
 * - `type`: no limit order; a stop, a stop limit, a market order, ...
 * - `time`: it ends by itself: a Day order, one with a date, ...
 * - `roll`: it opens something too
 * - `contingent`: it waits for a condition or for another order
 * - `status`: the broker's status is one we don't know
 * - `legs`: only a part of a unit, such as one leg of a spread
 * - `loss`, `even`: filled at its limit it loses, or earns nothing
 * - `unknown`: whether it earns isn't known
 */
export type Flaw = 'type' | 'time' | 'roll' | 'contingent' | 'status' | 'legs' | 'loss' | 'even' | 'unknown';

/** What an order is short of being a target, as far as the order alone tells. */
export function flawsOfOrder(order: BrokerOrder): Flaw[] {
  const flaws: Flaw[] = [];
  if (order.orderType !== 'Limit') flaws.push('type');
  // For options there is no session beside the regular one, so plain GTC is the only lasting one.
  if (order.timeInForce !== 'GTC') flaws.push('time');
  if (order.legs.some(({ action }) => isOpening(action))) flaws.push('roll');
  if (order.contingent && !goesByItself(order)) flaws.push('contingent');
  if (order.state === 'unrecognised') flaws.push('status');
  return flaws;
}

/** It only waits for what is gone in a moment: the cancelling of the order it replaces, or the routing of its pair. */
function goesByItself({ replaces, complex }: BrokerOrder): boolean {
  return replaces !== null || /^OCO::/i.test(complex?.tag ?? '');
}

/** What an order closes of a position, and what it is short of being its target. */
export interface Judgement {
  /** Units ordered of each component, by key; empty unless its legs are whole units of components. */
  units: Map<string, number>;
  flaws: Flaw[];
}

/** Judges a closing order against the components of the position it closes. */
export function judge(order: BrokerOrder, components: readonly Component[]): Judgement {
  const flaws = flawsOfOrder(order);
  const units = unitsOrdered(order, components);
  if (units.size === 0) return { units, flaws: flaws.includes('roll') ? flaws : [...flaws, 'legs'] };
  // The price of a stop or of a roll is not what closing at a profit would bring.
  if (flaws.includes('type') || flaws.includes('roll')) return { units, flaws };
  const profit = profitOrdered(order, components, units);
  if (!profit) flaws.push('unknown');
  else if (profit.lte(0)) flaws.push(profit.isZero() ? 'even' : 'loss');
  return { units, flaws };
}

/** Whole units of each component that the closing legs are made of; empty if anything is left over or missing. */
function unitsOrdered({ legs }: BrokerOrder, components: readonly Component[]): Map<string, number> {
  const ordered = new Map<string, number>();
  for (const { instrument, action, quantity } of legs) {
    if (isOpening(action)) continue;
    ordered.set(instrument.symbol, (ordered.get(instrument.symbol) ?? 0) + quantity);
  }
  const units = new Map<string, number>();
  for (const { key, legs: own } of components) {
    const count = wholeUnits(own, ordered);
    if (count === 0) continue;
    units.set(key, count);
    takeUnits(own, count, ordered);
  }
  return [...ordered.values()].every((left) => left === 0) ? units : new Map();
}

/** Profit per share of all units ordered, filled at the limit; null where price or opening price isn't known. */
function profitOrdered(
  { price, effect, legs }: BrokerOrder,
  components: readonly Component[],
  units: ReadonlyMap<string, number>,
): Exact | null {
  if (!price || (!effect && !price.isZero())) return null;
  // A limit is for one unit of the order: its quantities in the smallest whole proportions.
  const cost = Exact.of(effect === 'credit' ? price.negated() : price).times(
    gcd(legs.map(({ quantity }) => quantity)),
  );
  let profit = cost.negated();
  for (const { key, entry } of components) {
    const free = profitAt(entry, Exact.zero);
    const count = units.get(key) ?? 0;
    if (count > 0 && !free) return null;
    if (free) profit = profit.plus(free.times(count));
  }
  return profit;
}

/** Whole units that so many contracts by symbol make. */
export function wholeUnits(legs: readonly UnitLeg[], contracts: ReadonlyMap<string, number>): number {
  return Math.min(
    ...legs.map(({ instrument, ratio }) => Math.floor((contracts.get(instrument.symbol) ?? 0) / ratio)),
  );
}

/** Takes them off, so that parts which share contracts are given each once. */
export function takeUnits(legs: readonly UnitLeg[], units: number, contracts: Map<string, number>): void {
  for (const { instrument, ratio } of legs) {
    contracts.set(instrument.symbol, (contracts.get(instrument.symbol) ?? 0) - ratio * units);
  }
}

import { UserError } from './errors.js';
import type { Failures } from './failures.js';
import type { Decimal } from './money.js';
import type { Component } from './types.js';

/** One target of a component: so many units at a percentage. */
export interface Rung {
  /** From 1, within its component. */
  number: number;
  percent: Decimal;
  units: number;
}

/** `units` in `parts` as even as whole numbers allow, earlier parts first: 5 in 3 is 2, 2, 1. */
export function splitEvenly(units: number, parts: number): number[] {
  return Array.from(
    { length: parts },
    (_, index) => Math.floor(units / parts) + (index < units % parts ? 1 : 0),
  );
}

/**
 * A ladder the trader asked for, over the units still free.
 *
 * @param dealt the parts of a position over which a longer one is dealt, for the refusal
 * @throws UserError `LADDER_TOO_LONG` if a rung would be left without a unit.
 */
export function ladderRungs(
  component: Component,
  percents: readonly Decimal[],
  free: number,
  dealt: Failures['LADDER_TOO_LONG']['dealt'] = [],
): Rung[] {
  if (percents.length > free) {
    throw new UserError('LADDER_TOO_LONG', { label: component.label, asked: percents.length, free, dealt });
  }
  return rungsOf(percents, free);
}

/**
 * What remains of a component's default rungs. Units closed before, and those that orders work for, belong to
 * rungs already: an order to the rung with its price, everything else to the earliest rungs.
 *
 * @param priced the limit price of a rung's percentage, null where it has none
 * @param working units and limit price of the component's working orders
 * @returns the rungs with units left, and whether some rung had to be assumed as used
 */
export function remainingRungs(
  component: Component,
  free: number,
  working: readonly { units: number; price: Decimal | null }[],
  priced: (percent: Decimal) => Decimal | null,
): { rungs: Rung[]; assumed: boolean } {
  const rungs = rungsOf(component.percents, component.openedUnits);
  let assume = component.openedUnits - component.units;
  for (const { units, price } of working) {
    const same = rungs.find((rung) => rung.units > 0 && price && priced(rung.percent)?.eq(price));
    assume += units - useUp(same ? [same] : [], units);
  }
  const spread = rungs.filter(({ units }) => units > 0).length > 1;
  useUp(rungs, assume);
  // Restricted contracts and the like: what cannot be closed now is missing from the last rungs.
  useUp(rungs.toReversed(), rungs.reduce((total, { units }) => total + units, 0) - free);
  return { rungs: rungs.filter(({ units }) => units > 0), assumed: spread && assume > 0 };
}

function rungsOf(percents: readonly Decimal[], units: number): Rung[] {
  const parts = splitEvenly(units, percents.length);
  return percents.map((percent, index) => ({ number: index + 1, percent, units: parts[index] ?? 0 }));
}

function useUp(rungs: readonly Rung[], units: number): number {
  let left = Math.max(0, units);
  for (const rung of rungs) {
    const part = Math.min(rung.units, left);
    rung.units -= part;
    left -= part;
  }
  return units - left;
}

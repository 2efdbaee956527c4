import type { Cover } from './covers.js';
import type { Exact } from './exact.js';
import { Decimal } from './money.js';
import { componentOf, isOptionLeg } from './strategies/shape.js';
import type { BrokerOrder, Component, Position, UnitLeg } from './types.js';

/** Closing a position now, whole or in part, as the one order that its option legs make in the proportion held. */

/** So many units (contracts, or spreads as they are held), or a share of those held. */
export type Portion = { units: number } | { share: Exact };

const ONE = new Decimal(1);

/** The units meant of those held, in whole ones; of a share what goes over is left out. */
export function unitsMeant(portion: Portion | null, held: number): number {
  if (portion === null) return held;
  return 'units' in portion ? portion.units : portion.share.times(held).floorTo(ONE).toNumber();
}

/** The key of what is closed as one. */
const WHOLE = 'close';

/**
 * So many contracts of a position by symbol, as one part of it that is closed by one order. By default all option legs as
 * they are held; shares under a call stay.
 */
export function wholeOf(
  { legs }: Pick<Position, 'legs'>,
  label: string,
  contracts: ReadonlyMap<string, number> | null = null,
): Component {
  const meant = legs.flatMap((leg) => {
    const held = contracts ? (contracts.get(leg.instrument.symbol) ?? 0) : leg.held;
    return isOptionLeg(leg) && held > 0 ? [{ ...leg, opened: held, held }] : [];
  });
  return componentOf(WHOLE, label, meant, []);
}

/** Something that works on contracts, and how many of each it would free by its end. */
export interface InTheWay {
  cover: Cover;
  frees: ReadonlyMap<string, number>;
}

/**
 * The fewest that have to end, as far as can be told, so that so many contracts are free; the ones that free most of what is
 * missing first.
 */
export function toEnd(
  candidates: readonly InTheWay[],
  need: ReadonlyMap<string, number>,
  free: ReadonlyMap<string, number>,
): InTheWay[] {
  const missing = new Map(
    [...need].map(([symbol, contracts]) => [symbol, contracts - (free.get(symbol) ?? 0)]),
  );
  const chosen: InTheWay[] = [];
  const left = [...candidates];
  for (;;) {
    const [best] = left.toSorted((a, b) => helps(b, missing) - helps(a, missing));
    if (!best || helps(best, missing) === 0) break;
    left.splice(left.indexOf(best), 1);
    chosen.push(best);
    for (const [symbol, contracts] of best.frees) missing.set(symbol, (missing.get(symbol) ?? 0) - contracts);
  }
  // A later one may have made an earlier one needless.
  return chosen.filter((each) => {
    const spare = [...each.frees].every(([symbol, n]) => (missing.get(symbol) ?? -n) + n <= 0);
    if (spare) for (const [symbol, n] of each.frees) missing.set(symbol, (missing.get(symbol) ?? 0) + n);
    return !spare;
  });
}

function helps({ frees }: InTheWay, missing: ReadonlyMap<string, number>): number {
  return [...frees].reduce(
    (total, [symbol, contracts]) => total + Math.max(0, Math.min(contracts, missing.get(symbol) ?? 0)),
    0,
  );
}

/** Contracts by symbol of so many units. */
export function contractsOf(legs: readonly UnitLeg[], units: number): Map<string, number> {
  return new Map(legs.map(({ instrument, ratio }) => [instrument.symbol, ratio * units]));
}

/** All orders that end with a cover's: its own, and every other part of the same complex orders. */
export function endingWith({ lead, others }: Cover, openOrders: readonly BrokerOrder[]): BrokerOrder[] {
  const own = [lead, ...others];
  const complexes = new Set(own.flatMap(({ complex }) => complex?.id ?? []));
  const parts = openOrders.filter(({ complex }) => complex && complexes.has(complex.id));
  return [...new Map([...own, ...parts].map((each) => [each.id, each])).values()];
}

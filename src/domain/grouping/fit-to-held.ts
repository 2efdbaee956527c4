import { describeTerse } from '../occ.js';
import { unitLegs } from '../strategies/shape.js';
import type { PositionLeg } from '../types.js';
import { addDoubt, type Draft, type Held, holdingOf, sideKey } from './draft.js';

interface HeldLeg {
  draft: Draft;
  leg: PositionLeg;
}

/**
 * Makes positions fit what the account really holds: contracts that expired, were assigned, or were closed by
 * orders we don't see are taken off. Where several positions share a contract it is not told whose are gone.
 *
 * @param drafts oldest first
 */
export function fitToHeld(drafts: readonly Draft[], holdings: Held): void {
  const contested: { legs: HeldLeg[]; excess: number }[] = [];
  for (const legs of sharedLegs(drafts).values()) {
    const [{ leg: sample } = { leg: null }] = legs;
    if (!sample) continue;
    const explained = legs.reduce((total, { leg }) => total + leg.held, 0);
    const held = holdingOf(holdings, sample.instrument.symbol, sample.side)?.quantity ?? 0;
    const excess = explained - held;
    if (excess <= 0) continue;
    // Clear cases first: they show which of the rivals lost its other legs.
    if (legs.length === 1 || held === 0) reduce(legs, excess);
    else contested.push({ legs, excess });
  }
  for (const { legs, excess } of contested) reduceContested(legs, excess);
}

function sharedLegs(drafts: readonly Draft[]): Map<string, HeldLeg[]> {
  const shared = new Map<string, HeldLeg[]>();
  for (const draft of drafts) {
    for (const leg of draft.legs) {
      if (leg.held === 0) continue;
      const key = sideKey(leg.instrument.symbol, leg.side);
      const legs = shared.get(key) ?? [];
      if (legs.push({ draft, leg }) === 1) shared.set(key, legs);
    }
  }
  return shared;
}

/** Takes first what stands alone (its position has lost the other legs), then from the oldest. */
function reduceContested(legs: HeldLeg[], excess: number): void {
  let left = excess;
  for (const held of legs) left -= reduce([held], Math.min(left, lone(held)));
  reduce(legs, left);
  for (const { draft, leg } of legs) {
    addDoubt(draft, { code: 'FEWER_HELD', contract: describeTerse(leg.instrument) });
  }
}

/** Contracts of a leg beyond the complete units its position still has. */
function lone({ draft, leg }: HeldLeg): number {
  const ratios = unitLegs(draft.legs).map(({ ratio }) => ratio);
  const units = Math.min(...draft.legs.map(({ held }, index) => Math.floor(held / (ratios[index] ?? 1))));
  return leg.held - units * (ratios[draft.legs.indexOf(leg)] ?? 1);
}

function reduce(legs: readonly HeldLeg[], excess: number): number {
  let left = excess;
  for (const { leg } of legs) {
    const part = Math.min(leg.held, left);
    leg.held -= part;
    left -= part;
  }
  return excess - left;
}

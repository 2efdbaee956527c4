import { fullProfit } from '../../domain/entry.js';
import { Exact, sumExact } from '../../domain/exact.js';
import { HUNDRED, sum } from '../../domain/money.js';
import { payoffOf, worst } from '../../domain/payoff.js';
import type { OpenPosition } from '../../services/accounts/positions.js';
import { heading } from '../position.js';
import { type TargetMark, workingMarks } from './target-marks.js';

/** Where one position stands between its maximum loss, zero and its target. */
export interface StripRow {
  heading: string;
  /** The open profit, as the list says it; null if not known. */
  now: Exact | null;
  /** The most it can lose, below zero; null where that is unlimited or not known. */
  loss: Exact | null;
  unlimited: boolean;
  /** What it earns once all its targets have filled; null where it has none, or they can't be told. */
  target: Exact | null;
  /** Of the way from zero to the target, or below zero to the maximum loss; null where one end isn't known. */
  progress: Exact | null;
}

/** @param planned what would be placed on top of what works; without it what the strategy usually aims at */
export function stripRow(view: OpenPosition, planned: readonly TargetMark[] | null): StripRow {
  const { position, odd, profit } = view;
  const now = odd.length > 0 ? null : profit.dollars;
  const payoff = odd.length > 0 ? null : payoffOf(position.legs);
  // The profit is of the options alone, so that a loss of the shares is no end for it.
  const least = payoff && !payoff.shares && payoff.later.length === 0 ? worst(payoff).profit : null;
  const unlimited = payoff !== null && !payoff.shares && payoff.slope.lt(0);
  const loss = least?.lt(0) ? least : null;
  const target = targetOf(view, planned);
  const end = now?.lt(0) ? loss?.abs() : target;
  const progress = now && end?.gt(0) ? now.div(end) : null;
  return { heading: heading(view), now, loss, unlimited, target, progress };
}

function targetOf(view: OpenPosition, planned: readonly TargetMark[] | null): Exact | null {
  const marks = [...workingMarks(view), ...(planned ?? [])].map(({ profit }) => profit);
  const all = planned ? marks : [...marks, ...usual(view)];
  const known = all.filter((profit) => profit !== null);
  return known.length > 0 && known.length === all.length ? sumExact(known) : null;
}

/** What the strategy usually aims at on the units that have no target yet. */
function usual({ cover }: OpenPosition): (Exact | null)[] {
  return cover.components.flatMap(({ component: { entry, legs, percents }, held, target }) => {
    if (held <= target) return [];
    const [leg] = legs;
    const full = fullProfit(entry);
    if (!full || !leg || percents.length === 0) return [null];
    const percent = Exact.of(sum(percents)).div(percents.length);
    return [
      full
        .times(percent)
        .div(HUNDRED)
        .times(leg.instrument.multiplier)
        .times(held - target),
    ];
  });
}

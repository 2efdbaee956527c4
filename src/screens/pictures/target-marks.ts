import type { Exact } from '../../domain/exact.js';
import type { Decimal } from '../../domain/money.js';
import type { Effect } from '../../domain/types.js';
import { profitAtLimit } from '../../domain/working.js';
import type { OpenPosition } from '../../services/accounts/positions.js';
import type { PreviewedTarget } from '../../services/previews/pricing.js';

/** A target as a picture marks it. */
export interface TargetMark {
  label: string;
  /** Net per unit per share. */
  limit: Decimal;
  effect: Effect;
  units: number;
  /** Dollars if all of it fills; null if not known. */
  profit: Exact | null;
}

/** What Submit would send. */
export function plannedMarks(targets: readonly PreviewedTarget[]): TargetMark[] {
  return targets
    .filter(({ blocked }) => blocked === null)
    .map(({ plan: { label, units, pricing } }) => ({
      label,
      units,
      limit: pricing.limit,
      effect: pricing.effect,
      profit: pricing.profit,
    }));
}

/** What works at the broker already. */
export function workingMarks({ working, components }: OpenPosition): TargetMark[] {
  return working.flatMap((part) => {
    const { price, effect, id } = part.order;
    if (part.flaws.length > 0 || !price || !effect) return [];
    const units = Math.max(0, ...part.units.values());
    return [{ label: `order ${id}`, limit: price, effect, units, profit: profitAtLimit(part, components) }];
  });
}

import { tradedAt } from '../orders.js';
import type { BrokerOrder, Holding, PositionLeg, Side } from '../types.js';

/** A position while it is being worked out; `held` of its legs is still counted down. */
export interface Draft {
  key: string;
  legs: PositionLeg[];
  inferred: boolean;
  openedAt: Date | null;
  openingOrderId: string | null;
  opening: boolean;
  doubts: Set<string>;
}

/** The holding of a symbol if it is on this side. The broker nets: a symbol is long or short, never both. */
export function holdingOf(holdings: readonly Holding[], symbol: string, side: Side): Holding | null {
  return holdings.find((each) => each.instrument.symbol === symbol && each.side === side) ?? null;
}

/** Oldest first; unknown times count as oldest, ids settle ties so that the order never changes. */
export function byAge(a: Draft, b: Draft): number {
  const age = (a.openedAt?.getTime() ?? 0) - (b.openedAt?.getTime() ?? 0);
  return age || compareIds(a.key, b.key);
}

/** Oldest trade first. */
export function byTrade(a: BrokerOrder, b: BrokerOrder): number {
  const age = (tradedAt(a).last?.getTime() ?? 0) - (tradedAt(b).last?.getTime() ?? 0);
  return age || compareIds(a.id, b.id);
}

/** Order ids are numbers written as text: 9 comes before 10. */
function compareIds(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

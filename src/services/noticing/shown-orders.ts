import type { PreviewedTarget } from '../previews/pricing.js';
import { shortHash } from '../telling/projector.js';

/** What Submit would send. */
export function sendable(targets: readonly PreviewedTarget[]): readonly PreviewedTarget[] {
  return targets.filter(({ blocked }) => blocked === null);
}

/**
 * Which orders these are, in 22 characters: all that a press on them confirms.
 * @param ending orders that end first, by id
 */
export function markOfOrders(
  account: string,
  targets: readonly PreviewedTarget[],
  ending: readonly string[] = [],
): string {
  const orders = sendable(targets).map(({ order }) => [
    order.targetKey,
    order.units,
    order.price,
    order.effect,
    order.legs.map(({ symbol, action, quantity }) => [symbol, action, quantity]),
  ]);
  return shortHash(ending.length > 0 ? [account, orders, [...ending].sort()] : [account, orders]);
}

/**
 * - `aged`: what is shown was priced longer ago than a preview lasts
 * - `changed`: the orders would be others by now
 * - `slow`: finding that out took so long that whoever pressed may have given it up
 */
export type Renewal = 'aged' | 'changed' | 'slow';

const PATIENCE_MS = 10_000;

/** Why a press on orders shown earlier doesn't send them, but shows a fresh preview; null if it may. */
export function renewalOf(press: {
  /** When what it confirms was shown. */
  shownAt: Date;
  pressedAt: Date;
  /** When the same was priced anew. */
  pricedAt: Date;
  ttlMs: number;
  /** It came out as shown. */
  same: boolean;
}): Renewal | null {
  const { shownAt, pressedAt, pricedAt, ttlMs, same } = press;
  if (!same) return 'changed';
  if (pressedAt.getTime() - shownAt.getTime() >= ttlMs) return 'aged';
  return pricedAt.getTime() - pressedAt.getTime() > PATIENCE_MS ? 'slow' : null;
}

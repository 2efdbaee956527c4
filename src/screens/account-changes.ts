import type { AccountChange } from '../domain/failures.js';
import { describeSymbol } from '../domain/occ.js';
import { oddRowText } from './odd-rows.js';

/** `QQQ 18 Dec 26 480 P: 2 short before, none held now`. */
export function changeText(change: AccountChange): string {
  if (change.what === 'unreadable') return `${oddRowText(change.row)} can’t be read now`;
  const { symbol, before, now } = change;
  const name = describeSymbol(symbol);
  if (change.what === 'held') return `${name}: ${heldText(before)} before, ${heldText(now)} now`;
  if (change.what === 'restricted') return `${name}: ${now} not tradable now (${before} before)`;
  const order = `${name}: closing order ${change.orderId}`;
  if (before === 0) return `${order} appeared (${now} working)`;
  return now === 0 ? `${order} is no longer working` : `${order} works ${now} now, ${before} before`;
}

function heldText(quantity: number): string {
  if (quantity === 0) return 'none held';
  return `${Math.abs(quantity)} ${quantity < 0 ? 'short' : 'long'}`;
}

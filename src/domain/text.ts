import { type Amount, Exact } from './exact.js';
import type { Decimal } from './money.js';

/**
 * A price per share, at least two decimals and no digit lost: `1.2` is `1.20`, `0.125` stays. A computed one, which
 * may come to no end, has four at most.
 */
export function priceText(price: Amount): string {
  const shown = price instanceof Exact ? price.toDecimalPlaces(4) : price;
  return shown.toFixed(Math.max(2, shown.decimalPlaces()));
}

/** A percentage with at most two decimals and no idle zeros: `40 %`, `38.46 %`. */
export function percentText(percent: Decimal): string {
  return `${percent.toDecimalPlaces(2).toString()} %`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[]): string {
  const last = items.at(-1);
  if (last === undefined) return '';
  return items.length === 1 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/** The same of at most so many, with how many more there are: `a, b and 3 more`. */
export function someText(items: readonly string[], most: number): string {
  const more = items.length - most;
  return listText(more > 0 ? [...items.slice(0, most), `${more} more`] : items);
}

/** `1 contract`, `3 contracts`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

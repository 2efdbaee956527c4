import type { Instrument } from './types.js';

/** A plain ticker, such as `BRK/B`. */
export const TICKER = /^[A-Z][A-Z0-9./]{0,9}$/;

/** What has an underlying and contracts: a position, an order. */
export interface OfUnderlying {
  underlying: string;
  legs: readonly { instrument: Instrument }[];
}

/**
 * Roots of index options that differ from the index: what settles in the afternoon, or every week, trades under a name
 * of its own (Cboe and Nasdaq product specifications).
 */
const OTHER_ROOTS: ReadonlyMap<string, string> = new Map([
  ['SPXW', 'SPX'],
  ['SPXPM', 'SPX'],
  ['NDXP', 'NDX'],
  ['RUTW', 'RUT'],
  ['VIXW', 'VIX'],
  ['DJXW', 'DJX'],
]);

/** `BRK/B`, `BRK.B`, `BRK-B`, `brk b` and `BRKB` are one name, and so are `$SPX` and `SPX`. */
function plainName(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/**
 * The underlying that a contract's root tells of, for where the broker doesn't: a root with a digit is an adjusted or
 * flexible series of the same.
 */
export function underlyingOfRoot(root: string): string {
  const name = root.replaceAll(/^\d+|\d+$/g, '');
  return OTHER_ROOTS.get(name) ?? (name || root);
}

/** Whether two names, roots too, tell of one underlying in any spelling. */
export function isSameUnderlying(one: string, other: string): boolean {
  return underlyingOfRoot(plainName(one)) === underlyingOfRoot(plainName(other));
}

/** True if a typed name means this one's underlying, in any spelling or by the root of a contract. */
export function isOfUnderlying(typed: string, item: OfUnderlying): boolean {
  const wanted = plainName(typed);
  const names = namesOf(item);
  return names.includes(wanted) || names.includes(OTHER_ROOTS.get(wanted) ?? '');
}

/** The same while it is still being typed. */
export function beginsUnderlying(typed: string, item: OfUnderlying): boolean {
  const wanted = plainName(typed);
  return isOfUnderlying(typed, item) || namesOf(item).some((name) => name.startsWith(wanted));
}

function namesOf({ underlying, legs }: OfUnderlying): string[] {
  const contracts = legs.flatMap(({ instrument }) => [instrument.underlying, instrument.option?.root ?? '']);
  return [...new Set([underlying, ...contracts].map(plainName))].filter((name) => name !== '');
}

/** The underlying held whose name is nearest to a typed one; null where none is near. */
export function nearestUnderlying(typed: string, held: readonly OfUnderlying[]): string | null {
  const wanted = plainName(typed);
  const far = Math.max(2, Math.ceil(wanted.length / 2) + 1);
  const [nearest] = held
    .flatMap((item) =>
      namesOf(item).map((name) => ({ underlying: item.underlying, steps: steps(wanted, name), name })),
    )
    .filter((each) => each.steps < Math.min(far, Math.max(wanted.length, each.name.length)))
    .sort((a, b) => a.steps - b.steps || a.underlying.localeCompare(b.underlying));
  return nearest?.underlying ?? null;
}

/** How many letters have to be added, dropped or changed to get from one to the other; names are a few letters. */
function steps(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [index, other] of [...to].entries()) {
      const changed = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

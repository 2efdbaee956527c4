import { type Exact, sumExact } from '../exact.js';
import type { Decimal } from '../money.js';
import { type Range, rangeApart, settlementRange } from '../settlement.js';
import type { Component, Entry, Instrument, OptionTerms, PositionLeg, Side, UnitLeg } from '../types.js';

/** An option leg with its terms at hand. */
export interface OptionLeg extends PositionLeg {
  instrument: Instrument & { option: OptionTerms };
}

export function isOptionLeg(leg: PositionLeg): leg is OptionLeg {
  return leg.instrument.option !== null;
}

/** All legs as option legs in order of strike, or null if stock is among them. */
export function byStrike(legs: readonly PositionLeg[]): OptionLeg[] | null {
  if (!legs.every(isOptionLeg)) return null;
  return legs.toSorted((a, b) => a.instrument.option.strike.cmp(b.instrument.option.strike));
}

/** True if the legs settle together: one root, one expiration, one multiplier. */
export function sameSeries(legs: readonly OptionLeg[]): boolean {
  return allEqual(
    legs,
    ({ instrument: { option, multiplier } }) => `${option.root} ${option.expiration} ${multiplier}`,
  );
}

export function allEqual<T>(items: readonly T[], key: (item: T) => string | number): boolean {
  return new Set(items.map(key)).size <= 1;
}

export function strikeOf(leg: OptionLeg): Decimal {
  return leg.instrument.option.strike;
}

export function typeOf(leg: OptionLeg): OptionTerms['type'] {
  return leg.instrument.option.type;
}

export function pick(legs: readonly OptionLeg[], side: Side, type: OptionTerms['type']): OptionLeg[] {
  return legs.filter((leg) => leg.side === side && typeOf(leg) === type);
}

/** Greatest common divisor; 0 for none. */
export function gcd(values: readonly number[]): number {
  return values.reduce((a, b) => {
    let [x, y] = [a, b];
    while (y > 0) [x, y] = [y, x % y];
    return x;
  }, 0);
}

/** The smallest whole proportions in which the legs were opened. */
export function unitLegs(legs: readonly PositionLeg[]): UnitLeg[] {
  const units = gcd(legs.map(({ opened }) => opened));
  return legs.map(({ instrument, side, opened }) => ({ instrument, side, ratio: opened / units }));
}

/** Net opening price of one unit per share, null if a leg's is not known: what came in less what was paid. */
function netCredit(legs: readonly PositionLeg[]): Exact | null {
  const units = gcd(legs.map(({ opened }) => opened));
  const amounts = legs.flatMap(
    ({ openPrice, opened, side }) => openPrice?.times((side === 'short' ? opened : -opened) / units) ?? [],
  );
  return amounts.length === legs.length ? sumExact(amounts) : null;
}

/**
 * What a group of legs was opened for. Which way it was opened is read from its structure where that decides
 * (what can only be a liability was sold, what can only be worth something was bought), so that odd fills
 * show up as an implausible entry instead of turning a close around. Otherwise the money's sign decides.
 */
export function entryOf(legs: readonly PositionLeg[]): Entry {
  const [first] = legs;
  const known = first && ENTRIES.get(first);
  if (known && areAsOpened(known.legs, legs)) return known.entry;
  const entry = entryAnew(legs);
  if (first) ENTRIES.set(first, { legs: legs.map((leg) => ({ ...leg })), entry });
  return entry;
}

/** Recognising, naming and pricing each ask it of the same legs, and adding up fractions is dear. */
const ENTRIES = new WeakMap<PositionLeg, { legs: readonly PositionLeg[]; entry: Entry }>();

/** Whether two lists of legs were opened alike; how much is still held doesn't matter. */
export function areAsOpened(some: readonly PositionLeg[], others: readonly PositionLeg[]): boolean {
  if (some.length !== others.length) return false;
  return some.every((leg, index) => {
    const other = others[index];
    return (
      leg.instrument === other?.instrument &&
      leg.side === other.side &&
      leg.opened === other.opened &&
      leg.openPrice === other.openPrice
    );
  });
}

function entryAnew(legs: readonly PositionLeg[]): Entry {
  const credit = netCredit(legs);
  const unit = unitLegs(legs);
  const range = settlementRange(unit);
  const sold = range?.most?.lte(0) || (!range?.least?.gte(0) && credit?.gt(0));
  const side = sold ? 'sold' : 'bought';
  const apart = range ? null : rangeApart(unit);
  const width = liability(range ?? apart, side);
  const reach = liability(apart?.reach ?? null, side);
  const bounds = { ...(width && { width }), ...(reach && { reach }) };
  // Bought wings that end worthless with what was sold: all that can be earned is the credit.
  const isMaximum = range?.most?.isZero() && width && legs.some((leg) => leg.side === 'long');
  if (sold) return { kind: 'credit', credit, ...bounds, ...(isMaximum && { isMaximum }) };
  const debit = credit?.negated() ?? null;
  if (width && isVertical(legs)) return { kind: 'debit-vertical', debit, width };
  return { kind: 'debit', debit, ...bounds };
}

/** The most it can cost to close what was sold, or bring to close what was bought; null where nothing bounds it. */
function liability(range: Range | null, side: 'sold' | 'bought'): Decimal | null {
  const most = side === 'sold' ? range?.least?.neg() : range?.most;
  return most?.gt(0) ? most : null;
}

/** Two strikes of one type and expiration, one bought and one sold, the same number of each. */
export function isVertical(legs: readonly PositionLeg[]): boolean {
  const [low, high, ...rest] = byStrike(legs) ?? [];
  if (!low || !high || rest.length > 0) return false;
  return (
    sameSeries([low, high]) &&
    typeOf(low) === typeOf(high) &&
    low.side !== high.side &&
    low.opened === high.opened &&
    strikeOf(low).lt(strikeOf(high))
  );
}

/** The part of a position made of these legs, closed by orders of its own. Units held are complete ones only. */
export function componentOf(
  key: string,
  label: string,
  legs: readonly PositionLeg[],
  percents: readonly Decimal[],
): Component {
  const units = unitLegs(legs);
  return {
    key,
    label,
    legs: units,
    units: Math.min(...legs.map(({ held }, index) => Math.floor(held / (units[index]?.ratio ?? 1)))),
    openedUnits: gcd(legs.map(({ opened }) => opened)),
    entry: entryOf(legs),
    percents: [...percents],
  };
}

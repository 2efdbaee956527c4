import type { ClosingLeg, Coverage } from './coverage.js';
import { UserError } from './errors.js';
import type { Failures } from './failures.js';
import { closingAction } from './leg-actions.js';
import type { Decimal } from './money.js';
import { type ComponentCover, positionCover } from './position-cover.js';
import { entryDoubt, type PricedTarget, priceTarget, type Rounding, reachExceeded } from './pricing.js';
import { type NakedShort, type ShortGuard, times } from './protection.js';
import { ladderRungs, type Rung, remainingRungs } from './rungs.js';
import { type PricedStop, priceStop, type StopRequest, type StopWish } from './stop-price.js';
import type { Grid } from './ticks.js';
import type { Component, Position, UnitLeg } from './types.js';
import type { WorkingOrderPart } from './working.js';

export { attributeWorking, type WorkingOrderPart } from './working.js';

/** The broker takes at most four legs in an order. */
const MOST_LEGS = 4;

/** What is wrong with one part's own opening price, and so no reason against the others. */
const UNPRICED: ReadonlySet<string> = new Set(['ENTRY_IMPLAUSIBLE', 'NO_PROFIT_ON_TICK']);

/** One closing order that would be placed. */
export interface TargetPlan {
  /** Component and rung, such as `puts:1`; unique within a plan of one position. */
  key: string;
  componentKey: string;
  /** `Put verticals (1 of 2)`. */
  label: string;
  /** Units in the order. */
  units: number;
  legs: ClosingLeg[];
  pricing: PricedTarget;
  /** The stop beside it; null where none is asked for. */
  stop: PricedStop | null;
  /** What was assumed, or is odd about it. */
  notes: TargetNote[];
  /** Shorts that lose their cover when it fills; empty unless the trader chose that. */
  leaves: NakedShort[];
}

export type TargetNote =
  /** Of the usual percentages the lower count as used. */
  | { code: 'RUNGS_ASSUMED'; percents: readonly Decimal[] }
  /** There are fewer units than percentages. */
  | { code: 'FEW_UNITS'; units: number; percents: readonly Decimal[] }
  /** More than the distance of its strikes, to be paid or to be got. */
  | { code: 'BEYOND_STRIKES'; price: Decimal; reach: Decimal; paid: boolean }
  /** More units are held than can be closed now. */
  | { code: 'HELD_BACK'; reserved: number; restricted: number };

/** What the trader asked for: instead of the strategy's own percentages at most one of the first three. */
export interface TargetOverrides {
  percent?: Decimal | undefined;
  /** Limit price per unit per share. */
  price?: Decimal | undefined;
  /** Percentages to split the units over. */
  ladder?: readonly Decimal[] | undefined;
  /** A stop beside each target, of what its own part was opened for. */
  stop?: StopWish | undefined;
}

export interface TargetRequest {
  position: Position;
  /** From `componentsOf`, with the percentages of the settings. */
  components: readonly Component[];
  /**
   * Of the position's legs, over the whole account. When several positions are planned in one go, each gets
   * what the one before left (`withPlanned`).
   */
  coverage: ReadonlyMap<string, Coverage>;
  /** This position's, from `attributeWorking`. */
  working: readonly WorkingOrderPart[];
  overrides: TargetOverrides;
  /** The price grid of an order with so many legs. */
  grid: (legCount: number) => Grid;
  rounding: Rounding;
  /** What closing one unit costs at what the other side shows, as `closingCost` signs it; null is not known. */
  natural?: (legs: readonly UnitLeg[]) => Decimal | null;
  /** Most contracts of one leg in one order; absent or null is no limit. */
  maxContracts?: number | null | undefined;
  /** Of the account, with what is planned for the positions before (`ShortGuard.after`). */
  guard: ShortGuard;
  /** The trader's own choice: sell long legs also where that takes the cover from a short. */
  leaveNaked?: boolean;
}

/** What would be placed, and what of it couldn't be priced. */
export interface TargetPlans {
  plans: TargetPlan[];
  /** Why a part of the position has no target though it could be closed. */
  left: LeftPart[];
  /** Long contracts that are not offered, because a short would lose its cover. */
  protecting: Protecting[];
}

export interface LeftPart {
  label: string;
  error: UserError;
}

/** Units of a part that can't be sold without leaving shorts naked. */
export interface Protecting {
  label: string;
  legs: ClosingLeg[];
  leaves: NakedShort[];
}

/** A component with units that could have a target. */
interface OpenPart extends ComponentCover {
  /** Its working targets; the price is null where it is for more than this component. */
  working: { units: number; price: Decimal | null }[];
  /** The shorts that all of `free` leaves naked, where that was chosen. */
  leaves: NakedShort[];
  /** Units kept back because they cover a short, and the shorts that would lose it. */
  protecting: { units: number; leaves: NakedShort[] };
}

/**
 * The closing orders that would complete a position's targets: its uncovered units at the percentages asked
 * for, or at the strategy's own. Empty if everything is covered by working orders. Where one part of a position
 * cannot be priced, the others still are: a Trident whose call vertical was filled oddly has its puts' targets.
 *
 * @throws UserError `OPTIONS_CONFLICT`, `PERCENT_NEEDED`, `PRICE_NEEDS_ONE_TARGET`, `LADDER_TOO_LONG`,
 * `TOO_MANY_LEGS`, `MIXED_MULTIPLIERS`, `ORDER_TOO_LARGE`, and those of pricing and of `grid`
 */
export function planTargets(request: TargetRequest): TargetPlans {
  assertOneOverride(request.overrides);
  const parts = openParts(request);
  const open = parts.filter(({ free }) => free > 0);
  const meant = request.overrides.price ? partAtPrice(open) : open;
  assertOneStopPrice(meant, request.overrides);
  const plans: TargetPlan[] = [];
  const left: LeftPart[] = [];
  for (const part of meant) {
    try {
      plans.push(...planPart(part, request, ladderFor(part, request)));
    } catch (error) {
      if (!(error instanceof UserError && UNPRICED.has(error.code))) throw error;
      left.push({ label: part.component.label, error });
    }
  }
  const [first] = left;
  if (first && plans.length === 0) throw first.error;
  return { plans, left, protecting: keptBack(parts) };
}

function keptBack(parts: readonly OpenPart[]): Protecting[] {
  return parts.flatMap(({ component, protecting: { units, leaves } }) =>
    units > 0 ? [{ label: component.label, legs: times(unitOf(component), units), leaves }] : [],
  );
}

/** What closes one unit. */
export function unitOf({ legs }: Pick<Component, 'legs'>): ClosingLeg[] {
  return legs.map(({ instrument, side, ratio }) => ({
    instrument,
    action: closingAction(side),
    contracts: ratio,
  }));
}

/** A price is for the only part, or for the only one of which no percentage can be taken. */
function partAtPrice(open: readonly OpenPart[]): OpenPart[] {
  const doubtful = open.filter(({ component }) => entryDoubt(component.entry) !== null);
  if (open.length < 2) return [...open];
  if (doubtful.length === 1) return doubtful;
  throw new UserError('PRICE_NEEDS_ONE_TARGET', {
    targets: open.map(({ component }) => component.label),
    unpriced: doubtful.length,
  });
}

/** What of each component is free, and may be closed without taking the cover from a short. */
function openParts(request: TargetRequest): OpenPart[] {
  let guard = request.guard;
  return positionCover(request).components.map((cover) => {
    const unit = unitOf(cover.component);
    const leaves = guard.leaves(times(unit, cover.free));
    const free = request.leaveNaked || leaves.length === 0 ? cover.free : guard.most(unit, cover.free);
    guard = guard.after([times(unit, free)]);
    return {
      ...cover,
      free,
      working: workingTargets(cover.component, request.working),
      leaves: request.leaveNaked ? leaves : [],
      protecting: { units: cover.free - free, leaves },
    };
  });
}

function workingTargets({ key }: Component, working: readonly WorkingOrderPart[]): OpenPart['working'] {
  return working.flatMap(({ order, units }) => {
    const count = units.get(key);
    return count === undefined ? [] : [{ units: count, price: units.size === 1 ? order.price : null }];
  });
}

function planPart(
  part: OpenPart,
  request: TargetRequest,
  ladder: readonly Decimal[] | undefined,
): TargetPlan[] {
  const { component, free } = part;
  const { percent, price } = request.overrides;
  assertOrderable(component);
  const notes = heldBackNotes(part);
  const base = { ...pricingBase(component, request), units: free };
  if (price) {
    const pricing = priceTarget({ ...base, price });
    const more = reachNotes(component, price);
    return [planOf(part, { number: 1, units: free }, 1, pricing, request, [...notes, ...more])];
  }
  const { rungs, of, more } = rungsFor(part, request, percent ? [percent] : ladder);
  return rungs.map((rung) => {
    const pricing = priceTarget({ ...base, units: rung.units, percent: rung.percent });
    return planOf(part, rung, of, pricing, request, [...notes, ...more]);
  });
}

function rungsFor(
  { component, free, working }: OpenPart,
  request: TargetRequest,
  asked: readonly Decimal[] | undefined,
): { rungs: Rung[]; of: number; more: TargetNote[] } {
  if (asked) {
    return { rungs: ladderRungs(component, asked, free, dealtOver(request)), of: asked.length, more: [] };
  }
  const { percents, openedUnits } = component;
  if (percents.length === 0) {
    const { label, entry } = component;
    throw new UserError('PERCENT_NEEDED', { label, opened: entry.kind === 'credit' ? 'credit' : 'debit' });
  }
  const { rungs, assumed } = remainingRungs(component, free, working, (each) =>
    limitOrNull(component, each, request),
  );
  const more: TargetNote[] = [];
  if (assumed) more.push({ code: 'RUNGS_ASSUMED', percents });
  if (percents.length > openedUnits) more.push({ code: 'FEW_UNITS', units: openedUnits, percents });
  return { rungs, of: Math.min(percents.length, openedUnits), more };
}

/** A position of several parts takes one percentage for each of its usual targets, dealt out in their order. */
function dealtOver({ components }: TargetRequest): Failures['LADDER_TOO_LONG']['dealt'] {
  const parts = dealtTo(components);
  return parts.length < 2 ? [] : parts.map(({ label, percents }) => ({ label, percents }));
}

function planOf(
  { component, leaves }: OpenPart,
  { number, units }: Pick<Rung, 'number' | 'units'>,
  of: number,
  pricing: PricedTarget,
  request: TargetRequest,
  notes: TargetNote[],
): TargetPlan {
  const legs = times(unitOf(component), units);
  assertSize(component, legs, request.maxContracts ?? null);
  const { stop: wish } = request.overrides;
  return {
    key: `${component.key}:${number}`,
    componentKey: component.key,
    label: of > 1 ? `${component.label} (${number} of ${of})` : component.label,
    units,
    legs,
    pricing,
    stop: wish ? stopBeside(component, { units, target: pricing.limit, wish }, request) : null,
    notes,
    leaves,
  };
}

function stopBeside(
  component: Component,
  stop: Pick<StopRequest, 'units' | 'target' | 'wish'>,
  request: TargetRequest,
): PricedStop {
  const { label, legs } = component;
  const natural = request.natural?.(legs) ?? null;
  return priceStop({ ...pricingBase(component, request), ...stop, label, natural });
}

/** A price is for one part: another one's closing price says nothing about what is lost on it. */
function assertOneStopPrice(meant: readonly OpenPart[], { stop }: TargetOverrides): void {
  if (!stop || !('price' in stop) || meant.length < 2) return;
  const targets = meant.map(({ component }) => component.label);
  throw new UserError('PRICE_NEEDS_ONE_TARGET', { targets, unpriced: 0 });
}

/**
 * On a position of several parts, a ladder as long as its own percentages is dealt out like them, and to the same parts
 * when one of them has its order, or is closed.
 */
function ladderFor(
  { component }: OpenPart,
  { overrides: { ladder }, components }: TargetRequest,
): readonly Decimal[] | undefined {
  const parts = dealtTo(components);
  const own = parts.flatMap(({ percents }) => percents);
  if (!ladder || parts.length < 2 || ladder.length !== own.length) return ladder;
  const start = parts.slice(0, parts.indexOf(component)).flatMap(({ percents }) => percents).length;
  return ladder.slice(start, start + component.percents.length);
}

/** The parts that share a ladder: without one that is gone but for its rest, which stands in its place. */
function dealtTo(components: readonly Component[]): Component[] {
  return components.filter(
    ({ key, units }) => units > 0 || !components.some((other) => other.key.startsWith(`${key}/`)),
  );
}

function pricingBase(component: Component, { grid, rounding }: TargetRequest) {
  const multiplier = component.legs[0]?.instrument.multiplier ?? 0;
  return { entry: component.entry, grid: grid(component.legs.length), rounding, multiplier };
}

/** The limit of a default percentage, to recognise an order by; null where pricing refuses it. */
function limitOrNull(component: Component, percent: Decimal, request: TargetRequest): Decimal | null {
  try {
    return priceTarget({ ...pricingBase(component, request), units: 1, percent }).limit;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function reachNotes({ entry }: Component, price: Decimal): TargetNote[] {
  const reach = reachExceeded(entry, price);
  return reach ? [{ code: 'BEYOND_STRIKES', price, reach, paid: entry.kind === 'credit' }] : [];
}

function heldBackNotes({ reserved, restricted }: OpenPart): TargetNote[] {
  return reserved + restricted > 0 ? [{ code: 'HELD_BACK', reserved, restricted }] : [];
}

function assertOneOverride({ percent, price, ladder }: TargetOverrides): void {
  if ([percent, price, ladder].filter((each) => each !== undefined).length > 1 || ladder?.length === 0) {
    throw new UserError('OPTIONS_CONFLICT', { asked: 'several-overrides' });
  }
}

/** @throws UserError `TOO_MANY_LEGS`, `MIXED_MULTIPLIERS` */
export function assertOrderable({ label, legs }: Component): void {
  if (legs.length > MOST_LEGS) {
    throw new UserError('TOO_MANY_LEGS', { label, legs: legs.length, most: MOST_LEGS });
  }
  if (new Set(legs.map(({ instrument }) => instrument.multiplier)).size > 1) {
    throw new UserError('MIXED_MULTIPLIERS', { label });
  }
}

/** @throws UserError `ORDER_TOO_LARGE` */
export function assertSize(
  { label }: Pick<Component, 'label'>,
  legs: readonly ClosingLeg[],
  most: number | null,
): void {
  const largest = Math.max(...legs.map(({ contracts }) => contracts));
  if (most === null || largest <= most) return;
  throw new UserError('ORDER_TOO_LARGE', { label, contracts: largest, most });
}

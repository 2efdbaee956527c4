import {
  contractsOf,
  endingWith,
  type InTheWay,
  type Portion,
  toEnd,
  unitsMeant,
  wholeOf,
} from '../../domain/closing.js';
import { costAt, type Limit, limitAt, stepTowards } from '../../domain/closing-price.js';
import { type Cover, claimedBy, coversOf } from '../../domain/covers.js';
import { UserError } from '../../domain/errors.js';
import { Exact } from '../../domain/exact.js';
import { type Decimal, ZERO } from '../../domain/money.js';
import { isOpen } from '../../domain/order-fills.js';
import {
  assertManual,
  closingEffect,
  type PricedTarget,
  percentAt,
  profitAt,
  type Rounding,
} from '../../domain/pricing.js';
import { closingCost, type Quotes } from '../../domain/profit.js';
import { settlementRange } from '../../domain/settlement.js';
import { allEqual, gcd } from '../../domain/strategies/shape.js';
import { wholeUnits } from '../../domain/target-rules.js';
import { type Grid, tickAt } from '../../domain/ticks.js';
import type { BrokerOrder, Component, Effect } from '../../domain/types.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import type { CloseAt, CloseWish } from './close-wish.js';
import { type Instead, impossible } from './instead.js';

/** What closing comes to in contracts, and what has to end before. */
export interface ClosePlan {
  /** All of what could be closed, as one. */
  whole: Component;
  units: number;
  /** Each with those that end with it. */
  givingWay: BrokerOrder[];
}

/** What closing one unit costs by the quotes of the moment, as `closingCost` signs it; null where that isn't known. */
export interface Market {
  natural: Decimal | null;
  mid: Decimal | null;
  mark: Decimal | null;
  /** Of the oldest quote among them; null where the broker doesn't tell. */
  at: Date | null;
}

/**
 * How much is closed, and which orders hold these contracts.
 * @param instead closes no more than this order left
 * @throws UserError `CLOSE_IMPOSSIBLE`, `PORTION_IMPOSSIBLE`, `CHANGE_IMPOSSIBLE`
 */
export function planClose(
  book: Book,
  view: OpenPosition,
  { portion }: CloseWish,
  instead: Instead | null,
): ClosePlan {
  return instead ? anewFor(view, instead) : heldBy(book, view, portion);
}

/** The same contracts in the same proportion as the order that gives way. */
function anewFor({ position, title, id, cover }: OpenPosition, { order, contracts }: Instead): ClosePlan {
  const works = isOpen(order);
  // What has ended holds nothing any more: others may close by now what it left, or it was closed elsewhere.
  const free = new Map(cover.contracts.map((each) => [each.instrument.symbol, works ? Infinity : each.free]));
  const size = gcd(order.legs.map(({ quantity }) => quantity));
  const left = (symbol: string) => Math.min(contracts.get(symbol) ?? 0, free.get(symbol) ?? 0);
  const units = Math.min(
    ...order.legs.map(({ instrument, quantity }) => Math.floor((left(instrument.symbol) * size) / quantity)),
  );
  const unit = new Map(order.legs.map(({ instrument, quantity }) => [instrument.symbol, quantity / size]));
  const meant = new Map([...unit].map(([symbol, ratio]) => [symbol, ratio * units]));
  const whole = wholeOf(position, title, meant);
  if (units < 1 || whole.legs.length !== order.legs.length) throw impossible(order.id, 'filled');
  const alike = whole.legs.every(({ instrument, ratio }) => unit.get(instrument.symbol) === ratio);
  if (!alike) throw new UserError('CLOSE_IMPOSSIBLE', { id, why: 'uneven' });
  return { whole, units, givingWay: isOpen(order) ? [order] : [] };
}

function heldBy(book: Book, view: OpenPosition, portion: Portion | null): ClosePlan {
  const { id, position, title, cover } = view;
  const whole = wholeOf(position, title);
  if (whole.legs.length === 0) throw new UserError('CLOSE_IMPOSSIBLE', { id, why: 'no-options' });
  const free = new Map(cover.contracts.map((each) => [each.instrument.symbol, each.free]));
  const candidates = inTheWay(book, view);
  // What fits no position may claim more than this one holds.
  const most = Math.min(whole.units, wholeUnits(whole.legs, together(free, candidates)));
  const asked = unitsMeant(portion, whole.units);
  if (most === 0) throw new UserError('CLOSE_IMPOSSIBLE', { id, why: 'stuck' });
  if (portion && (asked < 1 || asked > most)) {
    throw new UserError('PORTION_IMPOSSIBLE', { id, asked, most, held: whole.units });
  }
  const units = Math.min(asked, most);
  const ending = toEnd(candidates, contractsOf(whole.legs, units), free);
  const orders = ending.flatMap((each) => endingWith(each.cover, book.openOrders));
  return { whole, units, givingWay: [...new Map(orders.map((each) => [each.id, each])).values()] };
}

/** What works on a position, and what fits none and claims contracts of it, as far as the broker takes a cancel of it. */
function inTheWay({ openOrders, positions }: Book, { working, position }: OpenPosition): InTheWay[] {
  const fitting = new Set(positions.flatMap((view) => view.working.map(({ order }) => order.id)));
  const symbols = new Set(position.legs.map(({ instrument }) => instrument.symbol));
  return coversOf(openOrders).flatMap((cover): InTheWay[] => {
    if (endingWith(cover, openOrders).every(({ cancellable }) => cancellable === false)) return [];
    const ids = new Set([cover.lead, ...cover.others].map(({ id }) => id));
    const frees = new Map<string, number>();
    for (const { order, contracts } of working) {
      if (!ids.has(order.id)) continue;
      for (const [symbol, n] of contracts) frees.set(symbol, (frees.get(symbol) ?? 0) + n);
    }
    if (frees.size > 0) return [{ cover, frees }];
    const stray = [...ids].every((id) => !fitting.has(id));
    return stray && touches(cover, symbols) ? [{ cover, frees: claimedBy(cover) }] : [];
  });
}

function touches(cover: Cover, symbols: ReadonlySet<string>): boolean {
  return [...claimedBy(cover)].some(([symbol, contracts]) => contracts > 0 && symbols.has(symbol));
}

function together(
  free: ReadonlyMap<string, number>,
  candidates: readonly InTheWay[],
): ReadonlyMap<string, number> {
  const total = new Map(free);
  for (const [symbol, n] of candidates.flatMap(({ frees }) => [...frees])) {
    total.set(symbol, (total.get(symbol) ?? 0) + n);
  }
  return total;
}

export function marketOf({ legs }: Component, quotes: Quotes): Market {
  const times = legs.map(({ instrument }) => quotes.get(instrument.symbol)?.at?.getTime() ?? null);
  const known = times.filter((time) => time !== null);
  return {
    natural: closingCost(legs, quotes, 'natural'),
    mid: closingCost(legs, quotes, 'mid'),
    mark: closingCost(legs, quotes, 'mark'),
    at: known.length === times.length ? new Date(Math.min(...known)) : null,
  };
}

/**
 * The limit, and what filling at it makes.
 * @throws UserError `CLOSE_UNQUOTED`, `CLOSE_AT_MARKET`, `MIXED_MULTIPLIERS`, and those of a price of the trader's own
 */
export function priceClose(
  { whole, units }: Pick<ClosePlan, 'whole' | 'units'>,
  at: CloseAt,
  {
    market,
    grid,
    rounding,
    instead,
  }: { market: Market; grid: Grid; rounding: Rounding; instead: Instead | null },
): PricedTarget {
  const { entry, legs, label } = whole;
  if (!allEqual(legs, ({ instrument }) => instrument.multiplier))
    throw new UserError('MIXED_MULTIPLIERS', { label });
  const usual = usualEffect(whole);
  const raw = typeof at === 'string' && at !== 'step' ? named(market, at, whole) : null;
  const limit = raw
    ? limitAt(grid, raw, ruleFor(at, rounding), usual)
    : at === 'step'
      ? stepped(grid, market, instead)
      : ownLimit(at as { price: Decimal }, whole, grid, market);
  const multiplier = legs[0]?.instrument.multiplier ?? 0;
  const cost = costAt(limit);
  const asOpened = entry.kind === 'credit' ? cost : cost.negated();
  const perUnitProfit = profitAt(entry, asOpened)?.times(multiplier) ?? null;
  return {
    effect: limit.effect,
    limit: limit.price,
    tick: tickAt(grid, limit.price),
    raw: raw && Exact.of(raw.abs()),
    requestedPercent: null,
    effectivePercent: percentAt(entry, asOpened),
    roundingCost: raw ? Exact.of(cost.minus(raw)).times(multiplier).times(units) : Exact.zero,
    perUnitProfit,
    profit: perUnitProfit?.times(units) ?? null,
    lossMaking: perUnitProfit?.lt(0) ?? false,
  };
}

/** What is only sold brings something, what is only bought back costs; of both the way it was opened tells. */
function usualEffect({ legs, entry }: Component): Effect {
  const sides = new Set(legs.map(({ side }) => side));
  if (sides.size > 1) return closingEffect(entry);
  return sides.has('short') ? 'debit' : 'credit';
}

function known(market: Market, at: 'mid' | 'mark' | 'natural'): Decimal {
  const cost = market[at];
  if (cost) return cost;
  throw new UserError('CLOSE_UNQUOTED', { at });
}

/** Between bid and ask nobody pays to be rid of what can only be worth something, whatever the quotes of its legs add up to. */
function named(market: Market, at: 'mid' | 'mark' | 'natural', whole: Component): Decimal {
  const cost = known(market, at);
  return at !== 'natural' && cost.gt(0) && onlyWay(whole) === 'credit' ? ZERO : cost;
}

/** Of what can only cost something to close, or only bring something: no quote turns that around. */
function onlyWay({ legs }: Component): Effect | null {
  const range = settlementRange(legs);
  if (range?.most?.lte(0)) return 'debit';
  return range?.least?.gte(0) ? 'credit' : null;
}

/** The natural price is the one that fills at once; the others are rounded as targets are. */
function ruleFor(at: CloseAt, rounding: Rounding) {
  if (at === 'natural') return 'met';
  return rounding === 'profit' ? 'favour' : 'nearest';
}

function stepped(grid: Grid, { natural }: Market, instead: Instead | null): Limit {
  const { price, effect, id } = instead?.order ?? {};
  if (!id || !price || !effect) throw new UserError('CLOSE_UNQUOTED', { at: 'step' });
  if (!natural) throw new UserError('CLOSE_UNQUOTED', { at: 'step' });
  const next = stepTowards(grid, { price, effect }, natural);
  if (next) return next;
  throw new UserError('CLOSE_AT_MARKET', { orderId: id, price });
}

/**
 * Which way the money goes for a price alone: as the contracts can settle, else of what is bought back and sold at once as
 * the market has it now.
 */
function ownLimit({ price }: { price: Decimal }, whole: Component, grid: Grid, market: Market): Limit {
  const cost = market.mark ?? market.mid ?? market.natural;
  const mixed = new Set(whole.legs.map(({ side }) => side)).size > 1;
  const now = cost?.gt(0) ? 'debit' : cost?.lt(0) ? 'credit' : null;
  const effect = onlyWay(whole) ?? (mixed ? now : null) ?? usualEffect(whole);
  return { price: assertManual({ entry: whole.entry, grid }, price), effect };
}

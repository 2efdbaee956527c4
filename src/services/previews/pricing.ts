import { setImmediate as breathe } from 'node:timers/promises';
import type { Said } from '../../domain/broker-troubles.js';
import {
  assertCovered,
  type ClosingLeg,
  type Coverage,
  coverage,
  withPlanned,
} from '../../domain/coverage.js';
import { BrokerError, BrokerRefusal, saidBy, UserError } from '../../domain/errors.js';
import { Exact } from '../../domain/exact.js';
import { isOver } from '../../domain/expiration.js';
import type { UnderlyingInfo } from '../../domain/market.js';
import type { Decimal } from '../../domain/money.js';
import { concernsContracts } from '../../domain/odd-rows.js';
import { isOpen } from '../../domain/order-fills.js';
import type { Rounding } from '../../domain/pricing.js';
import { closingCost } from '../../domain/profit.js';
import { ShortGuard, times } from '../../domain/protection.js';
import {
  assertOrderable,
  assertSize,
  type LeftPart,
  type Protecting,
  planTargets,
  type TargetPlan,
  unitOf,
} from '../../domain/targets.js';
import { gridFor } from '../../domain/ticks.js';
import type { Component, OddRow } from '../../domain/types.js';
import type { Broker, DryRun, OrderPair, OrderRequest, Remark, Urgency } from '../../ports/broker.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import type { CloseWish } from './close-wish.js';
import { type ClosePlan, type Market, marketOf, priceClose } from './closing.js';
import type { Instead } from './instead.js';
import type { Overrides } from './overrides.js';
import type { PlannedOrder, PlannedStop } from './payload.js';

export interface PricingRules {
  rounding: Rounding;
  /** Net price increments of multi-leg orders, by underlying, where the built-in table is not right. */
  spreadTicks: ReadonlyMap<string, Decimal>;
  maxOrderContracts: number | null;
}

/** What keeps one order from being submitted. */
export type Blocked =
  /** An earlier order for one of its contracts is still being placed or looked for. */
  | { code: 'UNDER_WAY' }
  /** The broker's trial gave no answer; `said` is why, in the broker's own words where it has any. */
  | { code: 'TRIAL_FAILED'; said: Said }
  | { code: 'WOULD_BE_REFUSED'; remarks: readonly Remark[] }
  | { code: 'WOULD_OPEN'; remarks: readonly Remark[] };

/** Why a position, or a part of it, has no target in a preview. */
export type PreviewNote =
  /** Of a part: it, or a leg of it, has traded last and isn't settled. */
  | { code: 'EXPIRED'; label: string; whole: boolean }
  /** Rows of the broker's concern it that can't be read. */
  | { code: 'UNREADABLE'; row: OddRow; more: number }
  /** It protects shares, so `all` passes it by. */
  | { code: 'HEDGE'; id: number; shares: number }
  /** A short would lose its cover; `unsure` is a row that might be other cover. */
  | { code: 'PROTECTING'; id: number; part: Protecting; unsure: OddRow | null }
  | ({ code: 'LEFT' } & LeftPart)
  | { code: 'NOT_PRICED'; error: UserError | BrokerError };

export interface PreviewedTarget {
  plan: TargetPlan;
  /** Exactly what Submit would send. */
  order: PlannedOrder;
  /** The broker's own trial; null if it gave none. */
  dryRun: DryRun | null;
  /** Why it can't be submitted; null if it can. */
  blocked: Blocked | null;
  /** Why the stop that was asked for isn't part of the order; null where it is, or none was asked for. */
  stopless: Blocked | null;
}

export interface PreviewedPosition {
  view: OpenPosition;
  targets: PreviewedTarget[];
  /** Why there is no target, or none for a part of it. */
  notes: PreviewNote[];
  /** Of each option leg held, over the whole account, before this preview's orders. */
  coverage: Coverage[];
}

type PlannedTarget = Pick<PreviewedTarget, 'plan' | 'order'>;
type Planned = Omit<PreviewedPosition, 'targets'> & { plans: PlannedTarget[] };

export interface CloseRequest {
  at: CloseWish['at'];
  /** The trader's own choice, as of targets. */
  leaveNaked: boolean;
  /** The order that works, and is placed anew at this price. */
  instead: Instead | null;
  urgency: Urgency;
}

interface Circumstances {
  book: Book;
  free: ReadonlyMap<string, Coverage>;
  guard: ShortGuard;
  overrides: Overrides;
  lenient: boolean;
}

/** Positions priced without letting others go first: a few milliseconds. */
const IN_ONE_GO = 10;

/** A refusal of all that was asked for: nothing else of the position could be closed. */
function leavesNaked(id: number, parts: readonly Protecting[], unsure: OddRow | null): UserError {
  const sold = (legs: readonly ClosingLeg[]) => legs.filter(({ action }) => action === 'sell-to-close');
  return new UserError('LEAVES_SHORT_NAKED', {
    id,
    parts: parts.map(({ legs, leaves }) => ({ sold: sold(legs), leaves })),
    unsure,
  });
}

/** Prices targets and has the broker try each. */
export class PreviewPricer {
  constructor(
    private readonly broker: Broker,
    private readonly rules: PricingRules,
  ) {}

  /**
   * Positions take what is free one after another, so that contracts shared by several are closed once.
   * @throws UserError `PRICE_NEEDS_ONE_TARGET`, and those of `planTargets` unless lenient
   * @param lenient a position that can't be priced becomes a note instead of an error, so that the others go on
   * @param urgency of the broker's trials among others that wait
   * @param instead closes no more than this order would have; while it works the broker's trial would refuse that
   */
  async price(
    book: Book,
    views: readonly OpenPosition[],
    overrides: Overrides,
    lenient: boolean,
    urgency: Urgency = 'trader',
    instead: Instead | null = null,
  ): Promise<PreviewedPosition[]> {
    assertOnePrice(views, overrides);
    const before = coverage(
      views.flatMap(({ position }) => position.legs),
      book.holdings,
      book.openOrders,
    );
    const infos = await this.#underlyings(views);
    const free = instead ? within(before, instead) : new Map(before);
    let guard = ShortGuard.of(book.holdings, book.openOrders, book.odd);
    const planned: Planned[] = [];
    for (const [index, view] of views.entries()) {
      if (index % IN_ONE_GO === 0) await breathe();
      const info = infos.get(view.position.underlying) ?? null;
      const one = this.#plan(view, info, { book, free, guard, overrides, lenient });
      const orders = one.plans.map(({ plan }) => plan.legs);
      take(free, orders.flat());
      guard = guard.after(orders);
      planned.push({ ...one, coverage: view.odd.length > 0 ? [] : heldCoverage(view, before) });
    }
    // The last proof, over everything that would be sent together.
    assertCovered(
      planned.flatMap(({ plans }) => plans.flatMap(({ plan }) => plan.legs)),
      before,
    );
    const works = instead !== null && isOpen(instead.order);
    return Promise.all(planned.map((one) => this.#tried(book, one, urgency, works)));
  }

  /**
   * Prices the one order that closes a position now.
   * @param book without what gives way
   * @throws UserError as `priceClose` and `assertOrderable`, `ORDER_TOO_LARGE`, `LEAVES_SHORT_NAKED`; BrokerError
   */
  async close(
    book: Book,
    view: OpenPosition,
    plan: ClosePlan,
    { at, leaveNaked, instead, urgency }: CloseRequest,
  ): Promise<PreviewedPosition & { market: Market }> {
    const { whole, units } = plan;
    const shown = { ...view, components: [whole] };
    const market = marketOf(whole, book.quotes);
    const notes = [...stillTrading(view, book.readAt).over, ...oddNotes(view.odd, true)];
    if (notes.length > 0) return { view: shown, targets: [], notes, coverage: [], market };
    assertOrderable(whole);
    const legs = times(unitOf(whole), units);
    assertSize(whole, legs, this.rules.maxOrderContracts);
    const leaves = ShortGuard.of(book.holdings, book.openOrders, book.odd).leaves(legs);
    if (leaves.length > 0 && !leaveNaked)
      throw leavesNaked(view.id, [{ label: whole.label, legs, leaves }], unsureCover(view, book));
    const free = coverage(view.position.legs, book.holdings, book.openOrders);
    assertCovered(legs, free);
    const info = await this.broker.underlying(view.position.underlying);
    const grid = gridFor(whole.legs.length, info, this.rules.spreadTicks);
    const pricing = priceClose(plan, at, { market, grid, rounding: this.rules.rounding, instead });
    const { key, label } = whole;
    const target = { key, componentKey: key, label, units, legs, pricing, stop: null, notes: [], leaves };
    const order = plannedOrder(shown, target, grid);
    const one = { view: shown, plans: [{ plan: target, order }], notes, coverage: [] };
    return { ...(await this.#tried(book, one, urgency, plan.givingWay.length > 0)), market };
  }

  #plan(
    view: OpenPosition,
    info: UnderlyingInfo | BrokerError | null,
    { book, free, guard, overrides, lenient }: Circumstances,
  ): Planned {
    const { open, over } = stillTrading(view, book.readAt);
    if (open.length === 0 && over.length > 0) return { view, plans: [], notes: over, coverage: [] };
    const unreadable = oddNotes(view.odd, overrides.price !== undefined);
    if (unreadable.length > 0) return { view, plans: [], notes: [...over, ...unreadable], coverage: [] };
    if (lenient && view.hedges > 0)
      return { view, plans: [], notes: [{ code: 'HEDGE', id: view.id, shares: view.hedges }], coverage: [] };
    try {
      if (!info || info instanceof BrokerError)
        throw info ?? new Error(`no facts about ${view.position.underlying}`);
      const grid = (legs: number) => gridFor(legs, info, this.rules.spreadTicks);
      const { leaveNaked = false, ...asked } = overrides;
      const {
        plans: targets,
        left,
        protecting,
      } = planTargets({
        position: view.position,
        components: open,
        coverage: free,
        working: view.working,
        overrides: asked,
        grid,
        rounding: this.rules.rounding,
        natural: (legs) => closingCost(legs, book.quotes, 'natural'),
        maxContracts: this.rules.maxOrderContracts,
        guard,
        // Over all positions nobody chooses for a certain one.
        leaveNaked: leaveNaked && !lenient,
      });
      const unsure = protecting.length > 0 ? unsureCover(view, book) : null;
      if (targets.length === 0 && left.length === 0 && protecting.length > 0) {
        throw leavesNaked(view.id, protecting, unsure);
      }
      const plans = targets.map((plan) => ({
        plan,
        order: plannedOrder(view, plan, grid(plan.legs.length)),
      }));
      const { id } = view;
      const kept = protecting.map((part): PreviewNote => ({ code: 'PROTECTING', id, part, unsure }));
      const parts = left.map((each): PreviewNote => ({ code: 'LEFT', ...each }));
      return { view, plans, notes: [...over, ...parts, ...kept], coverage: [] };
    } catch (error) {
      if (!lenient || !(error instanceof UserError || error instanceof BrokerError)) throw error;
      return { view, plans: [], notes: [{ code: 'NOT_PRICED', error }], coverage: [] };
    }
  }

  /** @param untried the broker would count the order that is to give way: it isn't asked */
  async #tried(
    { account, underWay }: Book,
    { plans, ...rest }: Planned,
    urgency: Urgency,
    untried: boolean,
  ): Promise<PreviewedPosition> {
    const targets = plans.map(async (each): Promise<PreviewedTarget> => {
      if (each.order.legs.some(({ symbol }) => underWay.has(symbol)))
        return { ...each, dryRun: null, blocked: { code: 'UNDER_WAY' }, stopless: null };
      if (untried) return { ...each, dryRun: null, blocked: null, stopless: null };
      const { stop } = each.order;
      return stop ? this.#tryPair(account, each, stop, urgency) : this.#try(account, each, urgency);
    });
    return { ...rest, targets: await Promise.all(targets) };
  }

  async #try(account: string, { plan, order }: PlannedTarget, urgency: Urgency): Promise<PreviewedTarget> {
    const trial = await verdict(() => this.broker.dryRun(account, requestOf(order), urgency));
    return { plan, order, ...trial, stopless: null };
  }

  /**
   * The target by itself is tried beside the pair: whatever the broker says of that, the target can be offered alone, and
   * what it costs is known. Which pairs it takes only its own trial of that very pair tells.
   */
  async #tryPair(
    account: string,
    { plan, order }: PlannedTarget,
    stop: PlannedStop,
    urgency: Urgency,
  ): Promise<PreviewedTarget> {
    const { stop: _stop, ...alone } = order;
    const [target, both] = await Promise.all([
      this.#try(account, { plan, order: alone }, urgency),
      verdict(() => this.broker.dryRunPair(account, pairOf(order, stop), urgency)),
    ]);
    if (both.blocked) return { ...target, stopless: both.blocked };
    return { ...target, order, dryRun: withWarnings(target.dryRun, both.dryRun) };
  }

  async #underlyings(views: readonly OpenPosition[]): Promise<Map<string, UnderlyingInfo | BrokerError>> {
    const symbols = [...new Set(views.map(({ position }) => position.underlying))];
    const infos = symbols.map(async (symbol) => [symbol, await this.#underlying(symbol)] as const);
    return new Map(await Promise.all(infos));
  }

  async #underlying(symbol: string): Promise<UnderlyingInfo | BrokerError> {
    try {
      return await this.broker.underlying(symbol);
    } catch (error) {
      if (error instanceof BrokerError) return error;
      throw error;
    }
  }
}

/** No more is free than an order leaves to close. */
function within(covers: ReadonlyMap<string, Coverage>, { contracts }: Instead): Map<string, Coverage> {
  return new Map(
    [...covers].map(([symbol, cover]) => [
      symbol,
      { ...cover, free: Math.min(cover.free, contracts.get(symbol) ?? 0) },
    ]),
  );
}

/** A limit means something for one position only; over all of them it would be a price nobody thought of. */
function assertOnePrice(views: readonly OpenPosition[], { price, stop }: Overrides): void {
  const given = price !== undefined || (stop !== undefined && 'price' in stop);
  if (!given || views.length < 2) return;
  throw new UserError('PRICE_NEEDS_ONE_TARGET', { positions: views.length });
}

/** What is to be closed is free no more. Of hundreds of positions, each touches its own few contracts alone. */
function take(free: Map<string, Coverage>, legs: readonly ClosingLeg[]): void {
  const own = legs.flatMap(({ instrument: { symbol } }) => {
    const cover = free.get(symbol);
    return cover ? [[symbol, cover] as const] : [];
  });
  for (const [symbol, cover] of withPlanned(new Map(own), legs)) free.set(symbol, cover);
}

/** The components that can still be closed, and why the others can't. */
function stillTrading(
  { components, ends }: OpenPosition,
  now: Date,
): { open: Component[]; over: PreviewNote[] } {
  const held = components.filter(({ units }) => units > 0);
  const ended = held.filter(({ legs }) =>
    legs.some(({ instrument: { symbol } }) => {
      const end = ends.get(symbol);
      return end !== undefined && isOver(end, now);
    }),
  );
  const over = ended.map(({ label, legs }): PreviewNote => {
    const expirations = new Set(legs.map(({ instrument: { symbol } }) => ends.get(symbol)?.expiration));
    return { code: 'EXPIRED', label, whole: expirations.size === 1 };
  });
  return { open: components.filter((each) => !ended.includes(each)), over };
}

/**
 * Why nothing is offered on a position that the broker's unreadable rows concern. Where they leave only its opening
 * price unsure, a price that the trader or the market names doesn't rest on them.
 */
function oddNotes(odd: readonly OddRow[], priced: boolean): PreviewNote[] {
  const first = odd.find(({ doubts }) => doubts === 'coverage') ?? (priced ? undefined : odd[0]);
  return first ? [{ code: 'UNREADABLE', row: first, more: odd.length - 1 }] : [];
}

/** The row of the broker's for which a long contract of the same underlying is no sure cover; null if there is none. */
function unsureCover({ position: { underlying } }: OpenPosition, { odd, holdings }: Book): OddRow | null {
  const longs = holdings.flatMap(({ side, instrument }) =>
    side === 'long' && instrument.underlying === underlying ? [instrument.symbol] : [],
  );
  return odd.find((row) => concernsContracts(row, longs, [underlying])) ?? null;
}

function heldCoverage({ position }: OpenPosition, covers: ReadonlyMap<string, Coverage>): Coverage[] {
  return position.legs
    .filter(({ instrument, held }) => held > 0 && instrument.option)
    .flatMap(({ instrument }) => covers.get(instrument.symbol) ?? []);
}

function plannedOrder(view: OpenPosition, plan: TargetPlan, grid: PlannedOrder['grid']): PlannedOrder {
  const { pricing, stop } = plan;
  return {
    positionId: view.id,
    targetKey: plan.key,
    label: plan.label,
    underlying: view.position.underlying,
    legs: plan.legs.map(({ instrument, action, contracts }) => ({
      symbol: instrument.symbol,
      kind: instrument.option ? 'option' : 'equity',
      action,
      quantity: contracts,
    })),
    units: plan.units,
    price: pricing.limit,
    effect: pricing.effect,
    percent: pricing.requestedPercent ? Exact.of(pricing.requestedPercent) : pricing.effectivePercent,
    profit: pricing.profit,
    ...(stop && { stop: { trigger: stop.trigger, price: stop.limit, profit: stop.atLimit } }),
    grid,
  };
}

function requestOf({ underlying, legs, price, effect }: PlannedOrder): OrderRequest {
  return { underlying, legs, price, effect };
}

function pairOf(order: PlannedOrder, { trigger, price }: PlannedStop): OrderPair {
  const target = requestOf(order);
  return { target, stop: { ...target, trigger, price } };
}

/** What it warns of the pair is said as well. */
function withWarnings(alone: DryRun | null, pair: DryRun | null): DryRun | null {
  return alone && { ...alone, warnings: [...alone.warnings, ...(pair?.warnings ?? [])] };
}

/** What the broker says to a trial, and whether that keeps the order from being sent. */
async function verdict(trial: () => Promise<DryRun>): Promise<Pick<PreviewedTarget, 'dryRun' | 'blocked'>> {
  try {
    const dryRun = await trial();
    return { dryRun, blocked: objection(dryRun) };
  } catch (error) {
    const details = error instanceof BrokerRefusal ? error.details : [];
    const said = details.map(({ code, message }) => message || code).join('; ') || saidBy(error);
    return { dryRun: null, blocked: { code: 'TRIAL_FAILED', said } };
  }
}

/** Errors block, and so does a warning that a closing leg would open something. */
function objection({ errors, warnings }: DryRun): Blocked | null {
  if (errors.length > 0) return { code: 'WOULD_BE_REFUSED', remarks: errors };
  const opens = warnings.filter(
    ({ code, message }) => code === 'closing_with_no_position' || /\b(buy|sell) to open\b/i.test(message),
  );
  return opens.length > 0 ? { code: 'WOULD_OPEN', remarks: opens } : null;
}

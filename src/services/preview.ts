import { type AccessRules, type Actor, mayTrade } from './access.js';
import { type Coverage, coverage } from './domain/coverage.js';
import type { Decimal } from './domain/money.js';
import type { Rounding } from './domain/pricing.js';
import type { Quotes } from './domain/profit.js';
import { planTargets, type TargetPlan } from './domain/targets.js';
import { gridFor } from './domain/ticks.js';
import { BrokerRefusal, UserError } from './errors.js';
import { fingerprint } from './fingerprint.js';
import type { Overrides } from './overrides.js';
import { decodePayload, encodePayload, type PlannedOrder } from './plan-payload.js';
import type { Broker, DryRun, Notice, OrderRequest, UnderlyingInfo } from './ports/broker.js';
import type { Clock } from './ports/clock.js';
import type { NewPlan, Plan, Store } from './ports/store.js';
import type { Book, PositionService, PositionView } from './positions.js';

export interface PreviewRules {
  ttlSeconds: number;
  rounding: Rounding;
  /** Net price increments of multi-leg orders, by underlying, where the built-in table is not right. */
  spreadTicks: ReadonlyMap<string, Decimal>;
  maxOrderContracts: number | null;
}

export interface PreviewDeps {
  broker: Broker;
  store: Store;
  clock: Clock;
  positions: PositionService;
  access: AccessRules;
  rules: PreviewRules;
  newPlanId(): string;
}

export interface PreviewRequest {
  actor: Actor;
  which: number | 'all';
  /** With `all`: keep to these positions, as a re-price of an earlier preview does. */
  only?: readonly number[];
  overrides: Overrides;
  dryRun: boolean;
}

export interface PreviewedTarget {
  plan: TargetPlan;
  /** The broker's own trial; null if it didn't answer. */
  dryRun: DryRun | null;
  /** Why it can't be submitted; null if it can. */
  blocked: string | null;
}

export interface PreviewedPosition {
  view: PositionView;
  targets: PreviewedTarget[];
  /** Why there is no target, or not for everything; in words. */
  notes: string[];
  coverage: Coverage[];
}

/** What is shown before anything is sent. */
export interface Preview {
  planId: string;
  actor: Actor;
  account: string;
  positions: PreviewedPosition[];
  overrides: Overrides;
  dryRun: boolean;
  expiresAt: Date;
  /** Orders that Submit would send. */
  orders: number;
  /** Why there is no Submit at all, though there are orders; null if there is one. */
  locked: string | null;
  quotes: Quotes;
  marksMissing: string | null;
}

/** Builds previews: reads the account, prices targets, has the broker try them, and remembers what was shown. */
export class PreviewService {
  constructor(private readonly deps: PreviewDeps) {}

  /** @throws UserError for nonsense or an unknown position; BrokerError if the account can't be read */
  async create(request: PreviewRequest): Promise<Preview> {
    const { preview, plan } = await this.#build(request);
    await this.deps.store.createPlan(plan);
    return preview;
  }

  /**
   * A newer preview of the same positions in place of an older one, which can then no longer be submitted.
   * @throws UserError `NOT_YOUR_PREVIEW`, `ALREADY_SUBMITTED`, and those of `create`
   */
  async replace(planId: string, actor: Actor, overrides?: Overrides): Promise<Preview> {
    const { store } = this.deps;
    const old = await this.#own(planId, actor);
    if (old.status === 'claimed' || old.status === 'done') throw alreadySubmitted();
    const payload = decodePayload(old.payload);
    const { preview, plan } = await this.#build({
      actor,
      which: payload.which,
      only: payload.positionIds,
      overrides: overrides ?? definedOnly(payload.overrides),
      dryRun: payload.dryRun,
    });
    if (old.status !== 'open') await store.createPlan(plan);
    else if (!(await store.supersedePlan(planId, plan))) throw notOpen();
    await store.setPlanMessages(plan.id, old.messageIds);
    return preview;
  }

  /** @throws UserError when it wasn't open (any more) */
  async cancel(planId: string, actor: Pick<Actor, 'userId'>): Promise<void> {
    await this.#own(planId, actor);
    if (!(await this.deps.store.endPlan(planId, 'cancelled'))) throw notOpen();
  }

  /** Remembers which messages show a preview, for edits that come later. */
  async shownIn(planId: string, messageIds: string[]): Promise<void> {
    await this.deps.store.setPlanMessages(planId, messageIds);
  }

  async messagesOf(planId: string): Promise<string[]> {
    return (await this.deps.store.plan(planId))?.messageIds ?? [];
  }

  /** Ends the plan if its time ran out unpressed; true if this call did it. */
  async expire(planId: string): Promise<boolean> {
    return this.deps.store.endPlan(planId, 'expired');
  }

  async #own(planId: string, actor: Pick<Actor, 'userId'>): Promise<Plan> {
    const plan = await this.deps.store.plan(planId);
    if (!plan) throw notOpen();
    if (plan.userId !== actor.userId) {
      throw new UserError(
        'NOT_YOUR_PREVIEW',
        `This preview belongs to <@${plan.userId}>; only they can change it. Nothing was sent.`,
        'Use `/targets` to make one of your own.',
      );
    }
    return plan;
  }

  async #build(request: PreviewRequest): Promise<{ preview: Preview; plan: NewPlan }> {
    const { clock, rules, access, positions } = this.deps;
    const book = await positions.read();
    const views = chosen(request, book, positions);
    const infos = await this.#underlyings(views);
    const previewed = await this.#price(request, book, views, infos);
    const orders = previewed.flatMap(({ view, targets }) =>
      targets.filter(({ blocked }) => blocked === null).map(({ plan }) => this.#planned(view, plan, infos)),
    );
    const now = clock.now();
    const planId = this.deps.newPlanId();
    const expiresAt = new Date(now.getTime() + rules.ttlSeconds * 1000);
    const symbols = new Set(orders.flatMap(({ legs }) => legs.map(({ symbol }) => symbol)));
    const payload = {
      which: request.which,
      positionIds: views.map(({ id }) => id),
      overrides: request.overrides,
      dryRun: request.dryRun,
      readAt: book.readAt,
      orders,
      fingerprint: fingerprint(symbols, book.holdings, book.openOrders),
    };
    return {
      preview: {
        planId,
        actor: request.actor,
        account: book.account,
        positions: previewed,
        overrides: request.overrides,
        dryRun: request.dryRun,
        expiresAt,
        orders: orders.length,
        locked: lockedReason(request, access),
        quotes: book.quotes,
        marksMissing: book.marksMissing,
      },
      plan: {
        id: planId,
        account: book.account,
        userId: request.actor.userId,
        guildId: request.actor.guildId,
        channelId: request.actor.channelId,
        // From here on other plans' orders count as a change: the reads behind this preview may not show them.
        createdAt: book.readAt,
        expiresAt,
        payload: encodePayload(payload),
      },
    };
  }

  async #underlyings(views: readonly PositionView[]): Promise<Map<string, UnderlyingInfo>> {
    const symbols = [...new Set(views.map(({ position }) => position.underlying))];
    const infos = symbols.map(async (symbol) => [symbol, await this.deps.broker.underlying(symbol)] as const);
    return new Map(await Promise.all(infos));
  }

  /** Prices every position; positions take what is free one after another, so that shared contracts fit. */
  async #price(
    request: PreviewRequest,
    book: Book,
    views: PositionView[],
    infos: ReadonlyMap<string, UnderlyingInfo>,
  ): Promise<PreviewedPosition[]> {
    const free = coverage(
      views.flatMap(({ position }) => position.legs),
      book.holdings,
      book.openOrders,
    );
    const previewed = views.map((view) => this.#targetsOf(request, view, free, infos));
    return Promise.all(
      previewed.map(async (each) => ({
        ...each,
        targets: await Promise.all(each.targets.map((plan) => this.#try(book.account, each.view, plan))),
      })),
    );
  }

  #targetsOf(
    request: PreviewRequest,
    view: PositionView,
    free: Map<string, Coverage>,
    infos: ReadonlyMap<string, UnderlyingInfo>,
  ) {
    const { rules } = this.deps;
    const info = infos.get(view.position.underlying);
    const covers = view.position.legs.flatMap(({ instrument, held }) => {
      const cover = free.get(instrument.symbol);
      return held > 0 && cover && instrument.option ? [{ ...cover }] : [];
    });
    try {
      if (!info) throw new Error(`no facts about ${view.position.underlying}`);
      const targets = planTargets({
        position: view.position,
        components: view.components,
        coverage: free,
        working: view.working,
        overrides: request.overrides,
        grid: (legs) => gridFor(legs, info, rules.spreadTicks),
        rounding: rules.rounding,
        maxContracts: rules.maxOrderContracts,
      });
      takeFrom(free, targets);
      return { view, targets, notes: [], coverage: covers };
    } catch (error) {
      // With one position asked for, the trader wants the reason as the answer; with `all`, the others go on.
      if (!(error instanceof UserError) || request.which !== 'all') throw error;
      return { view, targets: [], notes: [error.message], coverage: covers };
    }
  }

  async #try(account: string, view: PositionView, plan: TargetPlan): Promise<PreviewedTarget> {
    try {
      const dryRun = await this.deps.broker.dryRun(account, requestOf(view, plan));
      return { plan, dryRun, blocked: brokerObjection(dryRun) };
    } catch (error) {
      const reason =
        error instanceof BrokerRefusal ? noticesText(error.details) || error.message : messageOf(error);
      return { plan, dryRun: null, blocked: `The broker’s trial run failed: ${reason}` };
    }
  }

  #planned(view: PositionView, plan: TargetPlan, infos: ReadonlyMap<string, UnderlyingInfo>): PlannedOrder {
    const { underlying } = view.position;
    const info = infos.get(underlying);
    if (!info) throw new Error(`no facts about ${underlying}`);
    return {
      positionId: view.id,
      positionTitle: view.title,
      targetKey: plan.key,
      label: plan.label,
      legs: requestOf(view, plan).legs,
      underlying,
      units: plan.units,
      price: plan.pricing.limit,
      effect: plan.pricing.effect,
      percent: plan.pricing.requestedPercent ?? plan.pricing.effectivePercent,
      profit: plan.pricing.profit,
      grid: gridFor(plan.legs.length, info, this.deps.rules.spreadTicks),
    };
  }
}

/** What one position's targets will close is no longer free for the next one. */
function takeFrom(free: Map<string, Coverage>, targets: readonly TargetPlan[]): void {
  for (const { instrument, contracts } of targets.flatMap(({ legs }) => legs)) {
    const cover = free.get(instrument.symbol);
    if (cover) free.set(instrument.symbol, { ...cover, free: cover.free - contracts });
  }
}

function chosen(request: PreviewRequest, book: Book, positions: PositionService): PositionView[] {
  if (request.which !== 'all') return [positions.find(book, request.which)];
  const only = request.only && new Set(request.only);
  const views = book.positions.filter(({ id, working }) => (only ? only.has(id) : working.length === 0));
  if (views.length > 0) return views;
  throw new UserError(
    'NOTHING_UNCOVERED',
    book.positions.length === 0
      ? 'There are no open option positions.'
      : 'Every open position has working targets already.',
    book.positions.length === 0 ? undefined : '`/orders` lists them.',
  );
}

function requestOf(view: PositionView, plan: TargetPlan): OrderRequest {
  return {
    underlying: view.position.underlying,
    legs: plan.legs.map(({ instrument, action, contracts }) => ({
      symbol: instrument.symbol,
      kind: instrument.option ? 'option' : 'equity',
      action,
      quantity: contracts,
    })),
    price: plan.pricing.limit,
    effect: plan.pricing.effect,
  };
}

/** Errors block, and so does any warning that a closing leg would open something. */
function brokerObjection({ errors, warnings }: DryRun): string | null {
  if (errors.length > 0) return `The broker would refuse it: ${noticesText(errors)}`;
  const opens = warnings.filter(({ code, message }) =>
    /closing_with_no_position|convert|to open/i.test(`${code} ${message}`),
  );
  return opens.length > 0 ? `The broker warns that this would open a position: ${noticesText(opens)}` : null;
}

function noticesText(notices: readonly Notice[]): string {
  return notices.map(({ code, message }) => message || code).join('; ');
}

function lockedReason({ actor, dryRun }: PreviewRequest, access: AccessRules): string | null {
  if (dryRun) return 'Dry run: nothing can be sent from here.';
  if (access.readOnly) return 'Read-only mode: nothing can be sent.';
  if (access.traderUserIds.length + access.traderRoleIds.length === 0) {
    return 'Nobody may place orders yet: TRADER_USER_IDS and TRADER_ROLE_IDS are empty.';
  }
  return mayTrade(access, actor) ? null : 'You may look; placing orders is for this server’s traders.';
}

function alreadySubmitted(): UserError {
  return new UserError(
    'ALREADY_SUBMITTED',
    'This preview was already submitted. This press sent nothing.',
    'Its result is in the channel.',
  );
}

function notOpen(): UserError {
  return new UserError(
    'PLAN_STALE',
    'This preview is no longer open. Nothing was sent.',
    'Make a fresh one with `/targets`.',
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function definedOnly({ percent, price, ladder }: ReturnType<typeof decodePayload>['overrides']): Overrides {
  return { ...(percent ? { percent } : {}), ...(price ? { price } : {}), ...(ladder ? { ladder } : {}) };
}

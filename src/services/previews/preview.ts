import type { Logger } from 'pino';
import type { AccountName } from '../../domain/account-names.js';
import { BrokerError, UserError } from '../../domain/errors.js';
import { isAllOver } from '../../domain/expiration.js';
import { leaveUnsure } from '../../domain/odd-rows.js';
import { isOpen, untraded } from '../../domain/order-fills.js';
import { hasFree } from '../../domain/position-cover.js';
import type { Quotes } from '../../domain/profit.js';
import type { BrokerOrder, OddRow } from '../../domain/types.js';
import type { Broker, Urgency } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { Halt } from '../../ports/halts.js';
import type { NewPlan, Plan, Store } from '../../ports/store.js';
import { type AccessRules, type Actor, assertMay, isTrader, permission } from '../access/access.js';
import type { Halting } from '../access/halting.js';
import type { AccountDesk } from '../accounts/account-desk.js';
import { type Chains, withChain } from '../accounts/chains.js';
import type { Desks } from '../accounts/desks.js';
import type { Book, MarksMissing, OpenPosition, PositionService } from '../accounts/positions.js';
import { type AccountRefusal, refusesAll } from '../status/trading-status.js';
import type { CloseAt, CloseWish } from './close-wish.js';
import { fingerprint, onlySold } from './fingerprint.js';
import { baredBy, closedBy } from './giving-way.js';
import { type Instead, insteadOf } from './instead.js';
import type { Overrides } from './overrides.js';
import { decodePayload, encodePayload, type PlannedOrder } from './payload.js';
import { pricedClose, type ShownClose } from './priced-close.js';
import type { PreviewedPosition, PreviewPricer } from './pricing.js';
import { missing, notOpen, notYours } from './refusals.js';
import { PreviewTurns } from './turns.js';

export interface PreviewDeps {
  broker: Pick<Broker, 'tradingStatus'>;
  store: Store;
  clock: Clock;
  desks: Pick<Desks, 'one' | 'holding' | 'find'>;
  pricer: PreviewPricer;
  chains: Pick<Chains, 'of'>;
  access: AccessRules;
  halting: Pick<Halting, 'current'>;
  log: Logger;
  /** How long a preview can be submitted. */
  ttlSeconds: number;
  newPlanId(): string;
}

export interface PreviewRequest {
  actor: Actor;
  which: number | 'all';
  /** The account that was named, as `Desks.chosen` takes it; by default the position's own, or the only one. */
  account?: string | null;
  /** With `all`: keep to these positions, as a re-price of an earlier preview does. */
  only?: readonly number[];
  overrides: Overrides;
  dryRun: boolean;
  /** The order, by id, that is to be placed anew; only for one position. */
  instead?: string;
  /** Closing now instead of targets; only for one position. */
  close?: CloseWish;
}

/** What keeps a whole preview from being submitted. */
export type Locked = 'DRY_RUN' | AccountRefusal | Exclude<ReturnType<typeof permission>, 'ok'>;

/** What is shown before anything is sent. */
export interface Preview {
  planId: string;
  actor: Actor;
  account: string;
  /** How the account is called in front of people. */
  name: AccountName;
  positions: PreviewedPosition[];
  /** With `all`: positions without (all of their) targets of which nothing is free to close. */
  leftOut: OpenPosition[];
  overrides: Overrides;
  dryRun: boolean;
  /** Orders that work, and that Submit cancels first. */
  givingWay: readonly BrokerOrder[];
  /** Other positions that lose targets by that, as they will be then. */
  bared: readonly OpenPosition[];
  /** Closing now; null for targets. */
  close: ShownClose | null;
  expiresAt: Date;
  /** Orders that Submit would send. */
  orders: number;
  /** Why there is no Submit at all, though there are orders; null if there is one. */
  locked: Locked | null;
  /** While nothing may be sent, whoever asks. */
  halt: Halt | null;
  quotes: Quotes;
  marksMissing: MarksMissing | null;
  /** The broker's rows that can't be read. */
  odd: readonly OddRow[];
}

interface Priced {
  /** As read, with what gives way. */
  before: Book;
  book: Book;
  views: OpenPosition[];
  positions: PreviewedPosition[];
  /** Why the account takes no orders now; null if it does. */
  refused: AccountRefusal | null;
  /** Orders that end first, or have ended. */
  givingWay: readonly BrokerOrder[];
  close: ShownClose | null;
}

/** Builds previews: reads the account, prices targets, has the broker try them, and remembers what was shown. */
export class PreviewService {
  readonly #turns = new PreviewTurns<Priced>();

  constructor(private readonly deps: PreviewDeps) {}

  /** How long a preview can be submitted, in milliseconds. */
  get ttlMs(): number {
    return this.deps.ttlSeconds * 1000;
  }

  /** @throws UserError for nonsense or an unknown position; BrokerError if the account can't be read */
  async create(request: PreviewRequest): Promise<Preview> {
    const { preview, plan } = await this.#build(request, await this.#deskFor(request));
    await this.deps.store.createPlan(plan);
    return preview;
  }

  /**
   * A newer preview of the same positions in place of an older one, which can then no longer be submitted.
   * @param at another price at which it is closed now
   * @throws UserError `NOT_YOUR_PREVIEW`, `ALREADY_SUBMITTED`, `ACCOUNT_GONE`, and those of `create`
   */
  async replace(planId: string, actor: Actor, overrides?: Overrides, at?: CloseAt): Promise<Preview> {
    const { store } = this.deps;
    const old = await this.#own(planId, actor);
    if (old.status === 'claimed' || old.status === 'done') throw notOpen(old.status);
    const payload = decodePayload(old.payload);
    const again = {
      actor,
      which: payload.which,
      only: payload.positionIds,
      // Another percentage is no other choice of what to leave uncovered, nor of the stop beside it.
      overrides: { ...(overrides ?? definedOnly(payload.overrides)), ...chosenBefore(payload.overrides) },
      dryRun: payload.dryRun,
      ...(payload.instead !== undefined && { instead: payload.instead }),
      ...(payload.close && { close: { ...payload.close, ...(at && { at }) } }),
    };
    const { preview, plan } = await this.#build(again, await this.#deskOf(old, actor));
    if (old.status !== 'open') await store.createPlan(plan);
    else if (!(await store.supersedePlan(planId, plan))) throw await this.#whyNotOpen(planId);
    return preview;
  }

  /** @throws UserError when it wasn't open (any more), saying how it ended */
  async cancel(planId: string, actor: Pick<Actor, 'userId'>): Promise<void> {
    const { store, clock } = this.deps;
    await this.#own(planId, actor);
    if (!(await store.endPlan(planId, 'cancelled', clock.now()))) throw await this.#whyNotOpen(planId);
    await store.audit({ at: clock.now(), actor: actor.userId, kind: 'plan-cancelled', planId, details: {} });
  }

  /** Remembers which messages show a preview, for edits that come later. */
  async shownIn(planId: string, messageIds: string[]): Promise<void> {
    await this.deps.store.setPlanMessages(planId, messageIds);
  }

  /** A press came from this message; a bot that died before `shownIn` didn't write it down. */
  async pressedIn(planId: string, messageId: string): Promise<void> {
    const { store } = this.deps;
    if ((await store.plan(planId))?.messageIds.length === 0) await store.setPlanMessages(planId, [messageId]);
  }

  /** It is shown still, and hasn't been pressed, replaced or ended. */
  async isOpen(planId: string): Promise<boolean> {
    return (await this.deps.store.plan(planId))?.status === 'open';
  }

  /** It was pressed in time, and what came of it is told in its message's own line. */
  async isSubmitted(planId: string): Promise<boolean> {
    const status = (await this.deps.store.plan(planId))?.status;
    return status === 'claimed' || status === 'done';
  }

  /** Its message offers none any more: nothing is left to take away. */
  async buttonsGone(planId: string): Promise<void> {
    await this.deps.store.endErrand(planId, 'buttons');
  }

  /** Its message may not say what is true though it can't be sent: that is tried again after so long, until it works. */
  async buttonsStay(planId: string, inMs = 0): Promise<void> {
    const { store, clock } = this.deps;
    // Overtaken by other orders it is open still, though no press could ever send it.
    await store.endPlan(planId, 'stale', clock.now());
    // It may have been done already, before an older change took effect.
    await store.oweErrand(planId, 'buttons', new Date(clock.now().getTime() + inMs));
  }

  /** Ends the plan if its time ran out unpressed; true if this call did it. */
  async expire(planId: string): Promise<boolean> {
    const { store, clock } = this.deps;
    return store.endPlan(planId, 'expired', clock.now());
  }

  /** @throws UserError `NOT_YOUR_PREVIEW`, `PLAN_MISSING` */
  async assertOwn(planId: string, actor: Pick<Actor, 'userId'>): Promise<void> {
    await this.#own(planId, actor);
  }

  async #own(planId: string, actor: Pick<Actor, 'userId'>): Promise<Plan> {
    const plan = await this.deps.store.plan(planId);
    if (!plan) throw missing();
    if (plan.userId !== actor.userId) throw notYours(plan);
    return plan;
  }

  async #whyNotOpen(planId: string): Promise<UserError> {
    const plan = await this.deps.store.plan(planId);
    return plan ? notOpen(plan.status) : missing();
  }

  /** Why the broker would refuse whatever is sent; null also where it can't say: the dry-runs and the order tell then. */
  async #refused(account: string): Promise<AccountRefusal | null> {
    const { broker, log } = this.deps;
    try {
      return refusesAll(await broker.tradingStatus(account));
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      log.warn({ err: error }, 'could not read the account’s trading status');
      return null;
    }
  }

  /** Whose account it is to be about. */
  #deskFor({ which, only = [], account = null }: PreviewRequest): Promise<AccountDesk> {
    const { desks } = this.deps;
    const ids = which === 'all' ? only : [which];
    return ids.length > 0 ? desks.holding(ids, account) : desks.one(account);
  }

  /** A plan stays in its account, whatever else is served by now. */
  async #deskOf({ account }: Plan, actor: Actor): Promise<AccountDesk> {
    const { desks, access } = this.deps;
    const desk = await desks.find(account);
    assertMay(access, actor, 'look', { account: { number: account, served: desk !== null } });
    return desk as AccountDesk;
  }

  /** The part of a preview that asks the broker, and that people who ask for the same can share. */
  #priced(request: PreviewRequest, { number, positions: service }: AccountDesk): Promise<Priced> {
    const { access } = this.deps;
    const { userId } = request.actor;
    const trader = isTrader(access, request.actor);
    return this.#turns.run({ userId, trader }, thingOf(request, number), async () => {
      const read = await service.read();
      const [priced, refused] = await Promise.all([
        this.#pricedIn(read, request, service, trader ? 'trader' : 'viewer'),
        this.#refused(read.account),
      ]);
      return { ...priced, refused };
    });
  }

  async #pricedIn(
    read: Book,
    request: PreviewRequest,
    service: PositionService,
    urgency: Urgency,
  ): Promise<Omit<Priced, 'refused'>> {
    const { which, overrides, close } = request;
    const instead = request.instead === undefined ? null : insteadOf(read, request.instead);
    if (close) return this.#closed(read, { ...request, close }, { service, instead, urgency });
    const givingWay = instead ? [instead.order] : [];
    const book = instead ? await service.without(read, new Set([instead.order.id])) : read;
    const views = chosen(request, book, service);
    const lenient = which === 'all';
    const [priced, chains] = await Promise.all([
      this.deps.pricer.price(book, views, overrides, lenient, urgency, instead),
      this.deps.chains.of(book, views),
    ]);
    const positions = priced.map((each) => ({ ...each, view: withChain(each.view, chains) }));
    return { before: read, book, views, positions, givingWay, close: null };
  }

  /** A position closed now, in the account as it will be once what is in the way has ended. */
  async #closed(
    read: Book,
    { which, close, overrides }: PreviewRequest & { close: CloseWish },
    { service, instead, urgency }: { service: PositionService; instead: Instead | null; urgency: Urgency },
  ): Promise<Omit<Priced, 'refused'>> {
    const how = { close, leaveNaked: overrides.leaveNaked ?? false, instead, urgency };
    const closed = await pricedClose(this.deps, service, { read, id: Number(which) }, how);
    return { ...closed, before: read, views: [closed.position.view], positions: [closed.position] };
  }

  async #build(request: PreviewRequest, desk: AccountDesk): Promise<{ preview: Preview; plan: NewPlan }> {
    assertOneChosen(request);
    const { clock, ttlSeconds, access, halting, newPlanId } = this.deps;
    const { before, book, views, positions, refused, givingWay, close } = await this.#priced(request, desk);
    const halt = await halting.current();
    const orders = positions.flatMap(({ targets }) =>
      targets.filter(({ blocked }) => blocked === null).map(({ order }) => order),
    );
    const { actor, overrides, dryRun } = request;
    const { account } = book;
    const planId = newPlanId();
    const symbols = new Set(orders.flatMap(({ legs }) => legs.map(({ symbol }) => symbol)));
    // All positions of a look share one map of what ends when: it is gone through once, not for each of hundreds.
    const lastTrades = [...new Set(views.map(({ ends }) => ends))].flatMap((ends) =>
      [...symbols].flatMap((symbol) => ends.get(symbol)?.at.getTime() ?? []),
    );
    // What has traded last can't be closed any more, however fresh the preview.
    const expiresAt = new Date(Math.min(clock.now().getTime() + ttlSeconds * 1000, ...lastTrades));
    const positionIds = views.map(({ id }) => id);
    const payload = encodePayload({
      which: request.which,
      positionIds,
      overrides,
      dryRun,
      ...(request.instead !== undefined && { instead: request.instead }),
      ...(request.close && { close: request.close }),
      ...(givingWay.length > 0 && {
        givingWay: givingWay.map((order) => ({
          orderId: order.id,
          untraded: Object.fromEntries(untraded(order)),
          positionIds: closedBy(order, before) ?? positionIds,
        })),
      }),
      mark: book.mark,
      orders,
      fingerprint: fingerprint(concerned(orders, book), book.holdings, book.openOrders),
    });
    return {
      preview: {
        planId,
        actor,
        account,
        name: book.name,
        positions,
        overrides,
        dryRun,
        givingWay: givingWay.filter(isOpen),
        bared: baredBy(givingWay, before, book).filter(({ id }) => !positionIds.includes(id)),
        close,
        expiresAt,
        leftOut: leftOut(request, book, views),
        orders: orders.length + orders.filter(({ stop }) => stop).length,
        locked: refused ?? lockedReason(request, access),
        halt,
        quotes: book.quotes,
        marksMissing: book.marksMissing,
        odd: book.odd,
      },
      plan: {
        id: planId,
        account,
        userId: actor.userId,
        guildId: actor.guildId,
        channelId: actor.channelId,
        // From here on other plans' orders count as a change: the reads behind this preview may not show them.
        createdAt: book.readAt,
        expiresAt,
        payload,
      },
    };
  }
}

/**
 * The contracts that must be as shown when an order leaves: its own, and where it only sells, all that is held of the
 * underlying, shares too, because a long leg may have come to cover a short one meanwhile. The underlying itself is
 * among them, so that news of any order on it (`AccountWatch`) is a reason to look again.
 */
function concerned(orders: readonly PlannedOrder[], { holdings }: Book): Set<string> {
  const own = orders.flatMap(({ legs }) => legs.map(({ symbol }) => symbol));
  const sold = onlySold(orders);
  const beside = holdings.filter(({ instrument }) => sold.has(instrument.underlying));
  return new Set([...own, ...sold, ...beside.map(({ instrument }) => instrument.symbol)]);
}

/** All that decides how a request is priced; plans, times and rights are each person's own. */
function thingOf({ which, only, overrides, instead, close }: PreviewRequest, account: string): string {
  return JSON.stringify([account, which, only ?? null, overrides, instead ?? null, close ?? null]);
}

/** `all` is every position of which something is free: without targets, or with targets for a part only. */
function chosen(request: PreviewRequest, book: Book, positions: PositionService): OpenPosition[] {
  if (request.which !== 'all') return [positions.find(book, request.which)];
  const only = request.only && new Set(request.only);
  const views = book.positions.filter(({ id, cover, position, ends }) =>
    only ? only.has(id) : hasFree(cover) && !isAllOver(position, ends, book.readAt),
  );
  if (views.length > 0) return views;
  const { odd } = book;
  if (book.positions.length === 0) throw new UserError('NOTHING_UNCOVERED', { odd, why: 'no-positions' });
  const stuck = leftOut(request, book, []).map(({ id }) => id);
  if (stuck.length > 0) throw new UserError('NOTHING_UNCOVERED', { odd, why: { stuck } });
  const covered = book.positions.every(({ cover }) => cover.state === 'full');
  throw new UserError('NOTHING_UNCOVERED', { odd, why: covered ? 'all-covered' : 'expired' });
}

/** What `all` can't help, and must not forget. */
function leftOut({ which }: PreviewRequest, book: Book, views: readonly OpenPosition[]): OpenPosition[] {
  if (which !== 'all') return [];
  const shown = new Set(views.map(({ id }) => id));
  return book.positions.filter(
    ({ id, cover, position, ends, odd }) =>
      !shown.has(id) &&
      (leaveUnsure(odd) || (cover.state !== 'full' && !hasFree(cover))) &&
      !isAllOver(position, ends, book.readAt),
  );
}

/** Whether a preview can be submitted at all: there is something to send, and nothing forbids it. */
export function canSubmit({ orders, locked, halt }: Pick<Preview, 'orders' | 'locked' | 'halt'>): boolean {
  return orders > 0 && locked === null && halt === null;
}

function lockedReason({ actor, dryRun }: PreviewRequest, access: AccessRules): Locked | null {
  if (dryRun) return 'DRY_RUN';
  const answer = permission(access, actor, 'trade');
  return answer === 'ok' ? null : answer;
}

function chosenBefore({ leaveNaked, stop }: ReturnType<typeof decodePayload>['overrides']): Overrides {
  return { ...(leaveNaked && { leaveNaked }), ...(stop && { stop }) };
}

/** What to leave without cover is chosen for a position that one has looked at. */
function assertOneChosen({ which, overrides }: PreviewRequest): void {
  if (which !== 'all' || !overrides.leaveNaked) return;
  throw new UserError('OPTIONS_CONFLICT', { asked: 'naked-all' });
}

function definedOnly({ percent, price, ladder }: ReturnType<typeof decodePayload>['overrides']): Overrides {
  return { ...(percent ? { percent } : {}), ...(price ? { price } : {}), ...(ladder ? { ladder } : {}) };
}

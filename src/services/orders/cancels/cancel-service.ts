import type { Logger } from 'pino';
import type { CancelState } from '../../../domain/cancel-life.js';
import {
  BrokerLoginError,
  BrokerRefusal,
  BrokerTooLate,
  BrokerUnreachable,
  isFailure,
  saidBy,
  UserError,
} from '../../../domain/errors.js';
import type { Reason } from '../../../domain/reasons.js';
import type { BrokerOrder } from '../../../domain/types.js';
import type { Broker, Deadline } from '../../../ports/broker.js';
import type { CancelChange, CancelClaim, Cancellation, OrderCancel } from '../../../ports/cancels.js';
import type { Clock } from '../../../ports/clock.js';
import type { Plan, Store } from '../../../ports/store.js';
import { type AccessRules, type Actor, assertMay } from '../../access/access.js';
import type { Desks } from '../../accounts/desks.js';
import { LoginCheck } from '../login-check.js';
import { SEND_WITHIN_MS, sendDeadline } from '../send-deadline.js';
import {
  afterwardsOf,
  type CancelOffer,
  type CancelWish,
  type CancelWishes,
  endingAlong,
  endingWith,
  isCancellable,
  orderTerms,
  termsOf,
} from './cancel-offer.js';
import { isOver } from './cancel-projector.js';
import { type CancelNews, type CancelReader, isSettled } from './cancel-reader.js';

export interface CancelServiceDeps {
  broker: Broker;
  store: Store;
  clock: Clock;
  desks: Pick<Desks, 'find'>;
  wishes: CancelWishes;
  reader: CancelReader;
  access: AccessRules;
  /** What was written down to be told is due. */
  wake(): void;
  log: Logger;
  /** How long an offer can be confirmed. */
  ttlSeconds: number;
  newId(): string;
}

type Trader = Pick<Actor, 'userId' | 'roleIds'>;

/** Whoever waits for the end of one order to place another looks soon, and not for long: a press has its time. */
const END_LOOKS_MS = [100, 200, 300, 400, 1_000, 1_000, 2_000, 3_000, 4_000];
const LOOKS_MS = [300, 700, 1_000, 2_000, 3_000, 5_000];
/** Whoever waits is told what is known after so many looks: some minutes. */
const MOST_LOOKS = 40;

/**
 * Ends working orders: shown, confirmed by whoever asked, written down once, sent once. That the broker takes a cancel ends
 * nothing: each order works until it says otherwise, and may fill first. A halt of sending doesn't keep anybody from it.
 */
export class CancelService {
  readonly #login: LoginCheck;
  readonly #running = new Set<Promise<unknown>>();
  #closing = false;

  constructor(private readonly deps: CancelServiceDeps) {
    this.#login = new LoginCheck(deps.broker, deps.clock, deps.log);
  }

  /**
   * Shows what would be cancelled, from a fresh read. Nothing is sent.
   * @throws UserError as `assertMay` and `CancelWishes.find` say; BrokerError
   */
  async offer(wish: CancelWish, actor: Trader & Pick<Actor, 'channelId'>): Promise<CancelOffer> {
    const { store, clock, wishes, access, ttlSeconds, newId } = this.deps;
    assertMay(access, actor, 'trade');
    const { desk, book, orders: meant } = await wishes.find(wish);
    const orders = meant.filter((order) => isCancellable(order, book));
    const ending = new Set(orders.flatMap((order) => endingWith(order, book).map(({ id }) => id)));
    const createdAt = clock.now();
    const offer = {
      id: newId(),
      userId: actor.userId,
      account: book.account,
      name: book.name,
      expiresAt: new Date(createdAt.getTime() + ttlSeconds * 1000),
      orders,
      along: endingAlong(orders, book),
      stuck: meant.filter((order) => !orders.includes(order)),
      afterwards: await afterwardsOf({ desk, book, orders }, ending),
    };
    if (orders.length === 0) return offer;
    const terms = new Map(
      orders.flatMap((order) => termsOf(order, book)).map((each) => [each.orderId, each]),
    );
    const { id, userId, account, expiresAt } = offer;
    const { channelId } = actor;
    await store.offerCancel({
      id,
      account,
      userId,
      channelId,
      createdAt,
      expiresAt,
      planId: null,
      orders: [...terms.values()],
    });
    return offer;
  }

  /** Takes the offer back. @throws UserError when it isn't the actor's, or wasn't open (any more) */
  async withdraw(id: string, actor: Pick<Actor, 'userId'>): Promise<void> {
    await this.#own(id, actor);
    const { store, clock } = this.deps;
    if (await store.withdrawCancel(id, clock.now())) return;
    throw refusalOf((await store.cancellation(id))?.status ?? null);
  }

  /**
   * The message (`channel/message`) that asks: once the question is over, it says so.
   * @throws DatabaseFailure; a message that nobody knows of would ask for ever
   */
  async shownIn(id: string, message: string): Promise<void> {
    const { store, clock } = this.deps;
    await store.cancelAsked(id, message, clock.now());
  }

  /**
   * Asks the broker for the end of each order that was shown, once.
   * @returns as far as the broker's answers go; what becomes of each order is told by a message
   * @throws UserError when this press sent nothing, saying why; BrokerLoginError before it is spent
   */
  confirm(id: string, actor: Trader): Promise<Cancellation> {
    const work = this.#confirm(id, actor);
    this.#running.add(work);
    const forget = () => this.#running.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** Looks until each order's end is known, or for some minutes. */
  async followed(id: string): Promise<CancelNews | null> {
    const { reader, clock } = this.deps;
    for (let look = 0; ; look += 1) {
      await clock.sleep(LOOKS_MS[look] ?? LOOKS_MS.at(-1) ?? 0);
      const news = await reader.read(id);
      if (!news || isOver(news) || look >= MOST_LOOKS) return news;
    }
  }

  /**
   * Ends orders that are in a confirmed preview's way, in that preview's name, and waits a little for their end.
   * @param closed by order id, the positions that each closes: of all that loses its target by this is told
   * @throws as `confirm`
   */
  async end(
    { id: planId, account, userId, channelId }: Plan,
    orders: readonly BrokerOrder[],
    closed: ReadonlyMap<string, readonly number[]>,
  ): Promise<void> {
    const { store, clock, ttlSeconds, newId } = this.deps;
    const id = newId();
    const createdAt = clock.now();
    const expiresAt = new Date(createdAt.getTime() + ttlSeconds * 1000);
    const offer = { id, account, userId, channelId, createdAt, expiresAt, planId };
    const terms = orders.map((order) => orderTerms(order, closed.get(order.id) ?? []));
    await store.offerCancel({ ...offer, orders: terms });
    const asked = await this.#send(id).catch((error: unknown) => {
      // Their end came first: how they ended is read next.
      if (isFailure(error, 'CANCEL_OVER')) return null;
      throw error;
    });
    if (!asked || asked.orders.some(({ state }) => state === 'refused' || state === 'absent')) return;
    // It has left: what fails in looking for its end must not sound as if nothing had happened.
    await this.#awaitEnd(id).catch((error: unknown) =>
      this.deps.log.warn({ err: error, cancellationId: id }, 'could not wait for the end of orders'),
    );
  }

  async #awaitEnd(id: string): Promise<void> {
    const { store, clock, reader } = this.deps;
    for (const pause of END_LOOKS_MS) {
      await clock.sleep(pause);
      const known = await store.cancellation(id);
      if (known && isSettled(known)) return;
      if (pause >= 1_000) await reader.read(id);
    }
  }

  /** From here on every press is refused; waits for those under way. */
  async close(): Promise<void> {
    this.#closing = true;
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #confirm(id: string, actor: Trader): Promise<Cancellation> {
    const { access, desks } = this.deps;
    const { account } = await this.#own(id, actor);
    const served = (await desks.find(account)) !== null;
    assertMay(access, actor, 'trade', { account: { number: account, served } });
    return this.#send(id);
  }

  /** Claimed once, sent once. */
  async #send(id: string): Promise<Cancellation> {
    const { store, clock, wake } = this.deps;
    if (this.#closing) throw new UserError('STOPPING', {});
    await this.#login.sure();
    const now = clock.now();
    const deadline = sendDeadline(clock, now);
    const claim = await store.claimCancel(id, now);
    if (claim.kind !== 'claimed') throw claimRefusal(claim);
    const { cancellation } = claim;
    // Its question offers nothing any more.
    wake();
    const changes = await this.#sendAll(cancellation, deadline);
    await this.#record(cancellation, changes);
    wake();
    return {
      ...cancellation,
      orders: cancellation.orders.map((cancel) => ({
        ...cancel,
        ...changes.find((change) => change.id === cancel.id),
      })),
    };
  }

  async #own(id: string, actor: Pick<Actor, 'userId'>): Promise<Cancellation> {
    const cancellation = await this.deps.store.cancellation(id);
    if (!cancellation) throw refusalOf(null);
    if (cancellation.userId === actor.userId) return cancellation;
    throw new UserError('CANCEL_NOT_YOURS', { ownerId: cancellation.userId });
  }

  /** Side by side; the parts of a complex order by one request. */
  async #sendAll({ account, orders }: Cancellation, deadline: Deadline): Promise<CancelChange[]> {
    const requests = new Map<string, OrderCancel[]>();
    for (const cancel of orders.filter(({ state }) => state === 'requesting')) {
      const key = cancel.complexId === null ? `order ${cancel.orderId}` : `complex ${cancel.complexId}`;
      requests.set(key, [...(requests.get(key) ?? []), cancel]);
    }
    const answers = await Promise.all(
      [...requests.values()].map(async (parts) => {
        const outcome = await this.#sendOne(account, parts, deadline);
        return parts.map(({ id }) => ({ id, ...outcome }));
      }),
    );
    return answers.flat();
  }

  async #sendOne(
    account: string,
    [first]: OrderCancel[],
    deadline: Deadline,
  ): Promise<Omit<CancelChange, 'id'>> {
    const { broker, log } = this.deps;
    if (!first) throw new Error('a cancel of nothing');
    const { orderId, complexId } = first;
    try {
      await broker.cancel(account, { id: orderId, complexId }, deadline);
      return { state: 'requested', reason: null };
    } catch (error) {
      const outcome = outcomeOf(error);
      log.warn({ err: error, orderId, complexId, outcome: outcome.state }, 'a cancel was not taken');
      return outcome;
    }
  }

  /** What can't be written now is found out by reading: the message about it is owed already. */
  async #record({ id, userId, orders }: Cancellation, changes: readonly CancelChange[]): Promise<void> {
    const { store, clock, log } = this.deps;
    const now = clock.now();
    const outcomes = changes.map(({ id: cancelId, state, reason }) => ({
      orderId: orders.find((cancel) => cancel.id === cancelId)?.orderId,
      state,
      reason,
    }));
    const details = { cancellationId: id, outcomes };
    try {
      await store.moveCancels(changes, now);
      await store.audit({ at: now, actor: userId, kind: 'cancel-answered', planId: null, details });
    } catch (error) {
      log.error({ err: error, ...details }, 'could not record what was answered to cancels');
    }
  }
}

/** Which way an error falls: only a clear no, or a request that never left, leaves the order as it was. */
function outcomeOf(error: unknown): { state: CancelState; reason: Reason } {
  if (error instanceof BrokerRefusal) return { state: 'refused', reason: error.said };
  if (error instanceof BrokerTooLate) {
    return { state: 'absent', reason: { code: 'TOO_LATE', seconds: SEND_WITHIN_MS / 1000 } };
  }
  if (error instanceof BrokerUnreachable || error instanceof BrokerLoginError) {
    return { state: 'absent', reason: error.trouble };
  }
  return { state: 'unknown', reason: saidBy(error) };
}

function claimRefusal(claim: Exclude<CancelClaim, { kind: 'claimed' }>): UserError {
  switch (claim.kind) {
    case 'missing':
      return refusalOf(null);
    case 'expired':
      return refusalOf('expired');
    case 'over':
      return new UserError('CANCEL_OVER', { orderIds: claim.orderIds });
    case 'busy':
      return new UserError('CANCEL_UNDER_WAY', { orderIds: claim.orderIds }, 'nothing-more');
    case 'not-open':
      return refusalOf(claim.status);
  }
}

/** Why an offer can't be taken up; null where nobody knows it. */
function refusalOf(status: Cancellation['status'] | null): UserError {
  if (status === 'claimed') return new UserError('CANCEL_CONFIRMED', {}, 'nothing-more');
  if (status === 'withdrawn') return new UserError('CANCEL_WITHDRAWN', {});
  return new UserError(status === null ? 'CANCEL_MISSING' : 'CANCEL_EXPIRED', {});
}

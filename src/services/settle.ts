import type { Logger } from 'pino';
import type { BrokerOrder } from './domain/types.js';
import { type FreshLooks, isUnderWay } from './fresh-looks.js';
import type { Announcer } from './ports/announcer.js';
import type { Broker } from './ports/broker.js';
import type { Clock } from './ports/clock.js';
import { type OrderIntent, type Plan, type Store, UNRESOLVED } from './ports/store.js';
import type { ReportReader } from './report-reader.js';
import { SEND_WITHIN_MS } from './send-deadline.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;
/** Two machines' clocks differ by less than this, and a request on its way arrives within it. */
const CLOCK_MARGIN = 30 * SECOND;
/** The broker's clock, by which it searches, may differ from ours; a wide window costs next to nothing. */
const CLOCK_SKEW = DAY;
const PAUSES = [1, 2, 4, 8, 15, 30].map((seconds) => seconds * SECOND);
/** After this many looks in a row without an end, half an hour or so, the next ones are rare. */
const PATIENT_LOOKS = 60;
const RARE_PAUSE = 10 * MINUTE;

export interface SettleDeps {
  broker: Broker;
  store: Store;
  clock: Clock;
  announcer: Announcer;
  reports: ReportReader;
  looks: FreshLooks;
  log: Logger;
  /** How long an order without an answer is looked for before it counts as not placed. */
  absentAfterMs: number;
}

/**
 * Finds out what became of orders whose answer was lost, by reading the broker's orders and nothing else: the
 * external identifier is echoed but neither searchable nor de-duplicated, so sending again could double them. Also
 * sees to it that every outcome is told, however long the channel can't be reached.
 */
export class SettleService {
  readonly #following = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(private readonly deps: SettleDeps) {}

  /**
   * At start, before anything else: looks once at everything a former run left open or untold, then goes on in the
   * background until it is settled and told. Resolves after that first look.
   */
  async settleLeftovers(): Promise<void> {
    const { store } = this.deps;
    const unresolved = (await store.unresolvedIntents()).map(({ planId }) => planId);
    const untold = (await store.unreportedPlans()).map(({ id }) => id);
    const planIds = [...new Set([...unresolved, ...untold])];
    await Promise.all(
      planIds.map(async (planId) => {
        // What is not known after this look is said to be unknown at once; a trader must not wait for that word.
        const done = await this.#step(planId, null, true);
        if (!done) this.follow(planId);
      }),
    );
  }

  /** Takes up the looks that a former run could not finish: its messages still say what was known then. */
  async resumeLooks(): Promise<void> {
    const { store, clock, announcer, looks } = this.deps;
    for (const plan of await store.plansUnderWay(new Date(clock.now().getTime() - WEEK))) {
      if (plan.reportMessageId && announcer.reaches(plan)) looks.start(plan, [plan.reportMessageId], null);
    }
  }

  /**
   * Goes on until each of the plan's orders is settled and the outcome is told.
   * @param posted the message that already tells of it, to be brought up to date
   */
  follow(planId: string, posted: string | null = null): void {
    if (this.#following.has(planId) || this.#stop.signal.aborted) return;
    const done = this.#untilTold(planId, posted)
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.deps.log.error({ err: error, planId }, 'settling failed');
      })
      .finally(() => this.#following.delete(planId));
    this.#following.set(planId, done);
  }

  /** Resolves when the plan is no longer followed. */
  async followed(planId: string): Promise<void> {
    await this.#following.get(planId);
  }

  /** Orders seen on the stream or in a list: remembers them, takes up late discoveries, and tells of deaths. */
  async absorb(orders: readonly BrokerOrder[]): Promise<void> {
    const { store, clock } = this.deps;
    await store.recordOrders([...orders]);
    const account = orders.find(({ externalIdentifier }) => externalIdentifier !== null)?.account;
    if (account === undefined) return;
    for (const intent of await store.recentlyAbsent(account, new Date(clock.now().getTime() - DAY))) {
      const order = orders.find(({ externalIdentifier }) => externalIdentifier === intent.externalIdentifier);
      if (order) await this.#lateDiscovery(intent, order);
    }
    await this.#tellDeaths(
      account,
      orders.filter(({ state }) => state === 'rejected' || state === 'cancelled' || state === 'expired'),
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#following.values());
  }

  async #untilTold(planId: string, posted: string | null): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      await this.deps.clock.sleep(pauseBefore(attempt), this.#stop.signal);
      if (await this.#step(planId, posted, false)) return;
    }
  }

  /** One look and, once all is settled (or `sayUnknown`), one telling; true when both are done. Never throws. */
  async #step(planId: string, posted: string | null, sayUnknown: boolean): Promise<boolean> {
    try {
      const settled = await this.#look(planId);
      if (!settled && !sayUnknown) return false;
      const plan = await this.deps.store.plan(planId);
      if (plan === null) return true;
      if (!this.deps.announcer.reaches(plan)) return settled;
      return (await this.#tell(plan, posted, settled)) && settled;
    } catch (error) {
      this.deps.log.warn({ err: error, planId }, 'could not settle a plan yet; trying again');
      return false;
    }
  }

  /** A plan counts as told only when nothing about it is unknown any more. */
  async #tell(plan: Plan, posted: string | null, settled: boolean): Promise<boolean> {
    const { announcer, store, reports, looks, clock } = this.deps;
    // Looks that began before this was known must not write over it.
    await looks.halt(plan.id);
    const report = await reports.read(plan);
    if (report.lines.length === 0) return true;
    const shown = plan.reportMessageId ?? posted;
    if (shown) await announcer.update(plan, shown, report);
    const message = await announcer.post(plan, report);
    if (message === null) return false;
    // A run that died after posting this left its message as it was then; `post` gives that one back.
    if (!shown) await announcer.update(plan, message, report);
    if (settled) {
      await store.markReported(plan.id, message, clock.now());
      if (isUnderWay(report)) looks.start(plan, shown ? [message, shown] : [message], report);
      else await store.markLooked(plan.id, clock.now());
    }
    return true;
  }

  /** Reads the broker's orders once; true when the plan has nothing unresolved any more. */
  async #look(planId: string): Promise<boolean> {
    const { store, clock } = this.deps;
    const startedAt = clock.now();
    const open = (await store.intents(planId)).filter(({ state }) => UNRESOLVED.includes(state));
    const [first] = open;
    if (!first) return true;
    if (open.every(({ state }) => state === 'reserved')) {
      // Safe even if its process still lives: what is abandoned can't be released to send any more.
      await store.abandonPlan(planId, 'The bot stopped before anything was sent.', startedAt);
      return true;
    }
    const sent = open.filter(({ state }) => state !== 'reserved');
    const orders = await this.#ordersSince(first.account, sent);
    const settled = await Promise.all(sent.map((intent) => this.#settleFrom(intent, orders, startedAt)));
    return sent.length === open.length && settled.every(Boolean);
  }

  async #settleFrom(intent: OrderIntent, orders: BrokerOrder[], lookedAt: Date): Promise<boolean> {
    const { store, clock, absentAfterMs } = this.deps;
    const order = orders.find(({ externalIdentifier }) => externalIdentifier === intent.externalIdentifier);
    if (order) {
      await store.settleIntent(intent.id, placed(order), clock.now());
      await store.recordOrders([order]);
      return true;
    }
    const waited = age(intent.sentAt ?? intent.createdAt, lookedAt);
    // With an answer lost for good only the list can be late. Else its request may not even have left: nobody says
    // that it isn't there before that has become impossible.
    const patience =
      intent.state === 'unknown' ? absentAfterMs : SEND_WITHIN_MS + Math.max(absentAfterMs, CLOCK_MARGIN);
    if (waited < patience || orders.some((other) => isTwin(intent, other))) return false;
    const seconds = Math.round(waited / SECOND);
    const reason = `The broker’s orders don’t show it ${seconds} s after it was sent.`;
    await store.settleIntent(intent.id, { state: 'absent', reason }, clock.now());
    return true;
  }

  /** Open orders and the history since these intents were written: a lost order is in one of them. */
  async #ordersSince(account: string, intents: OrderIntent[]): Promise<BrokerOrder[]> {
    const { broker, clock } = this.deps;
    const earliest = Math.min(...intents.map(({ createdAt }) => createdAt.getTime()));
    const [open, history] = await Promise.all([
      broker.openOrders(account),
      broker.searchOrders(account, {
        from: new Date(earliest - CLOCK_SKEW),
        to: new Date(clock.now().getTime() + CLOCK_SKEW),
      }),
    ]);
    return [...open, ...history];
  }

  async #lateDiscovery(intent: OrderIntent, order: BrokerOrder): Promise<void> {
    const { store, clock, announcer, log } = this.deps;
    const plan = await store.plan(intent.planId);
    // Recorded, it is a discovery no more: that is for the process that can tell of it.
    if (!plan || !announcer.reaches(plan)) return;
    log.error({ planId: intent.planId, orderId: order.id }, 'an order counted as absent exists after all');
    await store.settleIntent(intent.id, placed(order), clock.now());
    // The message that said "not placed" invites another try, so it is corrected too.
    if (!(await this.#step(plan.id, plan.reportMessageId, false))) this.follow(plan.id);
  }

  /** Brings the message about an order up to date when the order died later than anybody was looking. */
  async #tellDeaths(account: string, dead: readonly BrokerOrder[]): Promise<void> {
    const { store, announcer, reports } = this.deps;
    if (dead.length === 0) return;
    const intents = await store.intentsByOrderIds(
      account,
      dead.map(({ id }) => id),
    );
    for (const planId of new Set([...intents.values()].map((intent) => intent.planId))) {
      const plan = await store.plan(planId);
      if (plan?.reportMessageId) await announcer.update(plan, plan.reportMessageId, await reports.read(plan));
    }
  }
}

/** An order that could be this one though it carries no identifier of ours: then nobody says it is absent. */
function isTwin(intent: OrderIntent, order: BrokerOrder): boolean {
  const after =
    order.receivedAt !== null && order.receivedAt.getTime() >= intent.createdAt.getTime() - 5 * MINUTE;
  return (
    after &&
    order.externalIdentifier === null &&
    order.effect === intent.effect &&
    order.price?.eq(intent.price) === true &&
    order.legs.length === intent.legs.length &&
    order.legs.every(({ instrument, action, quantity }) =>
      intent.legs.some(
        (leg) => leg.symbol === instrument.symbol && leg.action === action && leg.quantity === quantity,
      ),
    )
  );
}

/** The broker forbids polling its list of live orders, and what lasts this long doesn't end within seconds. */
function pauseBefore(attempt: number): number {
  if (attempt >= PATIENT_LOOKS) return RARE_PAUSE;
  return PAUSES[attempt] ?? PAUSES.at(-1) ?? MINUTE;
}

function placed(order: BrokerOrder) {
  return { state: 'placed' as const, brokerOrderId: order.id, brokerStatus: order.status };
}

function age(from: Date, to: Date): number {
  return to.getTime() - from.getTime();
}

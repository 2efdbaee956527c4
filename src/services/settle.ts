import type { Logger } from 'pino';
import type { BrokerOrder } from './domain/types.js';
import type { Announcer } from './ports/announcer.js';
import type { Broker } from './ports/broker.js';
import type { Clock } from './ports/clock.js';
import type { OrderIntent, Plan, Store } from './ports/store.js';
import { UNRESOLVED } from './ports/store.js';
import type { ReportReader } from './report-reader.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** A request still on its way is given this long before its intent counts as left over by a crash. */
const IN_FLIGHT = 30 * SECOND;
/** The broker's clock and ours may differ by this much. */
const CLOCK_SKEW = 5 * MINUTE;
const PAUSES = [1, 2, 4, 8, 15].map((seconds) => seconds * SECOND);

export interface SettleDeps {
  broker: Broker;
  store: Store;
  clock: Clock;
  announcer: Announcer;
  reports: ReportReader;
  log: Logger;
  /** How long an order is looked for before it counts as not placed. */
  absentAfterMs: number;
}

/**
 * Finds out what became of orders whose answer was lost, by reading the broker's orders and nothing else: the
 * external identifier is echoed but neither searchable nor de-duplicated, so sending again could double them.
 */
export class SettleService {
  readonly #following = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(private readonly deps: SettleDeps) {}

  /**
   * At start, before anything else: looks once at everything a crash left open, posts reports that were never
   * posted, and goes on looking in the background for what is still not known.
   */
  async settleLeftovers(): Promise<void> {
    const planIds = new Set((await this.deps.store.unresolvedIntents()).map(({ planId }) => planId));
    await Promise.all([...planIds].map((planId) => this.#lookSafely(planId)));
    for (const plan of await this.deps.store.unreportedPlans()) await this.#report(plan);
    for (const planId of planIds) this.follow(planId);
  }

  /** Looks for a plan's unknown orders until each is found or counts as absent, then tells the channel. */
  follow(planId: string): void {
    if (this.#following.has(planId)) return;
    const done = this.#untilSettled(planId)
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.deps.log.error({ err: error, planId }, 'settling failed');
      })
      .finally(() => this.#following.delete(planId));
    this.#following.set(planId, done);
  }

  /** An order of ours that we had given up on, or not settled yet, shows itself on the stream or in a list. */
  async absorb(orders: readonly BrokerOrder[]): Promise<void> {
    const { store, clock } = this.deps;
    await store.recordOrders([...orders]);
    const marked = orders.filter(({ externalIdentifier }) => externalIdentifier !== null);
    if (marked.length === 0) return;
    const account = marked[0]?.account ?? '';
    const dayAgo = new Date(clock.now().getTime() - 24 * 60 * MINUTE);
    for (const intent of await store.recentlyAbsent(account, dayAgo)) {
      const order = marked.find(({ externalIdentifier }) => externalIdentifier === intent.externalIdentifier);
      if (order) await this.#lateDiscovery(intent, order);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#following.values());
  }

  async #untilSettled(planId: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const pause = PAUSES[Math.min(attempt, PAUSES.length - 1)] ?? MINUTE;
      await this.deps.clock.sleep(pause, this.#stop.signal);
      if (await this.#lookSafely(planId)) break;
    }
    const plan = await this.deps.store.plan(planId);
    if (!plan) return;
    if (plan.reportedAt === null) return this.#report(plan);
    const report = await this.deps.reports.read(plan);
    if (plan.reportMessageId) await this.deps.announcer.update(plan, plan.reportMessageId, report);
    await this.deps.announcer.follow(plan, report);
  }

  /** One look; true when the plan has nothing unresolved any more. A failed look changes nothing. */
  async #lookSafely(planId: string): Promise<boolean> {
    try {
      return await this.#look(planId);
    } catch (error) {
      this.deps.log.warn({ err: error, planId }, 'could not look for unsettled orders; trying again');
      return false;
    }
  }

  async #look(planId: string): Promise<boolean> {
    const { store, clock } = this.deps;
    const startedAt = clock.now();
    const open = (await store.intents(planId)).filter(({ state }) => UNRESOLVED.includes(state));
    const reserved = open.filter(({ state }) => state === 'reserved');
    if (reserved.some((intent) => age(intent.createdAt, startedAt) > IN_FLIGHT)) {
      await store.abandonPlan(planId, 'The bot stopped before anything was sent.', startedAt);
      return true;
    }
    const sent = open.filter(({ state }) => state !== 'reserved');
    const account = sent[0]?.account;
    if (account === undefined) return open.length === 0;
    const orders = await this.#ordersSince(account, sent);
    const settled = await Promise.all(sent.map((intent) => this.#settleFrom(intent, orders, startedAt)));
    return reserved.length === 0 && settled.every(Boolean);
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
    if (waited < Math.max(absentAfterMs, IN_FLIGHT)) {
      if (intent.state === 'submitting' && waited > IN_FLIGHT) {
        await store.settleIntent(
          intent.id,
          { state: 'unknown', reason: 'No answer was received.' },
          clock.now(),
        );
      }
      return false;
    }
    const seconds = Math.round(waited / SECOND);
    const reason = `The broker's order list doesn't show it ${seconds} s after it was sent.`;
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
    log.error({ planId: intent.planId, orderId: order.id }, 'an order counted as absent exists after all');
    await store.settleIntent(intent.id, placed(order), clock.now());
    const plan = await store.plan(intent.planId);
    if (plan) await announcer.follow(plan, await this.deps.reports.read(plan));
  }

  async #report(plan: Plan): Promise<void> {
    const report = await this.deps.reports.read(plan);
    const messageId = await this.deps.announcer.post(plan, report);
    if (messageId) await this.deps.store.markReported(plan.id, messageId, this.deps.clock.now());
  }
}

function placed(order: BrokerOrder) {
  return { state: 'placed' as const, brokerOrderId: order.id, brokerStatus: order.status };
}

function age(from: Date, to: Date): number {
  return to.getTime() - from.getTime();
}

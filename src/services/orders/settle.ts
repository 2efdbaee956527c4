import type { Logger } from 'pino';
import { isOpen } from '../../domain/order-fills.js';
import type { BrokerOrder } from '../../domain/types.js';
import { UnderWay } from '../../domain/under-way.js';
import type { Clock } from '../../ports/clock.js';
import type { Processes } from '../../ports/processes.js';
import type { OrderIntent, Plan, Store } from '../../ports/store.js';
import type { FreshLooks } from '../telling/fresh-looks.js';
import type { ResultTelling } from '../telling/result-teller.js';
import { type OrderFates, placed } from './fates.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;
const PAUSES = [1, 2, 4, 8, 15, 30].map((seconds) => seconds * SECOND);
/** After this many looks in a row without an end, half an hour or so, the next ones are rare. */
const PATIENT_LOOKS = 60;
const RARE_PAUSE = 10 * MINUTE;

export interface SettleDeps {
  store: Store;
  processes: Pick<Processes, 'inherit'>;
  clock: Clock;
  fates: OrderFates;
  results: ResultTelling;
  looks: FreshLooks;
  /** Whether this process is the one to tell of a plan; another one on the same database may be. */
  reaches(plan: Plan): boolean;
  log: Logger;
}

/**
 * Sees to it that each order's fate becomes known and that every outcome is told, however long the broker or the
 * channel can't be reached. Never sends anything.
 */
export class SettleService {
  readonly #following = new Map<string, Promise<void>>();
  /** Plans this process works on, and how many parts of it do. */
  readonly #held = new UnderWay();
  readonly #stop = new AbortController();

  constructor(private readonly deps: SettleDeps) {}

  /**
   * All that a former run left: what `settleLeftovers` is about, buttons under what can't be sent any more, and looks it could
   * not finish. What a database doesn't let through is tried again until this stops. Never throws.
   */
  async takeUpLeftovers(): Promise<void> {
    const { store, clock } = this.deps;
    await this.#untilDone(() => this.settleLeftovers());
    await this.#untilDone(() => store.wakeButtons(clock.now()));
    await this.#untilDone(() => this.resumeLooks());
  }

  /**
   * At start, before anything else: looks once at everything a former run left open or untold, then goes on in the
   * background until it is settled and told. Resolves after that first look.
   */
  async settleLeftovers(): Promise<void> {
    const { store, clock } = this.deps;
    const unresolved = (await store.unresolvedIntents()).map(({ planId }) => planId);
    await this.inherit();
    const planIds = [...new Set([...unresolved, ...(await store.owedResults())])];
    const ours = await store.holdResults(planIds, clock.now());
    await Promise.all(ours.map((planId) => this.takeUp(planId)));
  }

  /** What processes held that are gone is anybody's at once. */
  async inherit(): Promise<void> {
    const { processes, clock, fates } = this.deps;
    for (const planId of await processes.inherit(clock.now())) fates.senderGone(planId);
  }

  /** Takes up the looks that a former run could not finish: its messages still say what was known then. */
  async resumeLooks(): Promise<void> {
    const { store, clock, looks } = this.deps;
    for (const plan of await store.plansUnderWay(new Date(clock.now().getTime() - WEEK))) {
      if (this.deps.reaches(plan)) looks.start(plan, null);
    }
  }

  /** Goes on with what another process, or a former run, left. Resolves after the first look. */
  async takeUp(planId: string): Promise<void> {
    // Held, it is being worked on here: its own end will tell.
    if (this.holds(planId) || this.#stop.signal.aborted) return;
    const release = this.hold(planId);
    try {
      // What is not known after this look is said to be unknown at once; a trader must not wait for that word.
      if (!(await this.#step(planId, true))) this.follow(planId);
    } finally {
      release();
    }
  }

  /** Goes on until each of the plan's orders is settled and the outcome is told, or written down to be told. */
  follow(planId: string): void {
    if (this.#following.has(planId) || this.#stop.signal.aborted) return;
    const release = this.hold(planId);
    const done = this.#untilTold(planId)
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.deps.log.error({ err: error, planId }, 'settling failed');
      })
      .finally(() => {
        release();
        this.#following.delete(planId);
      });
    this.#following.set(planId, done);
  }

  /** Resolves when the plan is no longer followed. */
  async followed(planId: string): Promise<void> {
    await this.#following.get(planId);
  }

  /** A press on it is under way in this process, or what became of it is. */
  holds(planId: string): boolean {
    return this.#held.count(planId) > 0;
  }

  /** While held, no other process takes the plan's result up. */
  hold(planId: string): () => void {
    return this.#held.begin(planId);
  }

  /** Says again that what this process holds is in good hands. To be called well within each lease. */
  async renew(): Promise<void> {
    const { store, clock } = this.deps;
    await store.renewResults(this.#held.keys(), clock.now());
  }

  /** The trader was told otherwise that nothing was sent, on the preview itself: nothing more is owed. */
  async toldOnPreview(planId: string): Promise<void> {
    const { store, clock } = this.deps;
    // Overtaken by other orders it is open still, though no press could ever send it.
    await store.endPlan(planId, 'stale', clock.now());
    const status = (await store.plan(planId))?.status;
    // Another press, also one of another process, may have sent it after all: then the preview is to say what became of it.
    if (status === 'claimed' || status === 'done')
      return await store.oweErrand(planId, 'buttons', clock.now());
    await store.endErrand(planId, 'buttons');
    await store.endErrand(planId, 'result');
  }

  /**
   * Orders seen on the stream or in a list were recorded: tells of fills and ends, and takes up late discoveries.
   * @param news the plans that they are news of
   */
  async react(orders: readonly BrokerOrder[], news: readonly string[]): Promise<void> {
    for (const planId of news) await this.lookNow(planId);
    await this.#endedLookalikes(orders);
    const ours = new Set(orders.flatMap((o) => (o.externalIdentifier === null ? [] : o.account)));
    for (const account of ours) await this.#lateDiscoveries(account, orders);
  }

  /** Something about the plan was decided: looks and tells at once. */
  async lookNow(planId: string): Promise<void> {
    if (!(await this.#step(planId, false))) this.follow(planId);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#following.values());
  }

  async #untilDone(work: () => Promise<void>): Promise<void> {
    const { clock, log } = this.deps;
    for (let attempt = 0; !this.#stop.signal.aborted; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        log.error({ err: error }, 'taking up what a former run left open failed; trying again');
      }
      await clock.sleep(pauseBefore(attempt), this.#stop.signal).catch(() => {});
    }
  }

  async #untilTold(planId: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      await this.deps.clock.sleep(pauseBefore(attempt), this.#stop.signal);
      // Another process has it, and goes on until all is told; should it be gone before, it is taken up anew.
      if (await this.#isAnothers(planId)) return;
      if (await this.#step(planId, false)) return;
    }
  }

  /** A database that can't be asked keeps nobody from reading on; nothing is sent here, and telling has a lease of its own. */
  async #isAnothers(planId: string): Promise<boolean> {
    const { store, clock, log } = this.deps;
    try {
      return (await store.holdResults([planId], clock.now())).length === 0;
    } catch (error) {
      log.warn({ err: error, planId }, 'could not make sure that a plan is this process’s to settle');
      return false;
    }
  }

  /** One look and, once all is settled (or `sayUnknown`), one telling; true when both are done. Never throws. */
  async #step(planId: string, sayUnknown: boolean): Promise<boolean> {
    const { store, fates, results, looks, log } = this.deps;
    try {
      const look = await fates.look(planId);
      const settled = look === 'settled';
      if (look === 'open' && !sayUnknown) return false;
      const plan = await store.plan(planId);
      if (plan === null) return true;
      if (!this.deps.reaches(plan)) return settled;
      return await results.tell(plan, settled, looks);
    } catch (error) {
      log.warn({ err: error, planId }, 'could not settle a plan yet; trying again');
      return false;
    }
  }

  async #lateDiscoveries(account: string, orders: readonly BrokerOrder[]): Promise<void> {
    const { store, clock } = this.deps;
    for (const intent of await store.recentlyAbsent(account, new Date(clock.now().getTime() - DAY))) {
      const order = orders.find(
        (each) => each.account === account && each.externalIdentifier === intent.externalIdentifier,
      );
      if (order && order.odd?.name !== null) await this.#lateDiscovery(intent, order);
    }
  }

  async #lateDiscovery(intent: OrderIntent, order: BrokerOrder): Promise<void> {
    const { store, clock, log } = this.deps;
    const plan = await store.plan(intent.planId);
    // Recorded, it is a discovery no more: that is for the process that can tell of it.
    if (!plan || !this.deps.reaches(plan)) return;
    log.error({ planId: intent.planId, orderId: order.id }, 'an order counted as absent exists after all');
    await store.settleIntent(intent.id, placed(order), clock.now());
    // The messages that said "not placed" invite another try, so each is corrected too.
    await this.lookNow(plan.id);
  }

  /** An order that kept another's fate open stands in its way no more. */
  async #endedLookalikes(orders: readonly BrokerOrder[]): Promise<void> {
    const ended = new Set(
      orders.filter((o) => o.externalIdentifier === null && !isOpen(o)).map(({ id }) => id),
    );
    if (ended.size === 0 || this.#following.size === 0) return;
    const waiting = (await this.deps.store.unresolvedIntents()).filter(
      ({ lookalikes, planId }) => this.#following.has(planId) && lookalikes.some((id) => ended.has(id)),
    );
    for (const planId of new Set(waiting.map((intent) => intent.planId))) await this.#step(planId, false);
  }
}

/** The broker forbids polling its list of live orders, and what lasts this long doesn't end within seconds. */
function pauseBefore(attempt: number): number {
  if (attempt >= PATIENT_LOOKS) return RARE_PAUSE;
  return PAUSES[attempt] ?? PAUSES.at(-1) ?? MINUTE;
}

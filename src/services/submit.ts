import type { Logger } from 'pino';
import type { AccessRules, Actor } from './access.js';
import { assertMayTrade } from './access.js';
import type { AccountWatch } from './account-watch.js';
import { describeTerseSymbol } from './contract-names.js';
import { isOnTick } from './domain/ticks.js';
import type { BrokerOrder } from './domain/types.js';
import { BrokerLoginError, BrokerRefusal, BrokerUnreachable, UserError } from './errors.js';
import { differences, fingerprint } from './fingerprint.js';
import { decodePayload, type PlanPayload } from './plan-payload.js';
import { gone, missing, notOpen, notYours } from './plan-refusals.js';
import type { Announcer } from './ports/announcer.js';
import type { Broker } from './ports/broker.js';
import type { Clock } from './ports/clock.js';
import type { ClaimResult, NewIntent, OrderIntent, Outcome, Plan, Store } from './ports/store.js';
import { type Report, reportLine } from './report.js';
import type { ReportReader } from './report-reader.js';
import type { SettleService } from './settle.js';

/** Pauses between looks at fresh orders: the venue takes or kills them within seconds, mostly. */
const LOOKS_MS = [4_000, 8_000, 20_000];

export interface SubmitDeps {
  broker: Broker;
  store: Store;
  clock: Clock;
  watch: AccountWatch;
  announcer: Announcer;
  settle: SettleService;
  reports: ReportReader;
  access: AccessRules;
  log: Logger;
}

export interface Press {
  planId: string;
  actor: Pick<Actor, 'userId' | 'roleIds'>;
  /** Called once the plan is claimed (`0, 0, n`) and as answers arrive. Must not throw. */
  onProgress(placed: number, answered: number, total: number): void;
}

interface Sent {
  intent: OrderIntent;
  order: BrokerOrder | null;
  /** The outcome is in the database, not only on its way to the screen. */
  recorded: boolean;
}

/** From one press to order ids in the channel, at most once. */
export class SubmitService {
  readonly #running = new Set<Promise<unknown>>();
  readonly #looking = new Map<string, Promise<void>>();
  #closing = false;

  constructor(private readonly deps: SubmitDeps) {}

  /**
   * Sends exactly what the plan showed, once, and posts the outcome.
   * @throws UserError when this press sent nothing; its message says why and what to do.
   */
  submit(press: Press): Promise<Report> {
    return this.#track(this.#submit(press));
  }

  /** From here on every press is refused; waits for submissions under way, so that a shutdown loses no answer. */
  async close(): Promise<void> {
    this.#closing = true;
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** Resolves when the fresh orders of a plan are not looked at any more. */
  async looked(planId: string): Promise<void> {
    await this.#looking.get(planId);
  }

  async #submit(press: Press): Promise<Report> {
    if (this.#closing) throw gone('STOPPING', 'I am being restarted');
    const { plan, payload } = await this.#admit(press);
    const intents = await this.#claim(plan, payload);
    press.onProgress(0, 0, intents.length);
    try {
      return await this.#sendAndReport(plan, intents, press);
    } catch (error) {
      // Whatever broke here, what was sent is found and told.
      this.deps.settle.follow(plan.id);
      throw error;
    }
  }

  async #admit({ planId, actor }: Press): Promise<{ plan: Plan; payload: PlanPayload }> {
    const plan = await this.deps.store.plan(planId);
    if (!plan) throw missing();
    if (plan.userId !== actor.userId) throw notYours(plan);
    assertMayTrade(this.deps.access, actor);
    const payload = readPayload(plan);
    if (payload.dryRun) {
      throw new UserError(
        'DRY_RUN',
        'This is a dry run, and a dry run never sends anything.',
        'Run `/targets` without `dry_run`.',
      );
    }
    if (payload.orders.length === 0) throw gone('NOTHING_TO_SEND', 'This preview offers no order to send');
    for (const order of payload.orders) {
      // Prices were checked when shown; a stored plan is checked again, because a dry-run proves no tick.
      if (!isOnTick(order.grid, order.price))
        throw gone('PRICE_OFF_TICK', `${order.label} is not on its price grid`);
    }
    return { plan, payload };
  }

  /** Commits the intents, with a fresh read in between unless the live stream proves that nothing changed. */
  async #claim(plan: Plan, payload: PlanPayload): Promise<OrderIntent[]> {
    const { store, clock, watch, settle, log } = this.deps;
    const unchanged = watch.unchangedSince(payload.mark, Object.keys(payload.fingerprint));
    try {
      const result = await store.claimPlan({
        planId: plan.id,
        now: clock.now(),
        intents: newIntents(plan, payload),
        state: unchanged ? 'submitting' : 'reserved',
      });
      if (result.kind === 'changed') throw await this.#overtaken(result.planId);
      if (result.kind !== 'claimed') throw claimRefusal(result);
      if (unchanged) return result.intents;
      await this.#assertUnchanged(plan, payload);
      await store.releaseToSend(plan.id, clock.now());
      return await store.intents(plan.id);
    } catch (error) {
      if (error instanceof UserError) throw error;
      log.error({ err: error, planId: plan.id }, 'a press failed before anything was sent');
      // Frees what may be reserved already; the request never left.
      settle.follow(plan.id);
      throw gone('NOT_SENT', 'Something went wrong before the first order left');
    }
  }

  /** Another preview's orders came first; they are named, because they may well be the trader's own. */
  async #overtaken(planId: string): Promise<UserError> {
    const placed = (await this.deps.store.intents(planId)).flatMap(
      ({ brokerOrderId }) => brokerOrderId ?? [],
    );
    const orders = placed.length > 0 ? ` (${placed.join(', ')})` : '';
    return gone(
      'POSITION_CHANGED',
      `Other closing orders${orders} were placed on these contracts since this preview`,
    );
  }

  async #assertUnchanged(plan: Plan, payload: PlanPayload): Promise<void> {
    const changes = await this.#changes(plan, payload);
    if (changes.length === 0) return;
    await this.deps.store.abandonPlan(plan.id, changes.join('; '), this.deps.clock.now());
    throw new UserError(
      'POSITION_CHANGED',
      `The position changed since this preview, so nothing was sent.\n${changes.map((c) => `• ${c}`).join('\n')}`,
      'Make a fresh preview.',
    );
  }

  async #changes(plan: Plan, payload: PlanPayload): Promise<string[]> {
    const { broker, store, clock, log } = this.deps;
    try {
      const [holdings, openOrders] = await Promise.all([
        broker.holdings(plan.account),
        broker.openOrders(plan.account),
      ]);
      const now = fingerprint(Object.keys(payload.fingerprint), holdings, openOrders);
      return differences(payload.fingerprint, now, describeTerseSymbol);
    } catch (error) {
      log.warn({ err: error, planId: plan.id }, 'the account could not be read before sending');
      await store.abandonPlan(plan.id, 'The account could not be read before sending.', clock.now());
      const reason = error instanceof Error ? ` (${error.message})` : '';
      throw gone('NOT_SENT', `The broker couldn’t be asked whether the position is still as shown${reason}`);
    }
  }

  async #sendAndReport(plan: Plan, intents: OrderIntent[], press: Press): Promise<Report> {
    const answered: Sent[] = [];
    const sent = await Promise.all(
      intents.map(async (intent) => {
        const result = await this.#sendOne(intent);
        answered.push(result);
        const placed = answered.filter((each) => each.intent.state === 'placed').length;
        press.onProgress(placed, answered.length, intents.length);
        return result;
      }),
    );
    const report: Report = {
      planId: plan.id,
      userId: plan.userId,
      account: plan.account,
      phase: 'sent',
      lines: sent.map(({ intent, order }) => reportLine(intent, order)),
      waitsForOpen: null,
    };
    const posted = await this.deps.announcer.post(plan, report);
    await this.#audit(plan, sent);
    const settled = sent.every(({ intent, recorded }) => recorded && intent.state !== 'unknown');
    if (!posted || !settled) {
      this.deps.settle.follow(plan.id, posted);
      return report;
    }
    await this.deps.store.markReported(plan.id, posted, this.deps.clock.now());
    if (sent.some(({ order }) => order)) {
      const looking = this.#lookAgain(plan, posted, report)
        .catch((error: unknown) => {
          this.deps.log.warn({ err: error, planId: plan.id }, 'a look at fresh orders failed');
        })
        .finally(() => this.#looking.delete(plan.id));
      this.#looking.set(plan.id, looking);
    }
    return report;
  }

  /** For the record only: it must not stand between the trader and the order ids. */
  async #audit(plan: Plan, sent: Sent[]): Promise<void> {
    const { store, clock, log } = this.deps;
    const outcomes = sent.map(({ intent: { externalIdentifier, state, brokerOrderId, reason } }) => ({
      externalIdentifier,
      state,
      brokerOrderId,
      reason,
    }));
    await store
      .audit({
        at: clock.now(),
        actor: plan.userId,
        kind: 'orders-answered',
        planId: plan.id,
        details: { outcomes },
      })
      .catch((error: unknown) =>
        log.error({ err: error, planId: plan.id }, 'could not write the audit trail'),
      );
  }

  async #sendOne(intent: OrderIntent): Promise<Sent> {
    const { broker, store, clock, log } = this.deps;
    const request = {
      underlying: intent.underlying,
      legs: intent.legs,
      price: intent.price,
      effect: intent.effect,
    };
    let order: BrokerOrder | null = null;
    let outcome: Outcome;
    try {
      const receipt = await broker.submit(intent.account, request, intent.externalIdentifier);
      order = receipt.order;
      outcome = { state: 'placed', brokerOrderId: order.id, brokerStatus: order.status };
    } catch (error) {
      outcome = outcomeOf(error);
      log.warn(
        { err: error, planId: intent.planId, intentId: intent.id, outcome: outcome.state },
        'order not placed',
      );
    }
    try {
      return { intent: await store.settleIntent(intent.id, outcome, clock.now()), order, recorded: true };
    } catch (error) {
      // The intent stays `submitting` in the database and is settled from the broker's list; what the broker
      // answered is told now all the same.
      log.error({ err: error, intentId: intent.id, outcome }, 'could not record an order outcome');
      return { intent: { ...intent, ...withoutReason(outcome) }, order, recorded: false };
    }
  }

  /** Reads each placed order again until it rests, waits for the market, or was killed by the venue. */
  async #lookAgain(plan: Plan, posted: string, first: Report): Promise<void> {
    const { clock, reports, announcer } = this.deps;
    let report = first;
    for (const pause of LOOKS_MS) {
      await clock.sleep(pause);
      report = await reports.read(plan, report);
      await announcer.update(plan, posted, report);
      const unsettled = report.lines.some(
        ({ orderId, orderState, read }) => orderId !== null && (!read || orderState === 'submitted'),
      );
      if (!unsettled || report.waitsForOpen) return;
    }
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const forget = () => this.#running.delete(work);
    work.then(forget, forget);
    return work;
  }
}

function newIntents(plan: Plan, payload: PlanPayload): NewIntent[] {
  return payload.orders.map((order, index) => ({
    planId: plan.id,
    account: plan.account,
    positionId: order.positionId,
    targetKey: order.targetKey,
    label: order.label,
    underlying: order.underlying,
    externalIdentifier: `ptb-${plan.id}-${index + 1}`,
    legs: order.legs,
    units: order.units,
    price: order.price,
    effect: order.effect,
    percent: order.percent,
    profit: order.profit,
  }));
}

/** Which way an error from `submit` falls: only a clear no, or a request that never left, counts as not placed. */
function outcomeOf(error: unknown): Outcome {
  if (error instanceof BrokerRefusal) {
    const details = error.details.map(({ message }) => message).filter(Boolean);
    return { state: 'refused', reason: details.length > 0 ? details.join('; ') : error.message };
  }
  if (error instanceof BrokerUnreachable || error instanceof BrokerLoginError) {
    return { state: 'refused', reason: `Not sent: ${error.message}` };
  }
  return { state: 'unknown', reason: error instanceof Error ? error.message : String(error) };
}

function withoutReason(outcome: Outcome): Partial<OrderIntent> {
  return outcome.state === 'placed'
    ? { state: outcome.state, brokerOrderId: outcome.brokerOrderId, brokerStatus: outcome.brokerStatus }
    : outcome;
}

function readPayload(plan: Plan): PlanPayload {
  try {
    return decodePayload(plan.payload);
  } catch {
    throw gone('OUTDATED', 'This preview was made by another version of me');
  }
}

function claimRefusal(result: Exclude<ClaimResult, { kind: 'claimed' | 'changed' }>): UserError {
  switch (result.kind) {
    case 'missing':
      return missing();
    case 'expired':
      return notOpen('expired');
    case 'busy':
      return new UserError(
        'ORDERS_UNDER_WAY',
        'Another order for one of these contracts is still being placed or looked for, so this press sent nothing.',
        'Wait for its result in the channel, then make a fresh preview.',
      );
    case 'not-open':
      return notOpen(result.status);
  }
}

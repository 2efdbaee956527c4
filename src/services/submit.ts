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
  settle: Pick<SettleService, 'follow'>;
  reports: ReportReader;
  access: AccessRules;
  log: Logger;
}

export interface Press {
  planId: string;
  actor: Pick<Actor, 'userId' | 'roleIds'>;
  /** Called as answers arrive: `0 of n` once the plan is claimed, then each step. Must not throw. */
  onProgress(done: number, total: number): void;
}

interface Sent {
  intent: OrderIntent;
  order: BrokerOrder | null;
}

/** From one press to order ids in the channel, at most once. */
export class SubmitService {
  readonly #running = new Set<Promise<unknown>>();

  constructor(private readonly deps: SubmitDeps) {}

  /**
   * Sends exactly what the plan showed, once, and posts the outcome.
   * @throws UserError when nothing was sent; its message says why and what to do.
   */
  async submit(press: Press): Promise<Report> {
    const { plan, payload } = await this.#admit(press);
    const intents = await this.#claim(plan, payload);
    press.onProgress(0, intents.length);
    return this.#track(this.#sendAndReport(plan, intents, press));
  }

  /** Waits for submissions under way, so that a shutdown loses no answer. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #admit({ planId, actor }: Press): Promise<{ plan: Plan; payload: PlanPayload }> {
    const plan = await this.deps.store.plan(planId);
    if (!plan) throw gone('PLAN_MISSING', 'I no longer know this preview');
    if (plan.userId !== actor.userId) {
      throw new UserError(
        'NOT_YOUR_PREVIEW',
        `This preview belongs to <@${plan.userId}>; only they can submit it. Nothing was sent.`,
        'Use `/targets` to make one of your own.',
      );
    }
    assertMayTrade(this.deps.access, actor);
    const payload = decodePayload(plan.payload);
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
    const { store, clock, watch } = this.deps;
    const unchanged = watch.unchangedSince(payload.readAt, Object.keys(payload.fingerprint));
    const result = await store.claimPlan({
      planId: plan.id,
      now: clock.now(),
      intents: newIntents(plan, payload),
      state: unchanged ? 'submitting' : 'reserved',
    });
    if (result.kind !== 'claimed') throw claimRefusal(result);
    if (unchanged) return result.intents;
    await this.#assertUnchanged(plan, payload);
    await store.releaseToSend(plan.id, clock.now());
    return store.intents(plan.id);
  }

  async #assertUnchanged(plan: Plan, payload: PlanPayload): Promise<void> {
    const { broker, store, clock } = this.deps;
    const abandon = (reason: string) => store.abandonPlan(plan.id, reason, clock.now());
    try {
      const [holdings, openOrders] = await Promise.all([
        broker.holdings(plan.account),
        broker.openOrders(plan.account),
      ]);
      const now = fingerprint(Object.keys(payload.fingerprint), holdings, openOrders);
      const changes = differences(payload.fingerprint, now, describeTerseSymbol);
      if (changes.length === 0) return;
      await abandon(changes.join('; '));
      throw new UserError(
        'POSITION_CHANGED',
        `The position changed since this preview, so nothing was sent.\n${changes.map((c) => `• ${c}`).join('\n')}`,
        'Make a fresh preview.',
      );
    } catch (error) {
      if (error instanceof UserError) throw error;
      await abandon('The account could not be read before sending.');
      throw error;
    }
  }

  async #sendAndReport(plan: Plan, intents: OrderIntent[], press: Press): Promise<Report> {
    let done = 0;
    const sent = await Promise.all(
      intents.map(async (intent) => {
        const result = await this.#sendOne(intent);
        done += 1;
        press.onProgress(done, intents.length);
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
    const messageId = await this.deps.announcer.post(plan, report);
    if (messageId) await this.deps.store.markReported(plan.id, messageId, this.deps.clock.now());
    await this.#audit(plan, sent);
    if (sent.some(({ intent }) => intent.state === 'unknown')) this.deps.settle.follow(plan.id);
    if (messageId && sent.some(({ order }) => order)) {
      this.#lookAgain(plan, messageId).catch((error: unknown) => {
        this.deps.log.warn({ err: error, planId: plan.id }, 'a look at fresh orders failed');
      });
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
      return { intent: await store.settleIntent(intent.id, outcome, clock.now()), order };
    } catch (error) {
      // The intent stays `submitting` in the database and is settled from the broker's list at the next start;
      // what the broker answered is still told now.
      log.error({ err: error, intentId: intent.id, outcome }, 'could not record an order outcome');
      return { intent: { ...intent, ...withoutReason(outcome) }, order };
    }
  }

  /** Reads each placed order again until it rests, waits for the market, or was killed by the venue. */
  async #lookAgain(plan: Plan, messageId: string): Promise<void> {
    const { clock, reports, announcer } = this.deps;
    for (const pause of LOOKS_MS) {
      await clock.sleep(pause);
      const report = await reports.read(plan);
      await announcer.update(plan, messageId, report);
      const onTheirWay = report.lines.some(({ orderState }) => orderState === 'submitted');
      if (!onTheirWay || report.waitsForOpen) return;
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

function claimRefusal(result: Exclude<ClaimResult, { kind: 'claimed' }>): UserError {
  switch (result.kind) {
    case 'missing':
      return gone('PLAN_MISSING', 'I no longer know this preview');
    case 'expired':
      return gone('PLAN_EXPIRED', 'This preview has expired');
    case 'busy':
      return new UserError(
        'ORDERS_UNDER_WAY',
        'Another order for one of these contracts is still being placed or looked for, so nothing was sent.',
        'Wait for its result in the channel, then make a fresh preview.',
      );
    case 'changed':
      return gone(
        'POSITION_CHANGED',
        'Other closing orders were placed on these contracts since this preview',
      );
    case 'not-open':
      return notOpen(result.status);
  }
}

function notOpen(status: Plan['status']): UserError {
  switch (status) {
    case 'claimed':
    case 'done':
      return new UserError(
        'ALREADY_SUBMITTED',
        'This preview was already submitted. This press sent nothing.',
        'Its result is in the channel.',
      );
    case 'superseded':
      return gone('PLAN_SUPERSEDED', 'This preview was replaced by a newer one');
    case 'cancelled':
      return gone('PLAN_CANCELLED', 'This preview was cancelled');
    case 'expired':
      return gone('PLAN_EXPIRED', 'This preview has expired');
    default:
      return gone('PLAN_STALE', 'The position changed since this preview');
  }
}

function gone(code: string, what: string): UserError {
  return new UserError(code, `${what}, so nothing was sent.`, 'Make a fresh preview.');
}

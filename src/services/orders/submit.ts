import type { Logger } from 'pino';
import {
  BrokerError,
  BrokerLoginError,
  BrokerRefusal,
  BrokerTooLate,
  BrokerUnreachable,
  saidBy,
  UserError,
} from '../../domain/errors.js';
import { isOnTick } from '../../domain/ticks.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { Broker, Deadline, OrderRequest } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { partnerOf } from '../../ports/order-intents.js';
import type { Report, ReportLine } from '../../ports/report.js';
import type { OrderIntent, Outcome, Plan, Store } from '../../ports/store.js';
import type { AccessRules, Actor } from '../access/access.js';
import { assertMay } from '../access/access.js';
import type { Halting } from '../access/halting.js';
import type { Desks } from '../accounts/desks.js';
import { decodePayload, type PlanPayload } from '../previews/payload.js';
import { missing, notOpen, notYours } from '../previews/refusals.js';
import type { FreshLooks } from '../telling/fresh-looks.js';
import { paired, reportLine } from '../telling/report.js';
import type { ResultTelling } from '../telling/result-teller.js';
import type { OutcomeRecorder } from './outcome-recorder.js';
import type { Claimed, PlanClaims } from './plan-claims.js';
import { Presses } from './presses.js';
import { SEND_WITHIN_MS } from './send-deadline.js';
import type { SettleService } from './settle.js';

export interface SubmitDeps {
  broker: Broker;
  desks: Pick<Desks, 'find'>;
  store: Store;
  clock: Clock;
  claims: PlanClaims;
  recorder: OutcomeRecorder;
  results: ResultTelling;
  settle: SettleService;
  looks: FreshLooks;
  halting: Pick<Halting, 'holds'>;
  access: AccessRules;
  log: Logger;
}

export interface Press {
  planId: string;
  actor: Pick<Actor, 'userId' | 'roleIds'>;
  /**
   * Called once the plan is claimed and whenever the broker answers, before anything else is done with the answer:
   * every order as it stands, those without an answer yet as `submitting`, and as `reserved` while others end first. Must
   * not throw.
   */
  onProgress(lines: readonly ReportLine[]): void;
}

/** How long a result waits for the database to know it too. */
const RECORD_PATIENCE_MS = 1_000;

interface Sent {
  /** With the outcome. */
  intent: OrderIntent;
  order: BrokerOrder | null;
  /** Resolves, never rejects, once the outcome is in the database or that couldn't be done at once. */
  recorded: Promise<boolean>;
}

/** What the broker answered to one order. */
interface Answer extends Omit<Sent, 'recorded'> {
  outcome: Outcome;
}

/** From one press to order ids in the channel, at most once. */
export class SubmitService {
  readonly #running = new Set<Promise<unknown>>();
  readonly #presses = new Presses();
  #closing = false;

  constructor(private readonly deps: SubmitDeps) {}

  /** A press has come and is being acknowledged; what can be made sure of meanwhile is. */
  expect(): void {
    this.deps.claims.expect();
  }

  /**
   * Sends exactly what the plan showed, once, and posts the outcome.
   * @throws UserError when this press sent nothing; its message says why and what to do.
   */
  submit(press: Press): Promise<Report> {
    return this.#track(this.#submit(press));
  }

  /**
   * Its message is about to say that nothing was sent: from here on no press of this process sends it.
   * @throws UserError `ALREADY_SUBMITTED` where another press is under way or has sent it, which the message must not deny
   */
  deny(planId: string): void {
    if (!this.#presses.deny(planId)) throw notOpen('claimed');
  }

  /** From here on every press is refused; waits for submissions under way, so that a shutdown loses no answer. */
  async close(): Promise<void> {
    this.#closing = true;
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #submit(press: Press): Promise<Report> {
    if (this.#closing) throw new UserError('STOPPING', {});
    const ended = this.#presses.begin(press.planId);
    try {
      return await this.#admitted(press);
    } finally {
      ended();
    }
  }

  async #admitted(press: Press): Promise<Report> {
    const { plan, payload } = await this.#admit(press);
    // From before the claim: after a sleep the leases are over, and this process must not take itself for a dead one.
    const release = this.deps.settle.hold(plan.id);
    try {
      const show = (intents: readonly OrderIntent[]) =>
        press.onProgress(intents.map((intent) => reportLine(intent, null)));
      const claimed = await this.deps.claims.claim(plan, payload, show);
      this.#presses.sends(plan.id);
      show(claimed.intents);
      return await this.#sentAndTold(plan, claimed, press);
    } finally {
      release();
    }
  }

  async #sentAndTold(plan: Plan, claimed: Claimed, press: Press): Promise<Report> {
    try {
      return await this.#sendAndReport(plan, claimed, press);
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
    assertMay(this.deps.access, actor, 'trade');
    // First of all: whatever else is wrong, an earlier press may have sent it, and nothing here may deny that.
    if (plan.status !== 'open') throw notOpen(plan.status);
    if (this.#presses.isDenied(planId)) throw notOpen('stale');
    await this.#assertOurAccount(plan, actor);
    const payload = readPayload(plan);
    if (payload.dryRun) {
      throw new UserError('DRY_RUN', {});
    }
    if (payload.orders.length === 0) throw new UserError('NOTHING_TO_SEND', {});
    for (const { grid, price, stop, label } of payload.orders) {
      // Prices were checked when shown; a stored plan is checked again, because a dry-run proves no tick.
      const prices = [price, ...(stop ? [stop.trigger, stop.price] : [])];
      if (!prices.every((each) => isOnTick(grid, each))) throw new UserError('PLAN_OFF_TICK', { label });
    }
    return { plan, payload };
  }

  /** A plan outlives the settings it was made under. */
  async #assertOurAccount({ id, account }: Plan, actor: Press['actor']): Promise<void> {
    const { desks, access, log } = this.deps;
    const desk = await desks.find(account).catch((error: unknown) => {
      if (!(error instanceof BrokerError)) throw error;
      log.warn({ err: error, planId: id }, 'could not make sure of the account before sending');
      throw new UserError('NOT_SENT', { because: { unread: 'accounts' } });
    });
    assertMay(access, actor, 'trade', { account: { number: account, served: desk !== null } });
  }

  async #sendAndReport(plan: Plan, { intents, deadline }: Claimed, press: Press): Promise<Report> {
    const { results, settle, looks, store, clock, log } = this.deps;
    // Beside the orders, so that nothing is waited for once they are answered.
    const expected = results.expect(plan.id);
    const lines = intents.map((intent) => reportLine(intent, null));
    const sent = await inTheirOrder(intents, async (request) => {
      const answers = await this.#send(request, deadline);
      for (const { intent, order } of answers)
        lines[intents.findIndex(({ id }) => id === intent.id)] = reportLine(intent, order);
      // First of all, whatever is slow: nothing stands between the broker's answer and the screen.
      press.onProgress([...lines]);
      return answers.map(({ outcome, ...answer }) => ({
        ...answer,
        recorded: this.deps.recorder.record(answer.intent, outcome),
      }));
    });
    const report: Report = {
      planId: plan.id,
      userId: plan.userId,
      account: plan.account,
      phase: 'sent',
      inPlaceOf: [],
      lines: paired(lines),
      waitsForOpen: null,
    };
    await this.#shortly(sent.map((each) => each.recorded));
    const word = await results.first(plan, report, expected);
    const recorded = (await Promise.all(sent.map((each) => each.recorded))).every(Boolean);
    await this.#audit(plan, sent);
    const settled = recorded && sent.every(({ intent }) => intent.state !== 'unknown');
    // What the broker took is looked at again, also beside an order whose answer is lost.
    if (word.told && sent.some(({ order }) => order)) looks.start(plan, report);
    if (!word.recorded || !settled) {
      settle.follow(plan.id);
      return report;
    }
    // Once told, nothing that breaks here may sound as if the orders were in doubt.
    await store.markReported(plan.id, clock.now()).catch((error: unknown) => {
      log.error({ err: error, planId: plan.id }, 'could not record that a result was told');
      settle.follow(plan.id);
    });
    return report;
  }

  /**
   * Whoever reads the result may ask for the next preview at once, and that one goes by the database. But it isn't
   * waited for: by now each id stands above the preview, and what the database doesn't take is told all the same.
   */
  async #shortly(recorded: Promise<boolean>[]): Promise<void> {
    const halt = new AbortController();
    const patience = this.deps.clock.sleep(RECORD_PATIENCE_MS, halt.signal).catch(() => {});
    await Promise.race([Promise.all(recorded), patience]);
    halt.abort();
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

  /** One request, and what it says of each of its orders. */
  async #send(request: Request, deadline: Deadline): Promise<Answer[]> {
    const { halting, log } = this.deps;
    try {
      return await this.#answered(request, deadline);
    } catch (error) {
      const outcome = outcomeOf(error, halting.holds);
      const { planId, id: intentId } = request.target;
      log.warn({ err: error, planId, intentId, outcome: outcome.state }, 'order not placed');
      const intents = request.stop ? [request.target, request.stop] : [request.target];
      return intents.map((intent) => ({ intent: { ...intent, ...outcome }, order: null, outcome }));
    }
  }

  async #answered({ target, stop }: Request, deadline: Deadline): Promise<Answer[]> {
    const { broker } = this.deps;
    const { account, externalIdentifier } = target;
    if (!stop) {
      const receipt = await broker.submit(account, requestOf(target), externalIdentifier, deadline);
      return [answerOf(target, receipt.order)];
    }
    const pair = { target: requestOf(target), stop: { ...requestOf(stop), trigger: stop.stopTrigger } };
    const marks = { target: externalIdentifier, stop: stop.externalIdentifier };
    const receipt = await broker.submitPair(account, pair, marks, deadline);
    return [answerOf(target, receipt.target), answerOf(stop, receipt.stop)];
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const forget = () => this.#running.delete(work);
    work.then(forget, forget);
    return work;
  }
}

type Stop = OrderIntent & { stopTrigger: NonNullable<OrderIntent['stopTrigger']> };

/** What leaves as one request. */
interface Request {
  target: OrderIntent;
  /** The stop beside it; null for an order by itself. */
  stop: Stop | null;
}

/** All requests side by side, and their answers in the order of the intents. */
async function inTheirOrder<T extends { intent: OrderIntent }>(
  intents: readonly OrderIntent[],
  send: (request: Request) => Promise<T[]>,
): Promise<T[]> {
  const stops = intents.filter(isStop);
  const requests = intents
    .filter((intent) => !isStop(intent))
    .map((target) => ({ target, stop: partnerOf(target, stops) }));
  const answers = (await Promise.all(requests.map(send))).flat();
  return intents.flatMap(({ id }) => answers.filter(({ intent }) => intent.id === id));
}

function isStop(intent: OrderIntent): intent is Stop {
  return intent.stopTrigger !== null;
}

function requestOf({ underlying, legs, price, effect }: OrderIntent): OrderRequest {
  return { underlying, legs, price, effect };
}

/** Of a pair one order may be named and the other not: that one is looked for. */
function answerOf(intent: OrderIntent, order: BrokerOrder | null): Answer {
  const outcome: Outcome = order
    ? { state: 'placed', brokerOrderId: order.id, brokerStatus: order.status }
    : { state: 'unknown', reason: { code: 'UNNAMED' } };
  return { intent: { ...intent, ...outcome }, order, outcome };
}

/** Which way an error from `submit` falls: only a clear no, or a request that never left, counts as not placed. */
function outcomeOf(error: unknown, halted: boolean): Outcome {
  if (error instanceof BrokerRefusal) return { state: 'refused', reason: error.said };
  if (error instanceof BrokerTooLate) {
    const late = { code: 'TOO_LATE', seconds: SEND_WITHIN_MS / 1000 } as const;
    return { state: 'abandoned', reason: halted ? { code: 'HALTED' } : late };
  }
  if (error instanceof BrokerUnreachable || error instanceof BrokerLoginError) {
    return { state: 'refused', reason: { code: 'NOT_SENT', said: error.trouble } };
  }
  return { state: 'unknown', reason: saidBy(error) };
}

function readPayload(plan: Plan): PlanPayload {
  try {
    const payload = decodePayload(plan.payload);
    // An earlier version didn't say what has to end first.
    if (payload.instead === undefined || payload.givingWay) return payload;
  } catch {
    // Likewise.
  }
  throw new UserError('PLAN_OUTDATED', {});
}

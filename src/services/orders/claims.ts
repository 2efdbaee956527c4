import type { Logger } from 'pino';
import { DatabaseFailure, UserError } from '../../domain/errors.js';
import type { AccountChange } from '../../domain/failures.js';
import { concernsContracts, oddOrders } from '../../domain/odd-rows.js';
import type { Broker, Deadline } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { ClaimResult, NewIntent, OrderIntent, Plan, Store } from '../../ports/store.js';
import type { Halting } from '../access/halting.js';
import type { Desks } from '../accounts/desks.js';
import { differences, fingerprint, newShorts, onlySold } from '../previews/fingerprint.js';
import type { PlanPayload } from '../previews/payload.js';
import { missing, notOpen } from '../previews/refusals.js';
import { LoginCheck } from './login-check.js';
import { sendDeadline } from './send-deadline.js';
import type { SettleService } from './settle.js';

export interface PlanClaimsDeps {
  broker: Broker;
  store: Store;
  clock: Clock;
  desks: Pick<Desks, 'of'>;
  settle: SettleService;
  halting: Pick<Halting, 'assertNone' | 'holds'>;
  log: Logger;
}

/** When a press came, and until when its orders may leave. */
export interface Pressed {
  now: Date;
  inTime: Deadline;
  /** The account is read again whatever the stream says: something was just done that it may not tell yet. */
  fresh: boolean;
}

/** A press that owns its plan. */
export interface Claimed {
  intents: OrderIntent[];
  /** Until when they may leave, from the moment of the press. */
  deadline: Deadline;
}

/** The gate between a press and its orders: one press gets them, and only while all is as it was shown. */
export class PlanClaims {
  readonly #login: LoginCheck;

  constructor(private readonly deps: PlanClaimsDeps) {
    this.#login = new LoginCheck(deps.broker, deps.clock, deps.log);
  }

  /** A press has come: from now on its time runs, whatever is done before its claim. */
  pressed(fresh = false): Pressed {
    const now = this.deps.clock.now();
    return { now, inTime: sendDeadline(this.deps.clock, now), fresh };
  }

  /** A claim will come in a moment; what it waits for begins now. */
  expect(): void {
    void this.#login.begin();
  }

  /**
   * Commits a plan's intents, with a fresh read in between unless the live stream proves that nothing changed.
   * @returns the intents, all free to be sent by this caller and nobody else
   * @throws BrokerLoginError before the press is spent
   * @throws UserError when nothing was sent and nothing will be, saying why
   */
  async claim(plan: Plan, payload: PlanPayload, pressed = this.pressed()): Promise<Claimed> {
    const { store, clock, desks, settle, halting, log } = this.deps;
    const { now, inTime, fresh } = pressed;
    const deadline = { passed: () => halting.holds || inTime.passed() };
    // Without its desk nobody listened to the account, and it is read again.
    const asShown = () =>
      !fresh &&
      (desks.of(plan.account)?.watch.unchangedSince(payload.mark, Object.keys(payload.fingerprint)) ?? false);
    // Where no read comes before the orders, nothing else would notice a token that died.
    if (asShown()) await this.#login.sure();
    const unchanged = asShown();
    let ours = false;
    try {
      await halting.assertNone();
      const result = await store.claimPlan({
        planId: plan.id,
        now,
        intents: newIntents(plan, payload),
        state: unchanged ? 'submitting' : 'reserved',
      });
      if (result.kind === 'changed') throw await this.#overtaken(result.planId);
      if (result.kind !== 'claimed') throw claimRefusal(result);
      ours = true;
      if (unchanged) return { intents: result.intents, deadline };
      await this.#assertUnchanged(plan, payload);
      const halt = await store.releaseToSend(plan.id, clock.now());
      if (halt) {
        await store.abandonPlan(plan.id, { code: 'HALTED' }, clock.now());
        throw new UserError('HALTED', { halt });
      }
      return { intents: await store.intents(plan.id), deadline };
    } catch (error) {
      if (error instanceof UserError) throw error;
      log.error({ err: error, planId: plan.id }, 'a press failed before anything was sent');
      // Frees what may be reserved already; the request never left.
      settle.follow(plan.id);
      // Another press at the same moment may have come through, and its orders must not be denied on its preview.
      if (!ours) await this.#assertOpen(plan.id);
      throw new UserError('NOT_SENT', {
        because: error instanceof DatabaseFailure ? { database: error.trouble } : 'unexpected',
      });
    }
  }

  /**
   * Asks before anything is given up for it whether a claim would be refused for what the account is by now. Writes nothing.
   * @param gone an order that works still, and gives way to these
   * @throws UserError as `claim`
   */
  async assertAsShown(plan: Plan, payload: PlanPayload, gone: string): Promise<void> {
    const taken = await this.deps.store.contractsUnderWay(plan.account);
    const legs = payload.orders.flatMap((order) => order.legs);
    if (legs.some(({ symbol }) => taken.has(symbol)))
      throw new UserError('ORDERS_UNDER_WAY', {}, 'nothing-more');
    const changes = await this.#changes(plan, payload, gone);
    if (changes.length > 0) throw new UserError('POSITION_CHANGED', { changes });
  }

  /** A database that can't tell doesn't say that somebody else was there. */
  async #assertOpen(planId: string): Promise<void> {
    const plan = await this.deps.store.plan(planId).catch(() => null);
    if (plan && plan.status !== 'open') throw notOpen(plan.status);
  }

  /** Another preview's orders came first; they are named, because they may well be the trader's own. */
  async #overtaken(planId: string): Promise<UserError> {
    const orderIds = (await this.deps.store.intents(planId)).flatMap(
      ({ brokerOrderId }) => brokerOrderId ?? [],
    );
    return new UserError('POSITION_CHANGED', { orderIds });
  }

  async #assertUnchanged(plan: Plan, payload: PlanPayload): Promise<void> {
    const { store, clock } = this.deps;
    const changes = await this.#changes(plan, payload).catch(async (error: unknown) => {
      await store.abandonPlan(plan.id, { code: 'ACCOUNT_UNREAD' }, clock.now());
      throw error;
    });
    if (changes.length === 0) return;
    await store.abandonPlan(plan.id, { code: 'ACCOUNT_CHANGED', changes }, clock.now());
    throw new UserError('POSITION_CHANGED', { changes });
  }

  /**
   * @param gone an order that is passed over
   * @throws UserError `NOT_SENT` where the account can't be read
   */
  async #changes(plan: Plan, payload: PlanPayload, gone?: string): Promise<AccountChange[]> {
    const { broker, log } = this.deps;
    try {
      const [holdings, open] = await Promise.all([
        broker.holdings(plan.account),
        broker.openOrders(plan.account),
      ]);
      const openOrders = open.filter(({ id }) => id !== gone);
      const symbols = Object.keys(payload.fingerprint);
      const now = fingerprint(symbols, holdings.held, openOrders);
      const underlyings = payload.orders.map(({ underlying }) => underlying);
      const unreadable = [...holdings.odd, ...oddOrders(openOrders)]
        .filter((row) => concernsContracts(row, symbols, underlyings))
        .map((row): AccountChange => ({ what: 'unreadable', row }));
      return [
        ...differences(payload.fingerprint, now),
        ...newShorts(payload.fingerprint, holdings.held, onlySold(payload.orders)),
        ...unreadable,
      ];
    } catch (error) {
      log.warn({ err: error, planId: plan.id }, 'the account could not be read before sending');
      const said = error instanceof Error ? error.message : null;
      throw new UserError('NOT_SENT', { because: { unread: { said } } });
    }
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

function claimRefusal(result: Exclude<ClaimResult, { kind: 'claimed' | 'changed' }>): UserError {
  switch (result.kind) {
    case 'missing':
      return missing();
    case 'expired':
      return notOpen('expired');
    case 'halted':
      return new UserError('HALTED', { halt: result.halt });
    case 'busy':
      return new UserError('ORDERS_UNDER_WAY', {}, 'nothing-more');
    case 'not-open':
      return notOpen(result.status);
  }
}

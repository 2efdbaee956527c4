import type { Logger } from 'pino';
import { BrokerError, DatabaseFailure, saidBy, UserError } from '../../domain/errors.js';
import type { AccountChange } from '../../domain/failures.js';
import { concernsContracts, oddOrders } from '../../domain/odd-rows.js';
import type { Broker, Deadline } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { stopKey } from '../../ports/order-intents.js';
import type { ClaimResult, IntentKind, NewIntent, OrderIntent, Plan, Store } from '../../ports/store.js';
import type { Halting } from '../access/halting.js';
import type { Desks } from '../accounts/desks.js';
import {
  differences,
  type Fingerprint,
  fingerprint,
  newShorts,
  onlySold,
  without,
} from '../previews/fingerprint.js';
import type { PlannedOrder, PlanPayload } from '../previews/payload.js';
import { missing, notOpen } from '../previews/refusals.js';
import type { Cleared, WayClearer } from './cancels/way-clearer.js';
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
  way: Pick<WayClearer, 'clear'>;
  log: Logger;
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

  /** A claim will come in a moment; what it waits for begins now. */
  expect(): void {
    void this.#login.begin();
  }

  /**
   * Commits a plan's intents, with a fresh read in between unless the live stream proves that nothing changed. Orders that
   * are in their way end first; from the commit on nothing else can be sent for these contracts.
   * @param onCommitted called once the press owns the plan and others have to end first, which may take seconds; must not throw
   * @returns the intents, all free to be sent by this caller and nobody else
   * @throws BrokerLoginError before the press is spent
   * @throws UserError when nothing was sent and nothing will be, saying why
   */
  async claim(
    plan: Plan,
    payload: PlanPayload,
    onCommitted: (intents: readonly OrderIntent[]) => void = () => {},
  ): Promise<Claimed> {
    const { store, clock, desks, halting } = this.deps;
    const now = clock.now();
    const inTime = sendDeadline(clock, now);
    const waits = waysOf(payload).length > 0;
    const deadline = { passed: () => halting.holds || inTime.passed() };
    // Without its desk nobody listened to the account, and it is read again.
    const asShown = () =>
      !waits &&
      (desks.of(plan.account)?.watch.unchangedSince(payload.mark, Object.keys(payload.fingerprint)) ?? false);
    // Where no read comes before what is sent, nothing else would notice a token that died.
    if (waits || asShown()) await this.#login.sure();
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
      if (waits) onCommitted(result.intents);
      const release = waits ? this.#afterOthers(plan, payload) : this.#release(plan, asPlanned(payload));
      return { intents: await release, deadline };
    } catch (error) {
      const refusal = this.#refusalFor(plan.id, error);
      // Another press at the same moment may have come through, and its orders must not be denied on its preview.
      if (refusal !== error && !ours) await this.#assertOpen(plan.id);
      throw refusal;
    }
  }

  /** Lets a plan's orders leave, if the account is as it has to be. */
  async #release(plan: Plan, leaving: Leaving): Promise<OrderIntent[]> {
    const { store, clock } = this.deps;
    await this.#assertUnchanged(plan, leaving);
    const halt = await store.releaseToSend(plan.id, clock.now(), leaving.left);
    if (halt) {
      await store.abandonPlan(plan.id, { code: 'HALTED' }, clock.now());
      throw new UserError('HALTED_MEANWHILE', { halt });
    }
    return (await store.intents(plan.id)).filter(({ state }) => state === 'submitting');
  }

  /** The same once those in the way have ended, and for what these left. */
  async #afterOthers(plan: Plan, payload: PlanPayload): Promise<OrderIntent[]> {
    const orderIds = waysOf(payload).map(({ orderId }) => orderId);
    const planned = { ...asPlanned(payload), gone: new Set(orderIds) };
    // What would keep these from leaving has to keep those, too.
    await this.#assertUnchanged(plan, planned);
    const { traded, orders } = await this.#cleared(plan, payload);
    try {
      return await this.#release(plan, { ...planned, left: orders, shown: without(planned.shown, traded) });
    } catch (error) {
      const because = this.#refusalFor(plan.id, error);
      throw new UserError('CHANGE_UNPLACED', { orderIds, because }, 'nothing-more');
    }
  }

  async #cleared(plan: Plan, { orders, positionIds, ...payload }: PlanPayload): Promise<Cleared> {
    const { store, clock, way } = this.deps;
    try {
      return await way.clear(plan, { orders, positionIds, givingWay: waysOf(payload) });
    } catch (error) {
      // What is to be said of these orders doesn't hang on the database.
      await store
        .abandonPlan(plan.id, { code: 'WAY_NOT_CLEAR' }, clock.now())
        .catch((failed: unknown) => this.#refusalFor(plan.id, failed));
      if (!(error instanceof BrokerError)) throw error;
      throw new UserError('NOT_SENT', { because: { unread: { said: error.trouble } } });
    }
  }

  /** What is said of an error that keeps a plan's orders from leaving; frees what they may have reserved. */
  #refusalFor(planId: string, error: unknown): UserError {
    if (error instanceof UserError) return error;
    const { settle, log } = this.deps;
    log.error({ err: error, planId }, 'a press failed before anything was sent');
    settle.follow(planId);
    return new UserError('NOT_SENT', {
      because: error instanceof DatabaseFailure ? { database: error.trouble } : 'unexpected',
    });
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

  async #assertUnchanged(plan: Plan, leaving: Leaving): Promise<void> {
    const { store, clock } = this.deps;
    const changes = await this.#changes(plan, leaving).catch(async (error: unknown) => {
      await store.abandonPlan(plan.id, { code: 'ACCOUNT_UNREAD' }, clock.now());
      throw error;
    });
    if (changes.length === 0) return;
    await store.abandonPlan(plan.id, { code: 'ACCOUNT_CHANGED', changes }, clock.now());
    throw new UserError('POSITION_CHANGED', { changes });
  }

  /** @throws UserError `NOT_SENT` where the account can't be read */
  async #changes(plan: Plan, { shown, orders, gone }: Leaving): Promise<AccountChange[]> {
    const { broker, log } = this.deps;
    try {
      const [holdings, open] = await Promise.all([
        broker.holdings(plan.account),
        broker.openOrders(plan.account),
      ]);
      const openOrders = open.filter(({ id }) => !gone.has(id));
      const symbols = Object.keys(shown);
      const now = fingerprint(symbols, holdings.held, openOrders);
      const underlyings = orders.map(({ underlying }) => underlying);
      const unreadable = [...holdings.odd, ...oddOrders(openOrders)]
        .filter((row) => concernsContracts(row, symbols, underlyings))
        .map((row): AccountChange => ({ what: 'unreadable', row }));
      return [
        ...differences(shown, now),
        ...newShorts(shown, holdings.held, onlySold(orders)),
        ...unreadable,
      ];
    } catch (error) {
      log.warn({ err: error, planId: plan.id }, 'the account could not be read before sending');
      const said = error instanceof Error ? saidBy(error) : null;
      throw new UserError('NOT_SENT', { because: { unread: { said } } });
    }
  }
}

/** What is to leave, and the account in which it may. */
interface Leaving {
  orders: readonly PlannedOrder[];
  /** The contracts concerned, as they have to be. */
  shown: Fingerprint;
  /** Orders that give way: whether a list shows them still doesn't matter. */
  gone: ReadonlySet<string>;
  /** What is left of each, where less than was claimed may be. */
  left?: readonly PlannedOrder[];
}

function asPlanned({ orders, fingerprint: shown }: PlanPayload): Leaving {
  return { orders, shown, gone: new Set() };
}

function waysOf({ givingWay = [] }: Pick<PlanPayload, 'givingWay'>) {
  return givingWay;
}

function newIntents(plan: Plan, payload: PlanPayload): NewIntent[] {
  const intents = payload.orders.flatMap((order) => intentsOf(plan, payload, order));
  return intents.map((intent, index) => ({ ...intent, externalIdentifier: `ptb-${plan.id}-${index + 1}` }));
}

/** A target, and the stop beside it behind it. */
function intentsOf(
  { id: planId, account }: Plan,
  payload: PlanPayload,
  { stop, grid: _grid, ...order }: PlannedOrder,
): Omit<NewIntent, 'externalIdentifier'>[] {
  const target = { ...order, planId, account, kind: kindOf(payload), stopTrigger: null };
  if (!stop) return [target];
  const { trigger: stopTrigger, price, profit } = stop;
  return [
    target,
    { ...target, targetKey: stopKey(order.targetKey), stopTrigger, price, profit, percent: null },
  ];
}

function kindOf({ instead, close }: PlanPayload): IntentKind {
  if (close) return 'close';
  return instead === undefined ? 'place' : 'change';
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

import type { Logger } from 'pino';
import { BrokerError, UserError } from '../../../domain/errors.js';
import type { AccountChange } from '../../../domain/failures.js';
import { filledLeg, isOpen } from '../../../domain/orders.js';
import type { BrokerOrder } from '../../../domain/types.js';
import type { Broker } from '../../../ports/broker.js';
import type { Clock } from '../../../ports/clock.js';
import type { Plan, Store } from '../../../ports/store.js';
import type { Halting } from '../../access/halting.js';
import type { PlanPayload } from '../../previews/payload.js';
import { notOpen } from '../../previews/refusals.js';
import type { PlanClaims } from '../claims.js';
import type { CancelService } from './cancel-service.js';

export interface ChangeServiceDeps {
  broker: Pick<Broker, 'order'>;
  store: Pick<Store, 'audit'>;
  clock: Clock;
  halting: Pick<Halting, 'assertNone'>;
  claims: Pick<PlanClaims, 'assertAsShown'>;
  cancels: Pick<CancelService, 'end'>;
  log: Logger;
}

/**
 * Makes room for an order that is to be placed anew at another price. The broker's own replace keeps strict position-effect
 * validation only perhaps; so the old order is cancelled, and only once the broker has ended it the new one may leave.
 * A bot that dies in between has cancelled and not placed, and says so; the same press, while its preview lasts, goes on.
 */
export class ChangeService {
  constructor(private readonly deps: ChangeServiceDeps) {}

  /**
   * Resolves once the order has ended and left at least what is to be placed. What is held, the claim that follows compares with
   * what was shown.
   * @throws UserError `CHANGE_STOPPED` where it hasn't; nothing may be placed then. `HALTED`, and as `PlanClaims.assertAsShown`
   * and `CancelService.end`: nothing was cancelled
   */
  async clear(plan: Plan, payload: PlanPayload, orderId: string): Promise<void> {
    const { clock, halting } = this.deps;
    // Whatever keeps the new order from leaving must keep the old one.
    if (plan.status !== 'open') throw notOpen(plan.status);
    if (clock.now() >= plan.expiresAt) throw notOpen('expired');
    await halting.assertNone();
    const before = await this.#read(plan.account, orderId);
    const asked = isOpen(before);
    if (asked) await this.#assertWorthIt(plan, payload, before);
    if (asked) await this.deps.cancels.end(plan, before, payload.positionIds);
    const after = asked ? await this.#read(plan.account, orderId).catch(unread) : before;
    const details = { orderId, status: after?.status ?? null };
    await this.#audit(plan, details);
    const gone = after !== null && hasGone(after);
    if (gone && tooMany(payload, after).length === 0) return;
    const replacedBy = after?.replacedBy ?? null;
    throw new UserError('CHANGE_STOPPED', { ...details, traded: gone, replacedBy, asked }, 'nothing-more');
  }

  /** The old order isn't given up for one that couldn't leave then. */
  async #assertWorthIt(plan: Plan, payload: PlanPayload, before: BrokerOrder): Promise<void> {
    await this.deps.claims.assertAsShown(plan, payload, before.id);
    const changes = tooMany(payload, before);
    if (changes.length > 0) throw new UserError('POSITION_CHANGED', { changes });
  }

  /** For the record only: by now the old order may be gone. */
  async #audit({ id: planId, userId: actor }: Plan, details: { orderId: string }): Promise<void> {
    const { store, clock, log } = this.deps;
    await store
      .audit({ at: clock.now(), actor, kind: 'change-cleared', planId, details })
      .catch((error: unknown) => log.error({ err: error, planId }, 'could not write the audit trail'));
  }

  #read(account: string, orderId: string): Promise<BrokerOrder> {
    return this.deps.broker.order(account, orderId);
  }
}

/** It can trade no more, has not filled, and nothing stands in its place. */
function hasGone(order: BrokerOrder): boolean {
  return !isOpen(order) && order.state !== 'filled' && !order.replacedBy;
}

/** Of which contracts more is to be closed than the order left: what it traded last may not show in what is held yet. */
function tooMany({ orders }: PlanPayload, order: BrokerOrder): AccountChange[] {
  const wanted = new Map<string, number>();
  for (const { symbol, quantity } of orders.flatMap(({ legs }) => legs)) {
    wanted.set(symbol, (wanted.get(symbol) ?? 0) + quantity);
  }
  return [...wanted].flatMap(([symbol, before]): AccountChange[] => {
    const leg = order.legs.find(({ instrument }) => instrument.symbol === symbol);
    const now = leg ? leg.quantity - filledLeg(order, leg).quantity : 0;
    return before > now ? [{ what: 'closing', symbol, orderId: order.id, before, now }] : [];
  });
}

/** Its cancel is under way: what can't be read now is no reason to claim that nothing happened. */
function unread(error: unknown): null {
  if (error instanceof BrokerError) return null;
  throw error;
}

import type { Logger } from 'pino';
import { BrokerError, UserError } from '../../../domain/errors.js';
import { isOpen, untraded } from '../../../domain/order-fills.js';
import type { BrokerOrder } from '../../../domain/types.js';
import type { Broker } from '../../../ports/broker.js';
import type { Clock } from '../../../ports/clock.js';
import type { Plan, Store } from '../../../ports/store.js';
import type { GivingWay, PlannedOrder } from '../../previews/payload.js';
import type { CancelService } from './cancel-service.js';

export interface WayClearerDeps {
  broker: Pick<Broker, 'order'>;
  store: Pick<Store, 'audit'>;
  clock: Clock;
  cancels: Pick<CancelService, 'end'>;
  log: Logger;
}

/** What a plan shows of the orders that have to end, and of those that then leave. */
export interface WayWanted {
  givingWay: readonly GivingWay[];
  orders: readonly PlannedOrder[];
  positionIds: readonly number[];
}

/** The orders in the way have ended. */
export interface Cleared {
  /** Contracts by symbol that they traded since they were shown. */
  traded: ReadonlyMap<string, number>;
  /** What is left to be placed of each order, in their order; of some it may be nothing, never of all. */
  orders: PlannedOrder[];
}

/**
 * Makes room for orders that are to be placed where others work. The broker's own replace keeps strict position-effect
 * validation only perhaps; so the old orders are cancelled, and only once the broker has ended them, and it is read what they
 * traded meanwhile, the new ones may leave. A bot that dies in between has cancelled and not placed, and says so.
 */
export class WayClearer {
  constructor(private readonly deps: WayClearerDeps) {}

  /**
   * Of a plan that was claimed. What is held, the claim compares with what was shown, before and after.
   * @throws UserError `CHANGE_STOPPED` where one hasn't surely ended, or left nothing to place; as `CancelService.end`,
   * and BrokerError, where nothing was cancelled
   */
  async clear(plan: Plan, { givingWay, orders, positionIds }: WayWanted): Promise<Cleared> {
    const read = ({ orderId }: GivingWay) => this.deps.broker.order(plan.account, orderId);
    const before = await Promise.all(givingWay.map(read));
    const working = before.filter(isOpen);
    const asked = working.length > 0;
    const closed = new Map(givingWay.map((way) => [way.orderId, way.positionIds ?? positionIds]));
    if (asked) await this.deps.cancels.end(plan, working, closed);
    const after = asked ? await Promise.all(givingWay.map((way) => read(way).catch(unread))) : before;
    await this.#audit(plan, givingWay, after);
    const ended = givingWay.map((way, index) => {
      const order = after[index] ?? null;
      if (!order || !hasEnded(order)) throw stopped(way, order, asked);
      return { way, order };
    });
    const traded = tradedOf(ended);
    const left = fewer(orders, traded);
    const trader = ended.find(({ way, order }) => tradedOf([{ way, order }]).size > 0);
    if (trader && left.every(({ units }) => units === 0)) throw stopped(trader.way, trader.order, asked);
    return { traded, orders: left };
  }

  /** For the record only: by now the old orders may be gone. */
  async #audit(
    { id: planId, userId: actor }: Plan,
    givingWay: readonly GivingWay[],
    after: readonly (BrokerOrder | null)[],
  ): Promise<void> {
    const { store, clock, log } = this.deps;
    const orders = givingWay.map(({ orderId }, index) => ({ orderId, status: after[index]?.status ?? null }));
    await store
      .audit({ at: clock.now(), actor, kind: 'way-cleared', planId, details: { orders } })
      .catch((error: unknown) => log.error({ err: error, planId }, 'could not write the audit trail'));
  }
}

/** It can trade no more, and nothing stands in its place. */
function hasEnded(order: BrokerOrder): boolean {
  return !isOpen(order) && !order.odd && !order.replacedBy;
}

function tradedOf(ended: readonly { way: GivingWay; order: BrokerOrder }[]): ReadonlyMap<string, number> {
  const traded = new Map<string, number>();
  for (const { way, order } of ended) {
    const now = untraded(order);
    for (const [symbol, before] of Object.entries(way.untraded)) {
      const contracts = before - (now.get(symbol) ?? 0);
      if (contracts > 0) traded.set(symbol, (traded.get(symbol) ?? 0) + contracts);
    }
  }
  return traded;
}

/**
 * Whole units fewer, from the last order on, until what was traded instead of them is made up for: all of it together closes
 * no more than was shown.
 */
export function fewer(orders: readonly PlannedOrder[], traded: ReadonlyMap<string, number>): PlannedOrder[] {
  const over = new Map(traded);
  return orders
    .toReversed()
    .map((order): PlannedOrder => {
      const { units, legs, profit } = order;
      const taken = Math.min(
        units,
        Math.max(...legs.map((leg) => Math.ceil(((over.get(leg.symbol) ?? 0) * units) / leg.quantity))),
      );
      if (taken <= 0) return order;
      const left = units - taken;
      for (const { symbol, quantity } of legs) {
        over.set(symbol, (over.get(symbol) ?? 0) - (quantity / units) * taken);
      }
      return {
        ...order,
        units: left,
        legs: legs.map((leg) => ({ ...leg, quantity: (leg.quantity / units) * left })),
        profit: profit?.times(left).div(units) ?? null,
      };
    })
    .toReversed();
}

function stopped({ orderId }: GivingWay, order: BrokerOrder | null, asked: boolean): UserError {
  const traded = order !== null && hasEnded(order) && order.state !== 'filled';
  const facts = { orderId, status: order?.status ?? null, traded, replacedBy: order?.replacedBy ?? null };
  return new UserError('CHANGE_STOPPED', { ...facts, asked }, 'nothing-more');
}

/** Its cancel is under way: what can't be read now is no reason to claim that nothing happened. */
function unread(error: unknown): null {
  if (error instanceof BrokerError) return null;
  throw error;
}

import { type EntityManager, In } from 'typeorm';
import type { BrokerOrder, OrderState } from '../../domain/types.js';
import { FillRow, OrderIntentRow } from '../entities/index.js';
import { lockedIntentsByOrderIds } from './intents.js';

const FINAL: readonly (OrderState | null)[] = ['filled', 'cancelled', 'rejected', 'expired'];

/**
 * Takes over what the broker says about our own orders. Messages come in any order and more than once:
 * an older one changes no status, nothing leaves a final status, and a fill is added once.
 *
 * @returns the plans of which an order has traded or ended by this
 */
export async function recordOrders(
  manager: EntityManager,
  orders: readonly BrokerOrder[],
): Promise<Set<string>> {
  const moved = new Set<string>();
  for (const [account, ours] of byAccount(orders)) {
    const intents = await lockedIntentsByOrderIds(manager, account, [...ours.keys()]);
    for (const intent of intents) {
      for (const order of ours.get(intent.brokerOrderId ?? '') ?? []) {
        const ended = await recordStatus(manager, intent, order);
        const traded = await recordFills(manager, intent.id, order);
        if (ended || traded) moved.add(intent.planId);
      }
    }
  }
  return moved;
}

/** Accounts, and in each the orders by id in the order they were told. */
function byAccount(orders: readonly BrokerOrder[]): Map<string, Map<string, BrokerOrder[]>> {
  const accounts = new Map<string, Map<string, BrokerOrder[]>>();
  for (const order of orders) {
    const ours = accounts.get(order.account) ?? new Map<string, BrokerOrder[]>();
    ours.set(order.id, [...(ours.get(order.id) ?? []), order]);
    accounts.set(order.account, ours);
  }
  return accounts;
}

/** A message without a time is taken as new, unless the order is over. */
function isNews(intent: OrderIntentRow, order: BrokerOrder): boolean {
  if (FINAL.includes(intent.brokerState) && !FINAL.includes(order.state)) return false;
  const known = intent.brokerUpdatedAt;
  return known === null || order.updatedAt === null || order.updatedAt >= known;
}

/** True if the order has ended by this. */
async function recordStatus(
  manager: EntityManager,
  intent: OrderIntentRow,
  order: BrokerOrder,
): Promise<boolean> {
  if (!isNews(intent, order)) return false;
  const ended = FINAL.includes(order.state) && !FINAL.includes(intent.brokerState);
  const change = {
    brokerStatus: order.status,
    brokerState: order.state,
    brokerUpdatedAt: order.updatedAt ?? intent.brokerUpdatedAt,
    reason: order.rejectReason ?? intent.reason,
  };
  await manager.update(OrderIntentRow, { id: intent.id }, change);
  Object.assign(intent, change);
  return ended;
}

/** True if some of them were not known yet. */
async function recordFills(manager: EntityManager, intentId: number, order: BrokerOrder): Promise<boolean> {
  let traded = false;
  for (const leg of order.legs) {
    const { symbol } = leg.instrument;
    const told = new Map(leg.fills.map((fill) => [fill.id, fill]));
    if (told.size === 0) continue;
    const known = await manager.findBy(FillRow, { intentId, symbol, fillId: In([...told.keys()]) });
    for (const { fillId } of known) told.delete(fillId);
    if (told.size === 0) continue;
    await manager.insert(
      FillRow,
      [...told.values()].map(({ id, quantity, price, at }) => ({
        intentId,
        fillId: id,
        symbol,
        action: leg.action,
        quantity,
        price,
        filledAt: at,
      })),
    );
    traded = true;
  }
  return traded;
}

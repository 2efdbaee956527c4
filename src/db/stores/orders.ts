import { type EntityManager, In } from 'typeorm';
import type { BrokerOrder, OrderState } from '../../domain/types.js';
import { FillRow, OrderIntentRow } from '../entities/index.js';
import { lockedIntentsByOrderIds } from './intents.js';

const FINAL: readonly (OrderState | null)[] = ['filled', 'cancelled', 'rejected', 'expired'];

/**
 * Takes over what the broker says about our own orders. Messages come in any order and more than once:
 * an older one changes no status, nothing leaves a final status, and a fill is added once.
 */
export async function recordOrders(manager: EntityManager, orders: readonly BrokerOrder[]): Promise<void> {
  for (const [account, ours] of byAccount(orders)) {
    const intents = await lockedIntentsByOrderIds(manager, account, [...ours.keys()]);
    for (const intent of intents) {
      for (const order of ours.get(intent.brokerOrderId ?? '') ?? []) {
        await recordStatus(manager, intent, order);
        await recordFills(manager, intent.id, order);
      }
    }
  }
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

async function recordStatus(
  manager: EntityManager,
  intent: OrderIntentRow,
  order: BrokerOrder,
): Promise<void> {
  if (!isNews(intent, order)) return;
  const change = {
    brokerStatus: order.status,
    brokerState: order.state,
    brokerUpdatedAt: order.updatedAt ?? intent.brokerUpdatedAt,
    reason: order.rejectReason ?? intent.reason,
  };
  await manager.update(OrderIntentRow, { id: intent.id }, change);
  Object.assign(intent, change);
}

async function recordFills(manager: EntityManager, intentId: number, order: BrokerOrder): Promise<void> {
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
  }
}

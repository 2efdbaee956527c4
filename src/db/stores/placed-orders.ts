import { type EntityManager, In } from 'typeorm';
import type { BrokerOrder, OrderState } from '../../domain/types.js';
import type { OrderLink, PlacedOrders } from '../../ports/placed-orders.js';
import { chunks } from '../chunks.js';
import type { Database } from '../database.js';
import { FillRow, OrderIntentRow, PositionRow } from '../entities/index.js';
import { type ErrandLease, leaseFrom, oweResult } from './errands.js';
import { settledSince, toIntent } from './intent-rows.js';
import { oweAnew } from './outbox.js';
import { findPlan } from './plans.js';

const FINAL: readonly (OrderState | null)[] = ['filled', 'cancelled', 'rejected', 'expired'];

export function placedOrders(database: Database): PlacedOrders {
  return {
    async recordOrders(told, now) {
      return told.length === 0
        ? []
        : database.write((m) => recordOrders(m, told, leaseFrom(now, database.presence.self)));
    },
    async intentsByOrderIds(account, orderIds) {
      const rows = await database.read((m) => intentsByOrderIds(m, account, orderIds));
      return new Map(rows.flatMap((row) => (row.brokerOrderId ? [[row.brokerOrderId, toIntent(row)]] : [])));
    },
    orderLinks: (account, orderIds) => database.read((m) => orderLinks(m, account, orderIds)),
    recentlyPlaced: async (account, since) =>
      (await database.read((m) => settledSince(m, account, 'placed', since))).map(toIntent),
  };
}

/** Takes over what the broker says, and owes what is news of it; the plans whose result is owed anew. */
async function recordOrders(
  manager: EntityManager,
  told: readonly BrokerOrder[],
  lease: ErrandLease,
): Promise<string[]> {
  const moved = await takeOver(manager, told);
  const owed: string[] = [];
  for (const planId of [...new Set(moved.map((move) => move.planId))].sort()) {
    const plan = await findPlan(manager, planId);
    if (!plan) continue;
    for (const { intentId, traded } of moved.filter((move) => move.planId === planId)) {
      const { channelId, userId } = plan;
      await oweAnew(manager, { kind: 'fill', topic: String(intentId), channelId, userId }, lease.now, traded);
    }
    // Not told yet, its result is owed already, by whoever works on it.
    if (!plan.reportedAt) continue;
    await oweResult(manager, planId, lease);
    owed.push(planId);
  }
  return owed;
}

/** One of our orders has ended, or traded, since it was last told of. */
interface Move {
  planId: string;
  intentId: number;
  traded: boolean;
}

/**
 * Takes over what the broker says about our own orders. Messages come in any order and more than once:
 * an older one changes no status, nothing leaves a final status, and a fill is added once.
 *
 * @returns which have traded or ended by this
 */
async function takeOver(manager: EntityManager, orders: readonly BrokerOrder[]): Promise<Move[]> {
  const moved: Move[] = [];
  for (const [account, ours] of byAccount(orders)) {
    const intents = await lockedIntentsByOrderIds(manager, account, [...ours.keys()]);
    for (const intent of intents) {
      for (const order of ours.get(intent.brokerOrderId ?? '') ?? []) {
        const ended = await recordStatus(manager, intent, order);
        const traded = await recordFills(manager, intent.id, order);
        if (ended || traded) moved.push({ planId: intent.planId, intentId: intent.id, traded });
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

/** Placed intents by broker order id. */
async function intentsByOrderIds(
  manager: EntityManager,
  account: string,
  orderIds: readonly string[],
): Promise<OrderIntentRow[]> {
  const found: OrderIntentRow[] = [];
  for (const some of chunks([...new Set(orderIds)])) {
    const where = { account, brokerOrderId: In(some), state: 'placed' } as const;
    found.push(...(await manager.find(OrderIntentRow, { where })));
  }
  return found;
}

/** Positions of placed intents by broker order id, without making the intents: an account may have had thousands. */
async function orderLinks(
  manager: EntityManager,
  account: string,
  orderIds: readonly string[],
): Promise<Map<string, OrderLink>> {
  const links = new Map<string, OrderLink>();
  for (const some of chunks([...new Set(orderIds)])) {
    const query = manager
      .createQueryBuilder(OrderIntentRow, 'intent')
      .leftJoin(PositionRow, 'position', '"position"."id" = "intent"."position_id"')
      .select('"intent"."broker_order_id"', 'orderId')
      .addSelect('"intent"."position_id"', 'positionId')
      .addSelect('"position"."key"', 'key')
      .where({ account, brokerOrderId: In(some), state: 'placed' });
    for (const row of await query.getRawMany<OrderLink & { orderId: string }>()) {
      links.set(row.orderId, { positionId: row.positionId, key: row.key });
    }
  }
  return links;
}

/**
 * Placed intents, each row locked until the transaction ends: of two messages about one order, the second to come
 * must see what the first wrote. Locked in the order of their ids, so that two writers can't form a ring.
 */
async function lockedIntentsByOrderIds(
  manager: EntityManager,
  account: string,
  orderIds: readonly string[],
): Promise<OrderIntentRow[]> {
  const found = await intentsByOrderIds(manager, account, orderIds);
  if (manager.connection.options.type !== 'postgres') return found;
  const locked: OrderIntentRow[] = [];
  for (const some of chunks(found.map(({ id }) => id).sort((a, b) => a - b))) {
    const query = manager.createQueryBuilder(OrderIntentRow, 'intent').where({ id: In(some) });
    locked.push(...(await query.orderBy('intent.id', 'ASC').setLock('pessimistic_write').getMany()));
  }
  return locked;
}

import type { Logger } from 'pino';
import { type EntityManager, In } from 'typeorm';
import {
  type Advance,
  advance,
  fillKey,
  isLost,
  lifeEventOf,
  type OrderLife,
  stateOfStep,
  stepOf,
} from '../../domain/order-life.js';
import type { BrokerOrder, Fill } from '../../domain/types.js';
import { partnerOf } from '../../ports/order-intents.js';
import type { OrderLink, PlacedOrders } from '../../ports/placed-orders.js';
import { chunks } from '../chunks.js';
import type { Database } from '../database.js';
import { FillRow, OrderIntentRow, PositionRow } from '../entities/index.js';
import { endCancels, OF_LATE_MS, orderKey } from './cancels.js';
import { type ErrandLease, leaseFrom, noteNews, oweResult } from './errand-rows.js';
import { CLOSINGS, FILLS, gatheredIn, oweGathered } from './gathering.js';
import { intentsByOrderIds, intentsOf, settledSince, toIntent, workingIntents } from './intent-rows.js';
import { oddSteps, recordOdd, type ToldOdd } from './odd-steps.js';
import { aliveTopics, askFor, oweAnew } from './outbox.js';
import { findPlan } from './plan-rows.js';
import { lockPositions } from './positions.js';

/** What the messages are kept under that tell of an order's end. */
const LOST = 'lost';

export function placedOrders(database: Database, logger: Logger): PlacedOrders {
  return {
    async recordOrders(told, now, telling) {
      if (told.length === 0) return [];
      const lease = leaseFrom(now, database.presence.self);
      const { owed, odd } = await database.write((m) => recordOrders(m, told, now, { ...lease, telling }));
      for (const step of odd) logger.warn(step, 'the broker told a step of an order that can’t be');
      return owed;
    },
    digestedFills: (digest) => database.read((m) => gatheredIn(m, FILLS, digest)),
    oddSteps: (since) => database.read((m) => oddSteps(m, since)),
    async intentsByOrderIds(account, orderIds) {
      const rows = await database.read((m) => intentsByOrderIds(m, account, orderIds));
      return new Map(rows.flatMap((row) => (row.brokerOrderId ? [[row.brokerOrderId, toIntent(row)]] : [])));
    },
    orderLinks: (account, orderIds) => database.read((m) => orderLinks(m, account, orderIds)),
    workingIntents: async (account) => (await database.read((m) => workingIntents(m, account))).map(toIntent),
    recentlyPlaced: async (account, since) =>
      (await database.read((m) => settledSince(m, account, 'placed', since))).map(toIntent),
  };
}

/** Takes over what the broker says, and owes what is news of it; the plans whose result is owed anew. */
async function recordOrders(
  manager: EntityManager,
  told: readonly BrokerOrder[],
  now: Date,
  { telling, ...lease }: ErrandLease & { telling: string | undefined },
): Promise<{ owed: string[]; odd: Move['odd'] }> {
  const moves = await takeOver(manager, told);
  const cancelled = await endCancels(manager, told, now);
  const odd = await recordOdd(
    manager,
    moves.flatMap((move) => move.odd),
    now,
  );
  const moved = moves.filter(({ traded, ended, replaced }) => traded || ended || replaced);
  await lockPositions(manager, positionsTraded(moved));
  const owed: string[] = [];
  for (const planId of [...new Set(moved.map((move) => move.planId))].sort()) {
    const plan = await findPlan(manager, planId);
    if (!plan) continue;
    const { channelId, userId } = plan;
    const moves = moved.filter((move) => move.planId === planId);
    for (const { intentId, order, traded, lost } of moves) {
      const note = { topic: String(intentId), channelId, userId };
      await oweGathered(manager, FILLS, note, lease.now, traded ? 'gathered' : 'never');
      // Whoever had it cancelled from here is told by that cancel's own message.
      await oweAnew(manager, { ...note, kind: LOST }, lease.now, lost && !cancelled.has(orderKey(order)));
    }
    if (moves.some(({ ended }) => ended)) await askOfPartners(manager, planId, moves, lease.now);
    // It may have been the last of its position: whether it was, whoever tells it finds out.
    for (const positionId of positionsTraded(moves)) {
      const note = { topic: String(positionId), channelId, userId };
      await oweGathered(manager, CLOSINGS, note, lease.now, 'alone');
    }
    const noted = planId === telling || (await noteNews(manager, planId));
    // Not told yet, its result is owed already, by whoever works on it.
    if (!plan.reportedAt && noted) continue;
    await oweResult(manager, planId, lease);
    owed.push(planId);
  }
  return { owed, odd };
}

/** An order closes a position: what is said of it since an order of it was lost is so no more. */
export async function oweLostOf(
  manager: EntityManager,
  { account, positionId }: { account: string; positionId: number },
  now: Date,
): Promise<void> {
  const ids = await aliveTopics(manager, LOST, new Date(now.getTime() - OF_LATE_MS));
  const concerned = await manager.findBy(OrderIntentRow, { id: In(ids.map(Number)), account, positionId });
  await askFor(
    manager,
    concerned.map(({ id }) => ({ kind: LOST, topic: String(id) })),
    now,
  );
}

/** What was said of an order that was lost says how the other one of its pair stands. */
async function askOfPartners(
  manager: EntityManager,
  planId: string,
  moves: readonly Move[],
  now: Date,
): Promise<void> {
  const intents = await intentsOf(manager, planId);
  const ended = new Set(moves.flatMap((move) => (move.ended ? move.intentId : [])));
  const partners = intents.filter(({ id }) => ended.has(id)).flatMap((one) => partnerOf(one, intents) ?? []);
  await askFor(
    manager,
    partners.map(({ id }) => ({ kind: LOST, topic: String(id) })),
    now,
  );
}

/** One of our orders was told of. */
interface Move {
  planId: string;
  positionId: number;
  intentId: number;
  /** It has traded, or ended, since it was last told of. */
  traded: boolean;
  ended: boolean;
  /** It has ended so that nothing stands in its place. */
  lost: boolean;
  /** Which order took its place is told only now that it has ended. */
  replaced: boolean;
  order: BrokerOrder;
  odd: ToldOdd[];
}

function positionsTraded(moves: readonly Move[]): Set<number> {
  return new Set(moves.filter(({ traded }) => traded).map(({ positionId }) => positionId));
}

/** Takes over what the broker says about our own orders, in whatever order it comes. */
async function takeOver(manager: EntityManager, orders: readonly BrokerOrder[]): Promise<Move[]> {
  const moved: Move[] = [];
  for (const [account, ours] of byAccount(orders)) {
    const intents = await lockedIntentsByOrderIds(manager, account, [...ours.keys()]);
    for (const intent of intents) {
      for (const order of ours.get(intent.brokerOrderId ?? '') ?? []) {
        const before = await lifeOf(manager, intent, order);
        const moves = advance(before, lifeEventOf(order));
        await recordStatus(manager, intent, order, moves);
        await recordFills(manager, intent.id, order, moves);
        moved.push({
          planId: intent.planId,
          positionId: intent.positionId,
          intentId: intent.id,
          traded: moves.traded.length > 0,
          ended: moves.ended,
          lost: moves.ended && isLost(moves.life),
          replaced: isLost(before) && !isLost(moves.life),
          order,
          odd: moves.odd
            ? [{ ...moves.odd, orderId: order.id, told: order.updatedAt?.toISOString() ?? '' }]
            : [],
        });
      }
    }
  }
  return moved;
}

/** As far as it is known, of its fills those alone that are told now. */
async function lifeOf(
  manager: EntityManager,
  intent: OrderIntentRow,
  order: BrokerOrder,
): Promise<OrderLife> {
  const { brokerStep, brokerState, brokerUpdatedAt, replacedBy } = intent;
  return {
    step:
      brokerState === null ? null : stepOf({ state: brokerState, ...(brokerStep && { step: brokerStep }) }),
    at: brokerUpdatedAt,
    replacedBy,
    fills: await knownFills(manager, intent.id, order),
  };
}

async function knownFills(
  manager: EntityManager,
  intentId: number,
  { legs }: BrokerOrder,
): Promise<Map<string, Fill>> {
  const told = new Set(legs.flatMap(({ fills }) => fills.map(({ id }) => id)));
  if (told.size === 0) return new Map();
  const rows = await manager.findBy(FillRow, { intentId, fillId: In([...told]) });
  return new Map(
    rows.map(({ symbol, fillId, quantity, price, filledAt }) => {
      const fill = { id: fillId, quantity, price, at: filledAt };
      return [fillKey({ symbol, fill }), fill];
    }),
  );
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

async function recordStatus(
  manager: EntityManager,
  intent: OrderIntentRow,
  order: BrokerOrder,
  { life, taken }: Advance,
): Promise<void> {
  const { step } = life;
  const change = {
    replacedBy: life.replacedBy,
    ...(taken &&
      step && {
        brokerStatus: order.status,
        brokerState: stateOfStep(step),
        brokerStep: step,
        brokerUpdatedAt: life.at,
        reason: order.rejectReason ?? intent.reason,
      }),
  };
  // Most lists say again what was known.
  const row: Partial<Record<string, unknown>> = { ...intent };
  if (Object.entries(change).every(([name, value]) => sameValue(row[name], value))) return;
  await manager.update(OrderIntentRow, { id: intent.id }, change);
  Object.assign(intent, change);
}

function sameValue(one: unknown, other: unknown): boolean {
  return one instanceof Date && other instanceof Date ? one.getTime() === other.getTime() : one === other;
}

async function recordFills(
  manager: EntityManager,
  intentId: number,
  order: BrokerOrder,
  { traded }: Advance,
): Promise<void> {
  if (traded.length === 0) return;
  const actions = new Map(order.legs.map(({ instrument, action }) => [instrument.symbol, action]));
  await manager.insert(
    FillRow,
    traded.flatMap(({ symbol, fill: { id, quantity, price, at } }) => {
      const action = actions.get(symbol);
      return action ? [{ intentId, fillId: id, symbol, action, quantity, price, filledAt: at }] : [];
    }),
  );
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

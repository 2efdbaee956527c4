import { type EntityManager, type FindOptionsWhere, In, MoreThanOrEqual } from 'typeorm';
import { type ClaimRequest, type NewIntent, type OrderLink, UNRESOLVED } from '../../ports/store.js';
import { chunks } from '../chunks.js';
import { OrderIntentRow, PositionRow } from '../entities/index.js';

/** Inserts a claimed plan's intents in the order given; their ids ascend in that order. */
export async function insertIntents(manager: EntityManager, claim: ClaimRequest): Promise<OrderIntentRow[]> {
  const life = {
    state: claim.state,
    createdAt: claim.now,
    sentAt: claim.state === 'submitting' ? claim.now : null,
    brokerOrderId: null,
    brokerStatus: null,
    brokerState: null,
    brokerUpdatedAt: null,
    reason: null,
    lookalikes: null,
    settledAt: null,
  };
  for (const some of chunks(claim.intents)) {
    await manager.insert(
      OrderIntentRow,
      some.map((intent) => ({ ...pick(intent), ...life })),
    );
  }
  return intentsOf(manager, claim.planId);
}

/** Only the known fields: what else a caller's object carries must not reach the statement. */
function pick(intent: NewIntent): NewIntent {
  const { planId, account, positionId, targetKey, label, underlying, externalIdentifier } = intent;
  const { legs, units, price, effect, percent, profit } = intent;
  return {
    planId,
    account,
    positionId,
    targetKey,
    label,
    underlying,
    externalIdentifier,
    legs,
    units,
    price,
    effect,
    percent,
    profit,
  };
}

export function findIntent(manager: EntityManager, id: number): Promise<OrderIntentRow | null> {
  return manager.findOneBy(OrderIntentRow, { id });
}

export function intentsOf(manager: EntityManager, planId: string): Promise<OrderIntentRow[]> {
  return manager.find(OrderIntentRow, { where: { planId }, order: { id: 'ASC' } });
}

export function unresolvedIntents(manager: EntityManager): Promise<OrderIntentRow[]> {
  return manager.find(OrderIntentRow, {
    where: { state: In([...UNRESOLVED]) },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
}

/** Placed intents by broker order id. */
export async function intentsByOrderIds(
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
export async function orderLinks(
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
export async function lockedIntentsByOrderIds(
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

/** In the order they were settled; `since` itself counts. */
export function settledSince(
  manager: EntityManager,
  account: string,
  state: 'placed' | 'absent',
  since: Date,
): Promise<OrderIntentRow[]> {
  return manager.find(OrderIntentRow, {
    where: { account, state, settledAt: MoreThanOrEqual(since) },
    order: { settledAt: 'ASC', id: 'ASC' },
  });
}

/** Returns how many rows changed. */
export async function updateIntents(
  manager: EntityManager,
  which: FindOptionsWhere<OrderIntentRow>,
  change: Partial<
    Pick<
      OrderIntentRow,
      'state' | 'brokerOrderId' | 'brokerStatus' | 'reason' | 'lookalikes' | 'sentAt' | 'settledAt'
    >
  >,
): Promise<number> {
  const { affected } = await manager.update(OrderIntentRow, which, change);
  return affected ?? 0;
}

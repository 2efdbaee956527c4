import { type EntityManager, type FindOptionsWhere, In, MoreThanOrEqual } from 'typeorm';
import {
  type ClaimRequest,
  type NewIntent,
  type OrderIntent,
  UNRESOLVED,
} from '../../ports/order-intents.js';
import { chunks } from '../chunks.js';
import { OrderIntentRow } from '../entities/index.js';
import { locked } from '../locked.js';

/** Inserts a claimed plan's intents in the order given; their ids ascend in that order. */
export async function insertIntents(manager: EntityManager, claim: ClaimRequest): Promise<OrderIntentRow[]> {
  const life = {
    state: claim.state,
    createdAt: claim.now,
    sentAt: claim.state === 'submitting' ? claim.now : null,
    brokerOrderId: null,
    brokerStatus: null,
    brokerState: null,
    brokerStep: null,
    replacedBy: null,
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
  const { planId, account, kind, positionId, targetKey, label, underlying, externalIdentifier } = intent;
  const { legs, units, price, stopTrigger, effect, percent, profit } = intent;
  return {
    planId,
    account,
    kind,
    positionId,
    targetKey,
    label,
    underlying,
    externalIdentifier,
    legs,
    units,
    price,
    stopTrigger,
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

/** Returns how many rows changed. */
export async function updateIntents(
  manager: EntityManager,
  which: FindOptionsWhere<OrderIntentRow>,
  change: Partial<
    Pick<
      OrderIntentRow,
      | 'state'
      | 'legs'
      | 'units'
      | 'profit'
      | 'brokerOrderId'
      | 'brokerStatus'
      | 'reason'
      | 'lookalikes'
      | 'sentAt'
      | 'settledAt'
    >
  >,
): Promise<number> {
  const { affected } = await manager.update(OrderIntentRow, which, change);
  return affected ?? 0;
}

/** Leaves out what only the store needs to keep late broker messages from undoing later ones. */
export function toIntent(row: OrderIntentRow): OrderIntent {
  const { brokerUpdatedAt: _at, brokerStep: _step, lookalikes, ...intent } = row;
  return { ...intent, lookalikes: lookalikes ?? [] };
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

/** In the words of the index: SQLite uses it for no others. */
const NOT_ENDED = `"state" = 'placed' AND ("broker_state" IS NULL OR "broker_state" IN ('submitted', 'working', 'unrecognised'))`;

/** One of ours that is placed and hasn't ended, as far as was told. */
export function stillWorking(manager: EntityManager, id: number): Promise<OrderIntentRow | null> {
  return locked(
    manager.createQueryBuilder(OrderIntentRow, 'intent').where({ id }).andWhere(NOT_ENDED),
  ).getOne();
}

/** Of one account, what works or may exist. */
export async function workingIntents(manager: EntityManager, account: string): Promise<OrderIntentRow[]> {
  const unresolved = await manager.findBy(OrderIntentRow, { account, state: In([...UNRESOLVED]) });
  const placed = await manager
    .createQueryBuilder(OrderIntentRow, 'intent')
    .where({ account })
    .andWhere(NOT_ENDED)
    .getMany();
  return [...unresolved, ...placed].sort((a, b) => a.id - b.id);
}

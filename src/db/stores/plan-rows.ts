import type { EntityManager } from 'typeorm';
import { LEASE_MS } from '../../ports/errands.js';
import type { NewPlan, PlanStatus } from '../../ports/store.js';
import { instantToMillis } from '../columns.js';
import { PlanRow } from '../entities/index.js';
import { StoreRefusal } from '../errors.js';
import { locked } from '../locked.js';
import { oweErrand, putOffErrands } from './errand-rows.js';

export async function insertPlan(manager: EntityManager, plan: NewPlan): Promise<void> {
  const { id, account, userId, guildId, channelId, createdAt, expiresAt, payload } = plan;
  await manager.insert(PlanRow, {
    id,
    account,
    userId,
    guildId,
    channelId,
    createdAt,
    expiresAt,
    payload,
    status: 'open',
    messageIds: [],
    reportedAt: null,
    lookedAt: null,
  });
  // Its buttons go when its time is up. Whoever shows it is faster; this is for a process that isn't there then.
  await oweErrand(manager, id, 'buttons', new Date(expiresAt.getTime() + LEASE_MS));
}

export function findPlan(manager: EntityManager, id: string): Promise<PlanRow | null> {
  return manager.findOneBy(PlanRow, { id });
}

/**
 * The plan, locked until the transaction ends. Whatever changes a plan's status or intents takes this lock
 * first, so two orders of one plan settling side by side can't each think the other is still open.
 */
export function lockPlan(manager: EntityManager, id: string): Promise<PlanRow | null> {
  return locked(manager.createQueryBuilder(PlanRow, 'plan').where({ id })).getOne();
}

/** False if the plan is missing or not in `from`; the check and the change are one statement. */
export async function movePlan(
  manager: EntityManager,
  id: string,
  from: PlanStatus,
  to: PlanStatus,
): Promise<boolean> {
  const { affected } = await manager.update(PlanRow, { id, status: from }, { status: to });
  return affected === 1;
}

/**
 * An unpressed plan that can't be sent any more. Its message is to say so, which whoever ended it sees to; should that not
 * succeed or not be written down, others take it up after so long, and not only when its time is up.
 * @returns false if it is missing, or not open
 */
export async function endPlan(
  manager: EntityManager,
  id: string,
  to: Exclude<PlanStatus, 'open' | 'claimed' | 'done'>,
  now: Date,
): Promise<boolean> {
  if (!(await movePlan(manager, id, 'open', to))) return false;
  await putOffErrands(manager, [id], 'buttons', new Date(now.getTime() + LEASE_MS));
  return true;
}

/** Ends the old plan and inserts the new one, or does neither. */
export async function supersedePlan(manager: EntityManager, oldId: string, plan: NewPlan): Promise<boolean> {
  if (!(await endPlan(manager, oldId, 'superseded', plan.createdAt))) return false;
  await insertPlan(manager, plan);
  return true;
}

export async function updatePlan(
  manager: EntityManager,
  id: string,
  change: Partial<Pick<PlanRow, 'messageIds' | 'reportedAt' | 'lookedAt'>>,
): Promise<void> {
  const { affected } = await manager.update(PlanRow, { id }, change);
  if (affected !== 1) throw new StoreRefusal('NO_SUCH_PLAN', `there is no plan ${id}`);
}

/** In the order they were told. */
export function plansUnderWay(manager: EntityManager, since: Date): Promise<PlanRow[]> {
  return manager
    .createQueryBuilder(PlanRow, 'plan')
    .where('plan.reportedAt >= :since', { since: instantToMillis(since) })
    .andWhere(
      `EXISTS (SELECT 1 FROM "order_intents" "intent" WHERE "intent"."plan_id" = plan.id
        AND "intent"."state" = 'placed'
        AND (plan.lookedAt IS NULL OR "intent"."broker_state" IS NULL OR "intent"."broker_state" = 'submitted'))`,
    )
    .orderBy('plan.reportedAt', 'ASC')
    .addOrderBy('plan.id', 'ASC')
    .getMany();
}

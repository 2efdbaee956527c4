import { type EntityManager, In } from 'typeorm';
import type { AuditEvent, AuditTrail, OrderTrail } from '../../ports/audit.js';
import type { Database } from '../database.js';
import { AuditEventRow, FillRow, OrderIntentRow, PlanRow } from '../entities/index.js';
import { toIntent } from './intent-rows.js';

export function auditTrail(database: Database): AuditTrail {
  return {
    audit: (event) => database.write((m) => appendAudit(m, event)),
    trail: (account, positionId, most) => database.read((m) => trailOf(m, { account, positionId }, most)),
  };
}

/** For what is audited in the transaction that does it. */
export async function appendAudit(manager: EntityManager, event: AuditEvent): Promise<void> {
  const { at, actor, kind, planId, details } = event;
  await manager.insert(AuditEventRow, { at, actor, kind, planId, details: details as object });
}

async function trailOf(
  manager: EntityManager,
  where: Pick<OrderIntentRow, 'account' | 'positionId'>,
  take: number,
): Promise<OrderTrail[]> {
  const intents = await manager.find(OrderIntentRow, { where, order: { id: 'DESC' }, take });
  const planIds = [...new Set(intents.map(({ planId }) => planId))];
  const plans = await manager.find(PlanRow, {
    where: { id: In(planIds) },
    select: ['id', 'userId', 'guildId', 'channelId', 'messageIds', 'createdAt'],
  });
  const events = await manager.find(AuditEventRow, { where: { planId: In(planIds) }, order: { id: 'ASC' } });
  const fills = await manager.find(FillRow, {
    where: { intentId: In(intents.map(({ id }) => id)) },
    order: { filledAt: 'ASC', id: 'ASC' },
  });
  return intents.flatMap((intent) => {
    const plan = plans.find(({ id }) => id === intent.planId);
    if (!plan) return [];
    return {
      intent: toIntent(intent),
      plan,
      events: events.filter(({ planId }) => planId === intent.planId),
      fills: fills
        .filter(({ intentId }) => intentId === intent.id)
        .map(({ symbol, quantity, price, filledAt }) => ({ symbol, quantity, price, at: filledAt })),
      toldAt: intent.brokerUpdatedAt,
    };
  });
}

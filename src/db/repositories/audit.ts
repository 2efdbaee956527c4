import type { EntityManager } from 'typeorm';
import type { AuditEvent } from '../../ports/store.js';
import { AuditEventRow } from '../entities/index.js';

export async function appendAudit(manager: EntityManager, event: AuditEvent): Promise<void> {
  const { at, actor, kind, planId, details } = event;
  await manager.insert(AuditEventRow, { at, actor, kind, planId, details: details as object });
}

/** Oldest first. */
export function auditTrail(manager: EntityManager, planId: string): Promise<AuditEventRow[]> {
  return manager.find(AuditEventRow, { where: { planId }, order: { id: 'ASC' } });
}

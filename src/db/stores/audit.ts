import type { EntityManager } from 'typeorm';
import type { AuditEvent, AuditTrail } from '../../ports/audit.js';
import type { Database } from '../database.js';
import { AuditEventRow } from '../entities/index.js';

export function auditTrail(database: Database): AuditTrail {
  return { audit: (event) => database.write((m) => appendAudit(m, event)) };
}

/** For what is audited in the transaction that does it. */
export async function appendAudit(manager: EntityManager, event: AuditEvent): Promise<void> {
  const { at, actor, kind, planId, details } = event;
  await manager.insert(AuditEventRow, { at, actor, kind, planId, details: details as object });
}

import { type EntityManager, In, MoreThanOrEqual } from 'typeorm';
import type { OddStep } from '../../domain/order-life.js';
import type { OddPositionStep } from '../../domain/position-life.js';
import type { OddSteps } from '../../ports/placed-orders.js';
import { AuditEventRow } from '../entities/index.js';
import { appendAudit } from './audit.js';

const ORDER = 'odd-order-step';
const POSITION = 'odd-position-step';
const ODD_STEPS_MS = 7 * 86_400_000;

/** With the broker's time of it, `''` if none: every list tells the same contradiction again, and it counts once. */
export type ToldOdd = OddStep & { orderId: string; told: string };

/** A contradiction between two reads of an account. */
export type OddPosition = OddPositionStep & { positionId: number };

/** Writes down steps that can't be, in the audit trail. @returns those that were not known */
export async function recordOdd<Odd extends ToldOdd | OddPosition>(
  manager: EntityManager,
  odd: readonly Odd[],
  now: Date,
): Promise<Odd[]> {
  if (odd.length === 0) return [];
  const since = new Date(now.getTime() - ODD_STEPS_MS);
  const known = await manager.findBy(AuditEventRow, {
    kind: In([ORDER, POSITION]),
    at: MoreThanOrEqual(since),
  });
  const seen = new Set(known.map(({ details }) => oddKey(details)));
  const fresh: Odd[] = [];
  for (const step of odd) {
    if (seen.has(oddKey({ ...step }))) continue;
    seen.add(oddKey({ ...step }));
    fresh.push(step);
    const kind = 'orderId' in step ? ORDER : POSITION;
    await appendAudit(manager, { at: now, actor: 'system', kind, planId: null, details: { ...step } });
  }
  return fresh;
}

function oddKey({ orderId, positionId, from, to, told }: Record<string, unknown>): string {
  return JSON.stringify([orderId, positionId, from, to, told]);
}

/** See the port. */
export async function oddSteps(manager: EntityManager, since: Date): Promise<OddSteps> {
  const where = { kind: In([ORDER, POSITION]), at: MoreThanOrEqual(since) };
  const [[last], count] = await manager.findAndCount(AuditEventRow, {
    where,
    order: { at: 'DESC', id: 'DESC' },
    take: 1,
  });
  if (!last) return { count, last: null };
  const { orderId, positionId, from, to } = last.details;
  const of = last.kind === ORDER ? 'order' : 'position';
  const id = String(of === 'order' ? orderId : positionId);
  return { count, last: { of, id, from: String(from), to: String(to), at: last.at } };
}

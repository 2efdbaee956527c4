import { type EntityManager, In, LessThanOrEqual } from 'typeorm';
import type { Errand, ErrandKind } from '../../ports/errands.js';
import { instantToMillis } from '../columns.js';
import { ErrandRow } from '../entities/index.js';

export function errandsDue(manager: EntityManager, now: Date, limit: number): Promise<ErrandRow[]> {
  return manager.find(ErrandRow, {
    where: { wakeAt: LessThanOrEqual(now) },
    order: { wakeAt: 'ASC', planId: 'ASC', kind: 'ASC' },
    take: limit,
  });
}

/** Of those seen due, the ones that nobody else took meanwhile: each is taken by one conditional statement. */
export async function takeErrands(
  manager: EntityManager,
  seen: readonly ErrandRow[],
  until: Date,
): Promise<Errand[]> {
  const taken: Errand[] = [];
  for (const { planId, kind, wakeAt, attempts } of seen) {
    const change = { wakeAt: until, attempts: attempts + 1 };
    const { affected } = await manager.update(ErrandRow, { planId, kind, wakeAt }, change);
    if (affected === 1) taken.push({ planId, kind, attempts: attempts + 1 });
  }
  return taken;
}

export async function owedResults(manager: EntityManager): Promise<string[]> {
  const rows = await manager.find(ErrandRow, {
    where: { kind: 'result' },
    order: { wakeAt: 'ASC', planId: 'ASC' },
  });
  return rows.map(({ planId }) => planId);
}

export async function wakeButtons(manager: EntityManager, now: Date): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(ErrandRow)
    .set({ wakeAt: now })
    .where({ kind: 'buttons' })
    .andWhere('"wake_at" > :now', { now: instantToMillis(now) })
    .andWhere(`"plan_id" IN (SELECT "id" FROM "plans" WHERE "status" <> 'open')`)
    .execute();
}

export async function oweErrand(
  manager: EntityManager,
  planId: string,
  kind: ErrandKind,
  wakeAt: Date,
): Promise<void> {
  const { affected } = await manager.update(ErrandRow, { planId, kind }, { wakeAt });
  if (affected === 0)
    await manager.upsert(ErrandRow, { planId, kind, wakeAt, attempts: 0 }, ['planId', 'kind']);
}

export async function putOffErrands(
  manager: EntityManager,
  planIds: readonly string[],
  kind: ErrandKind,
  wakeAt: Date,
): Promise<void> {
  // In one order everywhere, so that two writers never wait for each other in a ring.
  for (const planId of [...planIds].sort()) await manager.update(ErrandRow, { planId, kind }, { wakeAt });
}

export async function endErrand(manager: EntityManager, planId: string, kind: ErrandKind): Promise<void> {
  await manager.delete(ErrandRow, { planId, kind: In([kind]) });
}

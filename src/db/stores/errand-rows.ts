import { type EntityManager, In, LessThanOrEqual } from 'typeorm';
import { type Errand, type ErrandKind, LEASE_MS } from '../../ports/errands.js';
import { instantToMillis } from '../columns.js';
import { ErrandRow } from '../entities/index.js';

/** Who is at something, and until when others leave it alone. */
export interface ErrandLease {
  owner: string;
  now: Date;
  until: Date;
}

/** As long as others leave alone what a process has begun. */
export function leaseFrom(now: Date, owner: string): ErrandLease {
  return { owner, now, until: new Date(now.getTime() + LEASE_MS) };
}

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
  { owner, until }: ErrandLease,
): Promise<Errand[]> {
  const taken: Errand[] = [];
  for (const { planId, kind, wakeAt, attempts } of seen) {
    const change = { wakeAt: until, owner, attempts: attempts + 1 };
    const { affected } = await manager.update(ErrandRow, { planId, kind, wakeAt }, change);
    if (affected === 1) taken.push({ planId, kind, attempts: attempts + 1 });
  }
  return taken;
}

/** Plans whose result no other process is at, which this one has from here on. */
export async function holdResults(
  manager: EntityManager,
  planIds: readonly string[],
  lease: ErrandLease,
): Promise<string[]> {
  const held: string[] = [];
  for (const planId of [...planIds].sort()) {
    const row = { planId, kind: 'result' } as const;
    const free = (await take(manager, row, lease)) || !(await manager.existsBy(ErrandRow, row));
    if (free) held.push(planId);
  }
  return held;
}

/** Those of them that (still) are this process's. */
export async function renewResults(
  manager: EntityManager,
  planIds: readonly string[],
  { owner, until }: ErrandLease,
): Promise<void> {
  for (const planId of [...planIds].sort()) {
    await manager.update(ErrandRow, { planId, kind: 'result', owner }, { wakeAt: until });
  }
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

/** Due at an instant, and nobody is at it. */
export async function oweErrand(
  manager: EntityManager,
  planId: string,
  kind: ErrandKind,
  wakeAt: Date,
): Promise<void> {
  const change = { wakeAt, owner: null };
  const { affected } = await manager.update(ErrandRow, { planId, kind }, change);
  if (affected === 0)
    await manager.upsert(ErrandRow, { planId, kind, attempts: 0, ...change }, ['planId', 'kind']);
}

/** What is found out from here on isn't in what is told, unless another process is at it. */
export async function beginTelling(
  manager: EntityManager,
  planId: string,
  { owner, now }: ErrandLease,
): Promise<void> {
  await changeFree(manager, { planId, kind: 'result' }, { owner, now }, { news: false });
}

/** Whoever is at telling it tells it once more. @returns false if its result isn't owed */
export async function noteNews(manager: EntityManager, planId: string): Promise<boolean> {
  const { affected } = await manager.update(ErrandRow, { planId, kind: 'result' }, { news: true });
  return affected === 1;
}

/** This process has found out something about a plan and is about to tell it, unless another is at that already. */
export async function oweResult(manager: EntityManager, planId: string, lease: ErrandLease): Promise<void> {
  const row = { planId, kind: 'result' } as const;
  if ((await take(manager, row, lease)) || (await manager.existsBy(ErrandRow, row))) return;
  const { owner, until } = lease;
  await manager.upsert(ErrandRow, { ...row, wakeAt: until, owner, attempts: 0 }, ['planId', 'kind']);
}

function take(
  manager: EntityManager,
  row: Pick<ErrandRow, 'planId' | 'kind'>,
  { owner, now, until }: ErrandLease,
): Promise<boolean> {
  return changeFree(manager, row, { owner, now }, { wakeAt: until, owner });
}

/** Where no other process is at it. By one statement: two processes never do. @returns false where another is, or it isn't owed */
async function changeFree(
  manager: EntityManager,
  { planId, kind }: Pick<ErrandRow, 'planId' | 'kind'>,
  { owner, now }: Pick<ErrandLease, 'owner' | 'now'>,
  change: Partial<Pick<ErrandRow, 'wakeAt' | 'owner' | 'news'>>,
): Promise<boolean> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(ErrandRow)
    .set(change)
    .where({ planId, kind })
    .andWhere('("owner" IS NULL OR "owner" = :owner OR "wake_at" <= :now)', {
      owner,
      now: instantToMillis(now),
    })
    .execute();
  return affected === 1;
}

/** A result that is due by then, or has news, is owed still. @returns false if it has news */
export async function endResult(manager: EntityManager, planId: string, by: Date): Promise<boolean> {
  await manager
    .createQueryBuilder()
    .delete()
    .from(ErrandRow)
    .where({ planId, kind: 'result', news: false })
    .andWhere('"wake_at" > :by', { by: instantToMillis(by) })
    .execute();
  return !(await manager.existsBy(ErrandRow, { planId, kind: 'result', news: true }));
}

export async function putOffErrands(
  manager: EntityManager,
  planIds: readonly string[],
  kind: ErrandKind,
  wakeAt: Date,
): Promise<void> {
  // In one order everywhere, so that two writers never wait for each other in a ring.
  for (const planId of [...planIds].sort())
    await manager.update(ErrandRow, { planId, kind }, { wakeAt, owner: null });
}

export async function endErrand(manager: EntityManager, planId: string, kind: ErrandKind): Promise<void> {
  await manager.delete(ErrandRow, { planId, kind: In([kind]) });
}

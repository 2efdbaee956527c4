import { type EntityManager, In } from 'typeorm';
import type { ClaimDueRequest } from '../../../ports/reminder-store.js';
import { chunks } from '../../chunks.js';
import { instantToMillis } from '../../columns.js';
import { ReminderOccurrenceRow } from '../../entities/index.js';
import { claimed, ending, WHILE_AWAY } from './occurrences.js';

/** Takes up waiting occurrences, and claims whose lease ran out; ends those that come too late. */
export async function takeAgain(
  manager: EntityManager,
  request: ClaimDueRequest,
): Promise<ReminderOccurrenceRow[]> {
  const { now, graceMs } = request;
  const rows = await wakened(manager, now, request.limit);
  const graceStart = now.getTime() - graceMs;
  const stale = rows.filter((row) => row.dueAt.getTime() < graceStart && wasNeverTried(row));
  await endStale(manager, stale, now);
  const staleIds = new Set(stale.map(({ id }) => id));
  return takeRows(
    manager,
    rows.map(({ id }) => id).filter((id) => !staleIds.has(id)),
    request,
  );
}

/** Neither may its message have left, nor was it put off after a failure of which the owner is to hear. */
function wasNeverTried({ state, attempts, dispatchedAt }: ReminderOccurrenceRow): boolean {
  return dispatchedAt === null && (state === 'claimed' || attempts === 0);
}

/** Oldest first, with those that left in the same message: they must never be split between two processes. */
async function wakened(manager: EntityManager, now: Date, limit: number): Promise<ReminderOccurrenceRow[]> {
  const query = () =>
    manager
      .createQueryBuilder(ReminderOccurrenceRow, 'occurrence')
      .where('occurrence.wakeAt <= :now', { now: instantToMillis(now) });
  const rows = await query().orderBy('occurrence.wakeAt').addOrderBy('occurrence.id').limit(limit).getMany();
  const found = new Map(rows.map((row) => [row.id, row]));
  const leads = new Set(rows.flatMap(({ leadId }) => (leadId === null ? [] : [leadId])));
  for (const some of chunks([...leads])) {
    const mates = await query()
      .andWhere({ leadId: In(some) })
      .getMany();
    for (const row of mates) found.set(row.id, row);
  }
  return [...found.values()];
}

async function endStale(manager: EntityManager, stale: ReminderOccurrenceRow[], now: Date): Promise<void> {
  for (const some of chunks(stale)) {
    await manager
      .createQueryBuilder()
      .update(ReminderOccurrenceRow)
      .set(ending({ state: 'missed', note: WHILE_AWAY, at: now }))
      .where({ id: In(some.map(({ id }) => id)) })
      .andWhere('"wake_at" <= :now', { now: instantToMillis(now) })
      .execute();
  }
}

/** A claim that its owner ended meanwhile is no longer there to be taken. */
async function takeRows(
  manager: EntityManager,
  ids: number[],
  request: ClaimDueRequest,
): Promise<ReminderOccurrenceRow[]> {
  const taken: ReminderOccurrenceRow[] = [];
  for (const some of chunks(ids)) {
    await manager
      .createQueryBuilder()
      .update(ReminderOccurrenceRow)
      .set({ ...claimed(request), attempts: () => '"attempts" + 1' })
      .where({ id: In(some) })
      .andWhere('"wake_at" <= :now', { now: instantToMillis(request.now) })
      .execute();
    taken.push(...(await manager.findBy(ReminderOccurrenceRow, { id: In(some), ...claimed(request) })));
  }
  return taken;
}

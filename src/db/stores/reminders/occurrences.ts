import { type EntityManager, In } from 'typeorm';
import type { Reason } from '../../../domain/reasons.js';
import type { OccurrenceState } from '../../../ports/reminder-store.js';
import { chunks } from '../../chunks.js';
import { instantToMillis } from '../../columns.js';
import { OutboxRow, ReminderOccurrenceRow } from '../../entities/index.js';
import { REMINDER } from './messages.js';
import { findReminder } from './reminders.js';

type Change = Partial<Omit<ReminderOccurrenceRow, 'id' | 'reminderId' | 'dueAt'>>;

export interface Ending {
  state: OccurrenceState;
  messageRef?: string | null;
  note?: Reason | null;
  at: Date;
}

/** The note of a run that nobody was there to deliver. */
export const WHILE_AWAY: Reason = { code: 'NOT_RUNNING' };

export type NewOccurrence = Omit<ReminderOccurrenceRow, 'id'>;

/** A run nobody has touched yet. */
export function blank(reminderId: number, dueAt: Date): NewOccurrence {
  return {
    reminderId,
    dueAt,
    wakeAt: dueAt,
    snoozed: false,
    state: 'waiting',
    dispatchedAt: null,
    leadId: null,
    coveredBy: null,
    messageRef: null,
    note: null,
    finishedAt: null,
    doneAt: null,
  };
}

export function ending({ state, messageRef = null, note = null, at }: Ending) {
  return { state, messageRef, note, finishedAt: at, wakeAt: null } satisfies Change;
}

/** Whatever of a reminder is open and surely not posted; what may have left is settled by looking. */
export async function endOwed(manager: EntityManager, reminderId: number, at: Date): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(ReminderOccurrenceRow)
    .set(ending({ state: 'missed', note: { code: 'PAUSED' }, at }))
    .where({ reminderId, state: In(['waiting', 'owed']) })
    .andWhere('"dispatched_at" IS NULL')
    .execute();
}

export async function markDone(manager: EntityManager, id: number, at: Date): Promise<boolean> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(ReminderOccurrenceRow)
    .set({ doneAt: at })
    .where('"id" = :id AND "done_at" IS NULL', { id })
    .execute();
  return affected === 1;
}

/** Occurrences of one message, over or not; the one that leads it comes first. */
export async function together(manager: EntityManager, leadId: number): Promise<ReminderOccurrenceRow[]> {
  const rows = await manager.find(ReminderOccurrenceRow, { where: { leadId }, order: { id: 'ASC' } });
  return rows.sort((a, b) => Number(b.id === leadId) - Number(a.id === leadId));
}

/** Two presses at once clash on the instant; the loser's transaction runs again and sees the winner's row. */
export async function snooze(manager: EntityManager, reminderId: number, dueAt: Date): Promise<boolean> {
  if (!(await findReminder(manager, reminderId))) return false;
  if (await manager.existsBy(ReminderOccurrenceRow, { reminderId, dueAt })) return false;
  await manager.insert(ReminderOccurrenceRow, { ...blank(reminderId, dueAt), snoozed: true });
  return true;
}

export function recentOccurrences(
  manager: EntityManager,
  reminderId: number,
  limit: number,
): Promise<ReminderOccurrenceRow[]> {
  return manager.find(ReminderOccurrenceRow, {
    where: { reminderId },
    order: { dueAt: 'DESC', id: 'DESC' },
    take: limit,
  });
}

/** Snoozes are left out: they say nothing about the schedule. */
export async function lastRuns(manager: EntityManager, ids: readonly number[]): Promise<Map<number, Date>> {
  const last = new Map<number, Date>();
  for (const some of chunks([...new Set(ids)])) {
    const rows = await manager
      .createQueryBuilder(ReminderOccurrenceRow, 'occurrence')
      .select('occurrence.reminderId', 'id')
      .addSelect('MAX(occurrence.dueAt)', 'at')
      .where({ reminderId: In(some), snoozed: false })
      .groupBy('occurrence.reminderId')
      .getRawMany<{ id: number; at: string | number }>();
    for (const { id, at } of rows) last.set(id, new Date(Number(at)));
  }
  return last;
}

/** See the port. What a later run stands for was told with it. */
export async function untold(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, Pick<ReminderOccurrenceRow, 'dueAt' | 'note'>>> {
  const found = new Map<number, Pick<ReminderOccurrenceRow, 'dueAt' | 'note'>>();
  for (const some of chunks([...new Set(ids)])) {
    const rows = await manager
      .createQueryBuilder(ReminderOccurrenceRow, 'occurrence')
      .where({ reminderId: In(some), state: In(['missed', 'failed']) })
      .andWhere('occurrence.coveredBy IS NULL')
      .andWhere(
        `NOT EXISTS (SELECT 1 FROM "reminder_occurrences" "later"
          WHERE "later"."reminder_id" = "occurrence"."reminder_id"
            AND "later"."due_at" > "occurrence"."due_at" AND "later"."finished_at" IS NOT NULL)`,
      )
      .getMany();
    for (const { reminderId, dueAt, note } of rows) found.set(reminderId, { dueAt, note });
  }
  return found;
}

/** With what the outbox knows of their messages. */
export async function prune(manager: EntityManager, before: Date, limit: number): Promise<number> {
  const old = await manager
    .createQueryBuilder(ReminderOccurrenceRow, 'occurrence')
    .select('occurrence.id', 'id')
    .where('occurrence.finishedAt < :before', { before: instantToMillis(before) })
    .orderBy('occurrence.finishedAt', 'ASC')
    .limit(limit)
    .getRawMany<{ id: number }>();
  for (const some of chunks(old)) {
    const ids = some.map(({ id }) => id);
    await manager.delete(ReminderOccurrenceRow, { id: In(ids) });
    await manager.delete(OutboxRow, { kind: REMINDER, topic: In(ids.map(String)) });
  }
  return old.length;
}

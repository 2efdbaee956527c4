import { type EntityManager, type FindOptionsWhere, In } from 'typeorm';
import type { Reason } from '../../../domain/reasons.js';
import type { Owed } from '../../../ports/reminder-store.js';
import { chunks } from '../../chunks.js';
import { instantToMillis } from '../../columns.js';
import { ReminderOccurrenceRow, type ReminderRow } from '../../entities/index.js';
import { locked } from '../../locked.js';
import { dropFree, insertOwed } from '../outbox.js';
import { remindersById } from './reminders.js';
import { takeTurns, toOccurrence, toReminder } from './rows.js';

/** The outbox's kind of what reminders say; its topic is the occurrence that leads the message. */
export const REMINDER = 'reminder';

type Change = Partial<Omit<ReminderOccurrenceRow, 'id' | 'reminderId' | 'dueAt'>>;

/** Each of these runs gets a message of its own, which may come to tell more of them later (`gather`). */
export async function oweMessages(
  manager: EntityManager,
  rows: readonly ReminderOccurrenceRow[],
  reminders: ReadonlyMap<number, ReminderRow>,
  now: Date,
): Promise<void> {
  for (const some of chunks(rows, 100)) {
    const ids = some.map(({ id }) => id);
    await manager
      .createQueryBuilder()
      .update(ReminderOccurrenceRow)
      .set({ state: 'owed', wakeAt: null, leadId: () => '"id"' })
      .where({ id: In(ids) })
      .execute();
    const notes = some.flatMap(({ id, reminderId, dueAt }) => {
      const reminder = reminders.get(reminderId);
      if (!reminder) return [];
      const { channelId, userId } = reminder;
      return [{ kind: REMINDER, topic: String(id), channelId, userId, nextAt: dueAt }];
    });
    await insertOwed(manager, notes, now);
  }
}

/** What is owed of these, locked until the transaction ends. */
export function lockOwed(
  manager: EntityManager,
  which: FindOptionsWhere<ReminderOccurrenceRow>,
): Promise<ReminderOccurrenceRow[]> {
  const query = manager
    .createQueryBuilder(ReminderOccurrenceRow, 'occurrence')
    .where({ ...which, state: 'owed' })
    .orderBy('occurrence.id', 'ASC');
  return locked(query).getMany();
}

export async function changeOwed(
  manager: EntityManager,
  rows: readonly { id: number }[],
  change: Change,
): Promise<void> {
  for (const some of chunks(rows)) {
    await manager.update(ReminderOccurrenceRow, { id: In(some.map(({ id }) => id)), state: 'owed' }, change);
  }
}

/** See the port. */
export async function owed(manager: EntityManager, leadId: number): Promise<Owed[]> {
  const rows = await manager.find(ReminderOccurrenceRow, {
    where: { leadId, state: 'owed' },
    order: { dueAt: 'ASC', id: 'ASC' },
  });
  const reminders = await remindersById(
    manager,
    rows.map(({ reminderId }) => reminderId),
  );
  const missed = await coveredRuns(
    manager,
    rows.map(({ id }) => id),
  );
  return rows
    .sort((a, b) => Number(b.id === leadId) - Number(a.id === leadId))
    .flatMap((row) => {
      const reminder = reminders.get(row.reminderId);
      if (!reminder) return [];
      const alsoMissed = missed.get(row.id) ?? [];
      return [{ occurrence: toOccurrence(row), reminder: toReminder(reminder), alsoMissed }];
    });
}

async function coveredRuns(manager: EntityManager, ids: number[]): Promise<Map<number, Date[]>> {
  const covered = new Map<number, Date[]>();
  for (const some of chunks(ids)) {
    const rows = await manager.find(ReminderOccurrenceRow, {
      where: { coveredBy: In(some) },
      order: { dueAt: 'ASC' },
    });
    for (const { coveredBy, dueAt } of rows) {
      if (coveredBy !== null) covered.set(coveredBy, [...(covered.get(coveredBy) ?? []), dueAt]);
    }
  }
  return covered;
}

/** See the port. */
export async function gather(
  manager: EntityManager,
  leadId: number,
  { before, now }: { before: Date; now: Date },
): Promise<void> {
  await takeTurns(manager);
  const [lead] = await manager.findBy(ReminderOccurrenceRow, { leadId, state: 'owed' });
  const reminder = lead && (await remindersById(manager, [lead.reminderId])).get(lead.reminderId);
  if (!reminder) return;
  const { channelId, userId } = reminder;
  const others = await manager
    .createQueryBuilder(ReminderOccurrenceRow, 'occurrence')
    .innerJoin('reminders', 'reminder', '"reminder"."id" = occurrence.reminderId')
    .where({ state: 'owed' })
    .andWhere('occurrence.dispatchedAt IS NULL AND occurrence.leadId <> :leadId', { leadId })
    .andWhere('occurrence.dueAt < :before', { before: instantToMillis(before) })
    .andWhere('"reminder"."channel_id" = :channelId AND "reminder"."user_id" = :userId', {
      channelId,
      userId,
    })
    .getMany();
  const topics = [...new Set(others.map((row) => String(row.leadId)))];
  const free = await dropFree(manager, REMINDER, topics, now);
  const joining = others.filter((row) => free.has(String(row.leadId)));
  await changeOwed(manager, joining, { leadId });
}

/** See the port. */
export async function dispatch(
  manager: EntityManager,
  leadId: number,
  ids: readonly number[],
  at: Date,
): Promise<boolean> {
  const rows = await lockOwed(manager, { leadId });
  const same = rows.length === ids.length && rows.every(({ id }) => ids.includes(id));
  if (same) await changeOwed(manager, rows, { dispatchedAt: at });
  return same;
}

/** See the port. */
export async function putOff(
  manager: EntityManager,
  leadId: number,
  { note, unsent }: { note?: Reason; unsent: boolean },
): Promise<void> {
  const rows = await lockOwed(manager, { leadId });
  if (note !== undefined) await changeOwed(manager, rows, { note });
  if (unsent) await changeOwed(manager, rows, { dispatchedAt: null });
}

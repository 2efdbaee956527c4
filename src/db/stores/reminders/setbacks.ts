import type { EntityManager } from 'typeorm';
import type { Setback } from '../../../ports/reminder-store.js';
import { type ReminderRow, ReminderSetbackRow } from '../../entities/index.js';
import { insertOwed, isUntouched } from '../outbox.js';
import { remindersById } from './reminders.js';
import { toReminder, toSetback } from './rows.js';

/**
 * The outbox's kind of what owners are told about their reminders; its topic is the setback that leads the message. Kept
 * under this name since the first version, like the table; else a notice is what people may have louder or quieter.
 */
const KIND = 'notice';

type News = Pick<Setback, 'news' | 'reason' | 'dueAt' | 'at'>;

/** What its owner wasn't told yet goes into one message. */
export async function addSetback(manager: EntityManager, reminder: ReminderRow, news: News): Promise<void> {
  const { userId } = reminder;
  const last = await manager.findOne(ReminderSetbackRow, { where: { userId }, order: { id: 'DESC' } });
  const open = last !== null && (await isUntouched(manager, { kind: KIND, topic: String(last.batch) }));
  const { identifiers } = await manager.insert(ReminderSetbackRow, {
    reminderId: reminder.id,
    userId,
    news: news.news,
    reason: news.reason,
    dueAt: news.dueAt,
    createdAt: news.at,
    batch: open ? last.batch : 0,
  });
  if (open) return;
  const id = Number(identifiers[0]?.id);
  await manager.update(ReminderSetbackRow, { id }, { batch: id });
  // A person's direct messages are a channel of their own.
  const note = { kind: KIND, topic: String(id), channelId: userId, userId, nextAt: news.at };
  await insertOwed(manager, [note], news.at);
}

/** See the port. */
export async function setbacksOf(manager: EntityManager, batch: number): Promise<Setback[]> {
  const rows = await manager.find(ReminderSetbackRow, { where: { batch }, order: { id: 'ASC' } });
  const reminders = await remindersById(
    manager,
    rows.map(({ reminderId }) => reminderId),
  );
  return rows.flatMap((row) => {
    const reminder = reminders.get(row.reminderId);
    return reminder ? [toSetback(row, toReminder(reminder))] : [];
  });
}

export async function endSetbacks(manager: EntityManager, batch: number): Promise<void> {
  await manager.delete(ReminderSetbackRow, { batch });
}

import type { EntityManager } from 'typeorm';
import type { Notice } from '../../../ports/reminder-store.js';
import { ReminderNoticeRow, type ReminderRow } from '../../entities/index.js';
import { insertOwed, isUntouched } from '../outbox.js';
import { remindersById } from './reminders.js';
import { toNotice, toReminder } from './rows.js';

/** The outbox's kind of what owners are told about their reminders; its topic is the notice that leads the message. */
const NOTICE = 'notice';

type News = Pick<Notice, 'news' | 'reason' | 'dueAt' | 'at'>;

/** What its owner wasn't told yet goes into one message. */
export async function addNotice(manager: EntityManager, reminder: ReminderRow, news: News): Promise<void> {
  const { userId } = reminder;
  const last = await manager.findOne(ReminderNoticeRow, { where: { userId }, order: { id: 'DESC' } });
  const open = last !== null && (await isUntouched(manager, { kind: NOTICE, topic: String(last.batch) }));
  const { identifiers } = await manager.insert(ReminderNoticeRow, {
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
  await manager.update(ReminderNoticeRow, { id }, { batch: id });
  // A person's direct messages are a channel of their own.
  const note = { kind: NOTICE, topic: String(id), channelId: userId, userId, nextAt: news.at };
  await insertOwed(manager, [note], news.at);
}

/** See the port. */
export async function noticesOf(manager: EntityManager, batch: number): Promise<Notice[]> {
  const rows = await manager.find(ReminderNoticeRow, { where: { batch }, order: { id: 'ASC' } });
  const reminders = await remindersById(
    manager,
    rows.map(({ reminderId }) => reminderId),
  );
  return rows.flatMap((row) => {
    const reminder = reminders.get(row.reminderId);
    return reminder ? [toNotice(row, toReminder(reminder))] : [];
  });
}

export async function endNotices(manager: EntityManager, batch: number): Promise<void> {
  await manager.delete(ReminderNoticeRow, { batch });
}

import { type EntityManager, In } from 'typeorm';
import type { Reason } from '../../../domain/reasons.js';
import type { Notice } from '../../../ports/reminder-store.js';
import { chunks } from '../../chunks.js';
import { instantToMillis } from '../../columns.js';
import { ReminderNoticeRow, type ReminderRow } from '../../entities/index.js';
import { remindersById } from './reminders.js';
import { takeTurns, toNotice, toReminder } from './rows.js';

type News = Pick<Notice, 'news' | 'reason' | 'dueAt' | 'at'>;

export async function addNotice(manager: EntityManager, reminder: ReminderRow, news: News): Promise<void> {
  await manager.insert(ReminderNoticeRow, {
    reminderId: reminder.id,
    userId: reminder.userId,
    news: news.news,
    reason: news.reason,
    dueAt: news.dueAt,
    createdAt: news.at,
    wakeAt: news.at,
    batch: null,
    attempts: 0,
    takenAt: null,
    endedAt: null,
    note: null,
  });
}

/** See the port. */
export async function takeNotices(
  manager: EntityManager,
  request: { now: Date; limit: number; leaseMs: number; nonceMs: number },
): Promise<Notice[]> {
  await takeTurns(manager);
  const { now, leaseMs, nonceMs } = request;
  const rows = await wakened(manager, now, request.limit);
  const oldest = now.getTime() - nonceMs;
  const doubtful = rows.filter(({ takenAt }) => takenAt !== null && takenAt.getTime() < oldest);
  await endNotices(manager, idsOf(doubtful), now, { code: 'PERHAPS_TOLD' });
  const taken = rows.filter((row) => !doubtful.includes(row));
  for (const [batch, some] of batches(taken)) {
    // Not moved by a further try: Discord counts a nonce's minutes from the first.
    const takenAt = some[0]?.takenAt ?? now;
    const change = { batch, takenAt, wakeAt: new Date(now.getTime() + leaseMs) };
    const attempts = () => '"attempts" + 1';
    await manager.update(ReminderNoticeRow, { id: In(idsOf(some)) }, { ...change, attempts });
    for (const row of some) Object.assign(row, change, { attempts: row.attempts + 1 });
  }
  const reminders = await remindersById(
    manager,
    taken.map(({ reminderId }) => reminderId),
  );
  return taken.flatMap((row) => {
    const reminder = reminders.get(row.reminderId);
    return reminder ? [toNotice(row, toReminder(reminder))] : [];
  });
}

/** The oldest, and whatever else waits for the same users: they get one message. */
async function wakened(manager: EntityManager, now: Date, limit: number): Promise<ReminderNoticeRow[]> {
  const query = () =>
    manager
      .createQueryBuilder(ReminderNoticeRow, 'notice')
      .where('notice.wakeAt <= :now', { now: instantToMillis(now) })
      .orderBy('notice.id', 'ASC');
  const users = new Set((await query().limit(limit).getMany()).map(({ userId }) => userId));
  const rows: ReminderNoticeRow[] = [];
  for (const some of chunks([...users])) {
    rows.push(
      ...(await query()
        .andWhere({ userId: In(some) })
        .getMany()),
    );
  }
  return rows;
}

/** What was taken together stays together, so that its message stays the same; the rest makes one per user. */
function batches(rows: ReminderNoticeRow[]): Map<number, ReminderNoticeRow[]> {
  const firstOf = new Map<string, number>();
  const found = new Map<number, ReminderNoticeRow[]>();
  for (const row of rows) {
    if (row.batch === null && !firstOf.has(row.userId)) firstOf.set(row.userId, row.id);
    const batch = row.batch ?? firstOf.get(row.userId) ?? row.id;
    found.set(batch, [...(found.get(batch) ?? []), row]);
  }
  return found;
}

const idsOf = (rows: ReminderNoticeRow[]) => rows.map(({ id }) => id);

export async function endNotices(
  manager: EntityManager,
  ids: readonly number[],
  at: Date,
  note: Reason | null,
): Promise<void> {
  for (const some of chunks(ids)) {
    await manager.update(ReminderNoticeRow, { id: In(some) }, { endedAt: at, wakeAt: null, note });
  }
}

/** They may get into another message then. */
export async function postponeNotices(
  manager: EntityManager,
  ids: readonly number[],
  until: Date,
): Promise<void> {
  for (const some of chunks(ids)) {
    await manager.update(ReminderNoticeRow, { id: In(some) }, { wakeAt: until, takenAt: null, batch: null });
  }
}

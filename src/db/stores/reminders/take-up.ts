import { Brackets, type EntityManager } from 'typeorm';
import type { ClaimDueRequest } from '../../../ports/reminder-store.js';
import { chunks } from '../../chunks.js';
import { instantToMillis } from '../../columns.js';
import { ReminderOccurrenceRow, ReminderRow } from '../../entities/index.js';
import { addNotice } from './notices.js';
import { blank, claimed, ending, type NewOccurrence, WHILE_AWAY } from './occurrences.js';
import { moveFrom } from './reminders.js';
import { toReminder } from './rows.js';
import { planRuns, type RunPlan } from './runs.js';

interface Planned extends RunPlan {
  reminder: ReminderRow;
}

/** Writes and claims the runs of reminders whose time has come, and moves each reminder on. */
export async function takeUp(
  manager: EntityManager,
  request: ClaimDueRequest,
  limit: number,
): Promise<ReminderOccurrenceRow[]> {
  if (limit <= 0) return [];
  const planned: Planned[] = [];
  for (const reminder of await dueReminders(manager, request.now, limit)) {
    if (reminder.nextRunAt === null) continue;
    const plan = planRuns(toReminder(reminder), reminder.nextRunAt, request);
    if (await moveOn(manager, reminder, reminder.nextRunAt, plan, request.now))
      planned.push({ ...plan, reminder });
  }
  return writeRuns(manager, planned, request);
}

function dueReminders(manager: EntityManager, now: Date, limit: number): Promise<ReminderRow[]> {
  return manager
    .createQueryBuilder(ReminderRow, 'reminder')
    .where('reminder.nextRunAt <= :now', { now: instantToMillis(now) })
    .orderBy('reminder.nextRunAt', 'ASC')
    .addOrderBy('reminder.id', 'ASC')
    .limit(limit)
    .getMany();
}

/** False if it was paused, edited or removed this very moment. */
async function moveOn(
  manager: EntityManager,
  reminder: ReminderRow,
  from: Date,
  { next, trouble }: RunPlan,
  now: Date,
): Promise<boolean> {
  if (trouble === null) {
    const state = next === null ? 'ended' : 'active';
    return moveFrom(manager, reminder.id, from, { nextRunAt: next, state });
  }
  const reason = { code: 'NEXT_RUN_UNKNOWN', because: trouble } as const;
  const paused = { nextRunAt: null, state: 'paused', pausedReason: reason } as const;
  if (!(await moveFrom(manager, reminder.id, from, paused))) return false;
  await addNotice(manager, reminder, { news: 'paused', reason, dueAt: null, at: now });
  Object.assign(reminder, paused);
  return true;
}

/** A run whose row exists was taken up before: the clock went back, say. It isn't taken up again. */
async function writeRuns(
  manager: EntityManager,
  planned: Planned[],
  request: ClaimDueRequest,
): Promise<ReminderOccurrenceRow[]> {
  const claim = { ...claimed(request), attempts: 1 };
  const due = planned.flatMap(({ reminder: { id }, due }) =>
    due === null ? [] : [{ ...blank(id, due), ...claim }],
  );
  const taken = await insertNew(manager, due);
  const leads = new Map(taken.map((row) => [row.reminderId, row.id]));
  const missed = planned.flatMap(({ reminder: { id }, covered, tooOld }) => [
    ...(tooOld ? [missedRun(id, tooOld, null, request.now)] : []),
    ...covered.map((at) => missedRun(id, at, leads.get(id) ?? null, request.now)),
  ]);
  await insertNew(manager, missed);
  return taken;
}

function missedRun(reminderId: number, dueAt: Date, coveredBy: number | null, now: Date) {
  return {
    ...blank(reminderId, dueAt),
    ...ending({ state: 'missed', note: WHILE_AWAY, at: now }),
    coveredBy,
  };
}

/** Inserts the rows whose reminder and instant have none yet, and gives them back. */
async function insertNew(manager: EntityManager, rows: NewOccurrence[]): Promise<ReminderOccurrenceRow[]> {
  const inserted: ReminderOccurrenceRow[] = [];
  for (const some of chunks(rows, 100)) {
    const known = new Set((await matching(manager, some)).map(pair));
    const fresh = some.filter((row) => !known.has(pair(row)));
    if (fresh.length === 0) continue;
    await manager.insert(ReminderOccurrenceRow, fresh);
    inserted.push(...(await matching(manager, fresh)));
  }
  return inserted;
}

const pair = ({ reminderId, dueAt }: { reminderId: number; dueAt: Date }) =>
  `${reminderId} ${dueAt.getTime()}`;

function matching(
  manager: EntityManager,
  rows: { reminderId: number; dueAt: Date }[],
): Promise<ReminderOccurrenceRow[]> {
  const query = manager.createQueryBuilder(ReminderOccurrenceRow, 'occurrence');
  const any = new Brackets((or) => {
    for (const [n, { reminderId, dueAt }] of rows.entries()) {
      or.orWhere(`(occurrence.reminderId = :r${n} AND occurrence.dueAt = :d${n})`, {
        [`r${n}`]: reminderId,
        [`d${n}`]: instantToMillis(dueAt),
      });
    }
  });
  return query.where(any).getMany();
}

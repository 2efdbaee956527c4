import { Brackets, type EntityManager, In } from 'typeorm';
import type { TakeUpRequest } from '../../../ports/reminder-store.js';
import { chunks } from '../../chunks.js';
import { instantToMillis } from '../../columns.js';
import { ReminderOccurrenceRow, ReminderRow } from '../../entities/index.js';
import { oweMessages } from './messages.js';
import { blank, ending, type NewOccurrence, WHILE_AWAY } from './occurrences.js';
import { moveFrom, remindersById } from './reminders.js';
import { takeTurns, toReminder } from './rows.js';
import { planRuns, type RunPlan } from './runs.js';
import { addSetback } from './setbacks.js';

interface Planned extends RunPlan {
  reminder: ReminderRow;
}

/** One look at two indexes; no lock, and no cost that grows with what is not due. */
export async function anythingDue(manager: EntityManager, now: Date): Promise<boolean> {
  const [row] = await manager.query<{ due: boolean | number }[]>(ANYTHING_DUE, [instantToMillis(now)]);
  return Boolean(row?.due);
}

export const ANYTHING_DUE = `
  SELECT EXISTS (SELECT 1 FROM "reminders" WHERE "next_run_at" <= $1)
    OR EXISTS (SELECT 1 FROM "reminder_occurrences" WHERE "wake_at" <= $1) AS "due"`;

/** How much is due or under way. */
export async function backlog(manager: EntityManager, now: Date): Promise<number> {
  const [row] = await manager.query<{ count: number | string }[]>(
    `SELECT (SELECT COUNT(*) FROM "reminders" WHERE "next_run_at" <= $1)
      + (SELECT COUNT(*) FROM "reminder_occurrences" WHERE "wake_at" <= $1 OR "state" = 'owed') AS "count"`,
    [instantToMillis(now)],
  );
  return Number(row?.count ?? 0);
}

/**
 * See the port. Snoozed runs whose time has come, then those of reminders, each of which moves on.
 * @returns how many messages more are owed, and whether anything was taken up at all
 */
export async function takeUp(manager: EntityManager, request: TakeUpRequest) {
  await takeTurns(manager);
  const snoozed = await takeSnoozed(manager, request);
  const planned: Planned[] = [];
  for (const reminder of await dueReminders(manager, request.now, request.limit - snoozed.length)) {
    if (reminder.nextRunAt === null) continue;
    const plan = planRuns(toReminder(reminder), reminder.nextRunAt, request);
    if (await moveOn(manager, reminder, reminder.nextRunAt, plan, request.now))
      planned.push({ ...plan, reminder });
  }
  const owed = [
    ...snoozed.filter(({ dueAt }) => !isTooOld(dueAt, request)),
    ...(await writeRuns(manager, planned, request)),
  ];
  const reminders = await remindersById(
    manager,
    owed.map(({ reminderId }) => reminderId),
  );
  await oweMessages(manager, owed, reminders, request.now);
  return { owed: owed.length, any: snoozed.length + planned.length > 0 };
}

/** Those that come too late are noted. */
async function takeSnoozed(manager: EntityManager, request: TakeUpRequest): Promise<ReminderOccurrenceRow[]> {
  const rows = await manager
    .createQueryBuilder(ReminderOccurrenceRow, 'occurrence')
    .where('occurrence.wakeAt <= :now', { now: instantToMillis(request.now) })
    .orderBy('occurrence.wakeAt')
    .addOrderBy('occurrence.id')
    .limit(request.limit)
    .getMany();
  const tooOld = rows.filter(({ dueAt }) => isTooOld(dueAt, request)).map(({ id }) => id);
  const missed = ending({ state: 'missed', note: WHILE_AWAY, at: request.now });
  await manager.update(ReminderOccurrenceRow, { id: In(tooOld), state: 'waiting' }, missed);
  return rows;
}

function isTooOld(dueAt: Date, { now, graceMs }: TakeUpRequest): boolean {
  return dueAt.getTime() < now.getTime() - graceMs;
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
  await addSetback(manager, reminder, { news: 'paused', reason, dueAt: null, at: now });
  Object.assign(reminder, paused);
  return true;
}

/** A run whose row exists was taken up before: the clock went back, say. It isn't taken up again. */
async function writeRuns(
  manager: EntityManager,
  planned: Planned[],
  request: TakeUpRequest,
): Promise<ReminderOccurrenceRow[]> {
  const due = planned.flatMap(({ reminder: { id }, due }) => (due === null ? [] : [blank(id, due)]));
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

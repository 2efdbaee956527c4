import { type EntityManager, In } from 'typeorm';
import type { Claim, ClaimDueRequest } from '../../../ports/reminder-store.js';
import { chunks } from '../../chunks.js';
import { instantToMillis } from '../../columns.js';
import { ReminderOccurrenceRow } from '../../entities/index.js';
import { remindersById } from './reminders.js';
import { takeTurns, toOccurrence, toReminder } from './rows.js';
import { takeAgain } from './take-again.js';
import { takeUp } from './take-up.js';

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
      + (SELECT COUNT(*) FROM "reminder_occurrences"
          WHERE "wake_at" IS NOT NULL AND ("wake_at" <= $1 OR "state" = 'claimed')) AS "count"`,
    [instantToMillis(now)],
  );
  return Number(row?.count ?? 0);
}

/** See the port. Takes up again what was begun before, then what is newly due. */
export async function claimDue(manager: EntityManager, request: ClaimDueRequest): Promise<Claim[]> {
  await takeTurns(manager);
  const again = await takeAgain(manager, request);
  const fresh = await takeUp(manager, request, request.limit - again.length);
  return claims(manager, [...again, ...fresh]);
}

async function claims(manager: EntityManager, rows: ReminderOccurrenceRow[]): Promise<Claim[]> {
  const reminders = await remindersById(
    manager,
    rows.map(({ reminderId }) => reminderId),
  );
  const missed = await coveredRuns(
    manager,
    rows.map(({ id }) => id),
  );
  return rows
    .flatMap((row) => {
      const reminder = reminders.get(row.reminderId);
      if (!reminder) return [];
      return [
        {
          occurrence: toOccurrence(row),
          reminder: toReminder(reminder),
          alsoMissed: missed.get(row.id) ?? [],
        },
      ];
    })
    .sort(({ occurrence: a }, { occurrence: b }) => a.dueAt.getTime() - b.dueAt.getTime() || a.id - b.id);
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

import type { EntityManager } from 'typeorm';
import type { Occurrence, Reminder, Setback } from '../../../ports/reminder-store.js';
import type { ReminderOccurrenceRow, ReminderRow, ReminderSetbackRow } from '../../entities/index.js';

export function toReminder(row: ReminderRow): Reminder {
  return { ...row };
}

export function toOccurrence(row: ReminderOccurrenceRow): Occurrence {
  const { id, reminderId, dueAt, state, dispatchedAt, leadId, messageRef, note, finishedAt, doneAt } = row;
  return { id, reminderId, dueAt, state, dispatchedAt, leadId, messageRef, note, finishedAt, doneAt };
}

export function toSetback(row: ReminderSetbackRow, reminder: Reminder): Setback {
  const { id, news, reason, dueAt, createdAt } = row;
  return { id, reminder, news, reason, dueAt, at: createdAt };
}

/** Any number, the same in every process of this bot. */
const TURNS_LOCK = 7_305_118;

/**
 * Lets one process at a time take things up, until its transaction ends. That is short and rare, and so needs no
 * finer lock; SQLite has one writer at a time anyway.
 */
export async function takeTurns(manager: EntityManager): Promise<void> {
  if (manager.connection.options.type !== 'postgres') return;
  await manager.query('SELECT pg_advisory_xact_lock($1)', [TURNS_LOCK]);
}

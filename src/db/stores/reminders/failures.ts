import { type EntityManager, In } from 'typeorm';
import type { Reason } from '../../../domain/reasons.js';
import type { ReminderRow } from '../../entities/index.js';
import { changeOwed, lockOwed } from './messages.js';
import { ending, WHILE_AWAY } from './occurrences.js';
import { pauseReminder, remindersById } from './reminders.js';
import { addSetback } from './setbacks.js';

export interface Failure {
  reason: Reason;
  at: Date;
  pause: boolean;
}

/** See the port. */
export async function fail(manager: EntityManager, ids: readonly number[], failure: Failure): Promise<void> {
  const owed = await lockOwed(manager, { id: In([...ids]) });
  const { reason, at } = failure;
  await changeOwed(manager, owed, ending({ state: 'failed', note: reason, at }));
  const latest = new Map<number, Date>();
  for (const { reminderId, dueAt } of owed) {
    const known = latest.get(reminderId);
    if (known === undefined || known < dueAt) latest.set(reminderId, dueAt);
  }
  const reminders = await remindersById(manager, [...latest.keys()]);
  for (const [id, dueAt] of [...latest].sort(([a], [b]) => a - b)) {
    const reminder = reminders.get(id);
    const news = reminder && (await newsOf(manager, reminder, failure));
    if (news) await addSetback(manager, reminder, { news, reason, dueAt, at });
  }
}

/** See the port. */
export async function expire(
  manager: EntityManager,
  leadId: number,
  { before, at }: { before: Date; at: Date },
): Promise<void> {
  const owed = (await lockOwed(manager, { leadId })).filter(({ dueAt }) => dueAt < before);
  const untried = owed.filter(({ dispatchedAt, note }) => dispatchedAt === null && note === null);
  await changeOwed(manager, untried, ending({ state: 'missed', note: WHILE_AWAY, at }));
  const tried = owed.filter((row) => !untried.includes(row));
  if (tried.length === 0) return;
  const reason = tried.find(({ note }) => note)?.note ?? ({ code: 'OUT_OF_TIME' } as const);
  await fail(
    manager,
    tried.map(({ id }) => id),
    { reason, at, pause: false },
  );
}

/** Null if the owner knows already: it was paused before, for this or another reason. */
async function newsOf(
  manager: EntityManager,
  { id, state }: ReminderRow,
  { pause, reason }: Failure,
): Promise<'paused' | 'failed' | null> {
  if (!pause) return 'failed';
  if (await pauseReminder(manager, id, reason)) return 'paused';
  return state === 'ended' ? 'failed' : null;
}

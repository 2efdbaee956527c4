import type { EntityManager } from 'typeorm';
import type { Reason } from '../../../domain/reasons.js';
import type { ReminderRow } from '../../entities/index.js';
import { addNotice } from './notices.js';
import { changeClaims, ending, heldClaims } from './occurrences.js';
import { pauseReminder, remindersById } from './reminders.js';

export interface Failure {
  reason: Reason;
  at: Date;
  pause: boolean;
}

/** See the port. */
export async function fail(
  manager: EntityManager,
  ids: readonly number[],
  owner: string,
  failure: Failure,
): Promise<number> {
  const held = await heldClaims(manager, ids, owner);
  const { reason, at } = failure;
  await changeClaims(
    manager,
    held.map(({ id }) => id),
    owner,
    ending({ state: 'failed', note: reason, at }),
  );
  const latest = new Map<number, Date>();
  for (const { reminderId, dueAt } of held) {
    const known = latest.get(reminderId);
    if (known === undefined || known < dueAt) latest.set(reminderId, dueAt);
  }
  const reminders = await remindersById(manager, [...latest.keys()]);
  for (const [id, dueAt] of [...latest].sort(([a], [b]) => a - b)) {
    const reminder = reminders.get(id);
    const news = reminder && (await newsOf(manager, reminder, failure));
    if (news) await addNotice(manager, reminder, { news, reason, dueAt, at });
  }
  return held.length;
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

import type { Reminder } from '../../ports/reminder-store.js';
import { timestamp } from '../format.js';
import { kindTitle } from './kind-words.js';

/** Beneath a reminder: on the button, and as a line. */
export interface Reaction {
  label: string;
  text: string;
}

export function doneReaction(userId: string): Reaction {
  return { label: 'Done ✓', text: `✅ Done, says <@${userId}>.` };
}

export function snoozedReaction(userId: string, until: Date): Reaction {
  const text = `💤 Snoozed by <@${userId}> until ${timestamp(until, 'f')} (${timestamp(until)}).`;
  return { label: 'Snoozed', text };
}

/** To the owner of a reminder, of what somebody else did with it. */
export function ownerText(
  { id, kind, when, userId }: Reminder,
  what: 'paused' | 'resumed' | 'changed' | 'removed',
  by: string,
): string {
  return `<@${userId}>, your reminder **${id} · ${kindTitle(kind)}** (${when}) was ${what} by <@${by}>.`;
}

import type { Environment } from '../../domain/environment.js';
import { countText } from '../../domain/text.js';
import type { ShownReminder } from '../../services/reminders/reminder-service.js';
import { textView } from '../pages.js';
import type { View } from '../view.js';
import { runText } from './schedule.js';

/** @param elsewhere the reader's reminders that go by another zone's clock */
export function zoneView(
  zone: string,
  changed: boolean,
  elsewhere: readonly ShownReminder[],
  now: Date,
  environment: Environment,
): View {
  const clocked = elsewhere.filter(({ reminder }) => !reminder.when.startsWith('market'));
  const ids = clocked.map(({ reminder }) => reminder.id).join(', ');
  const lines = [`There it is now ${runText(now, zone)}.`];
  if (clocked.length > 0) {
    lines.push(
      `${countText(clocked.length, 'reminder')} of yours (${ids}) ${clocked.length === 1 ? 'goes' : 'go'} by another zone still; \`/remind edit\` with a new \`when\` moves one.`,
    );
  }
  return textView([
    `**Your time zone ${changed ? 'is now' : 'is'} ${zone}**`,
    ...lines,
    `-# **${environment}**`,
  ]);
}

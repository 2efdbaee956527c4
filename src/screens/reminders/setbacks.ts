import type { Setback } from '../../ports/reminder-store.js';
import { clip, timestamp } from '../format.js';
import { reasonText } from '../reasons.js';
import { COLOUR, type View } from '../view.js';

const MAX_LISTED = 8;
const MAX_REASON = 140;

/** The direct message, known again by its footer. */
export function setbackView(setbacks: readonly Setback[], batch: number): View {
  const embed = { footer: { text: setbackMark(batch) }, color: COLOUR.warn };
  return { content: setbackText(setbacks), embeds: [embed], components: [] };
}

export function setbackMark(batch: number): string {
  return `notice ${batch}`;
}

/** One direct message for an owner's setbacks; well within Discord's 2,000 characters. */
export function setbackText(setbacks: readonly Setback[]): string {
  const lines = setbacks.slice(0, MAX_LISTED).map(line);
  const more = setbacks.length - lines.length;
  if (more > 0) lines.push(`… and ${more} more.`);
  const paused = setbacks.some(({ news }) => news === 'paused');
  return [
    'I could not deliver what you asked for:',
    ...lines,
    paused
      ? 'Paused reminders stay silent: `/remind list` shows them, `/remind resume` starts them again.'
      : '`/remind list` shows when each runs next.',
  ].join('\n');
}

function line({ reminder, news, reason, dueAt }: Setback): string {
  const name = `**${reminder.kind}** (${reminder.when}) in <#${reminder.channelId}>`;
  const why = clip(reasonText(reason), MAX_REASON);
  if (news === 'paused') return `• ${name} is paused: ${why}`;
  const when = dueAt ? ` of ${timestamp(dueAt, 'f')}` : '';
  return `• ${name}, the one${when}: ${why}`;
}

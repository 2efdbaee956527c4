import { ButtonStyle } from 'discord.js';
import type { Environment } from '../../domain/environment.js';
import type { SetupLine } from '../../services/reminders/setup.js';
import { button, row } from '../components.js';
import { customId } from '../custom-ids.js';
import { textView } from '../pages.js';
import type { View } from '../view.js';
import { KIND_WORDS } from './kind-words.js';
import { runText, whenText } from './schedule.js';

/** What the defaults are, which of them this channel has, and the one button that makes the rest. */
export function setupView(lines: readonly SetupLine[], environment: Environment): View {
  const missing = lines.filter(({ existing }) => !existing);
  const made = lines.filter((line) => line.made);
  const title =
    made.length > 0 ? 'Set up' : missing.length > 0 ? 'Sensible reminders for this channel' : 'All set up';
  const label = missing.length === lines.length ? 'Set these up' : `Set up the other ${missing.length}`;
  return textView(
    [`**${title}**`, ...lines.map(lineText), '', closing(missing.length), `-# **${environment}**`],
    missing.length > 0 ? [row([button(customId('setup', 'make', ''), label, ButtonStyle.Success)])] : [],
  );
}

function lineText({ kind, when, existing, made }: SetupLine): string {
  const name = `**${KIND_WORDS[kind].title}**`;
  if (!existing) return `▫️ ${name} · ${when}: ${KIND_WORDS[kind].about}`;
  const { reminder, runs, readerZone } = existing;
  const next = runs[0] ? ` · next ${runText(runs[0], readerZone)}` : '';
  const state = made
    ? 'made just now'
    : reminder.state === 'paused'
      ? 'there already, paused'
      : 'there already';
  return `${made ? '✅' : '☑️'} ${name} · ${whenText(reminder, readerZone)} · reminder ${reminder.id}, ${state}${next}`;
}

function closing(missing: number): string {
  return missing > 0
    ? 'Nothing to tell, nothing said: they only speak up when there is something. They run on market days.'
    : '`/remind list` shows all, `/remind edit` changes one, `/remind add` makes your own.';
}

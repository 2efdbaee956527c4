import type { AutocompleteInteraction } from 'discord.js';
import { UserError } from '../domain/errors.js';
import { wordsOf } from '../screens/failures/index.js';
import { clip } from '../screens/format.js';
import { kindTitle } from '../screens/reminders/kind-words.js';
import { optionsText, runText } from '../screens/reminders/schedule.js';
import { isKindName, KINDS } from '../services/reminders/kinds/registry.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import type { Choice } from './command.js';
import { positionChoices, underlyingChoices } from './position-choices.js';

/** What people can write, one of each sort. */
const EXAMPLES = [
  'market open +15m',
  'market close -10m',
  'weekdays 9:00',
  'every friday 15:30',
  'daily 16:15',
  'in 2h',
  'tomorrow 9:00',
  'first of month 10:00',
  '*/30 9-16 * * 1-5',
];

/** Choices for whichever option of `/remind` is being typed. */
export async function reminderChoices(interaction: AutocompleteInteraction, app: App): Promise<Choice[]> {
  const { name, value } = interaction.options.getFocused(true);
  if (name === 'id') return idChoices(interaction, value, app);
  if (name === 'when') return whenChoices(interaction, value, app);
  if (name === 'position') return positionChoices(await app.desks.recalled(), value, app.desks);
  return underlyingChoices(await app.desks.recalled(), value);
}

async function idChoices(interaction: AutocompleteInteraction, typed: string, app: App): Promise<Choice[]> {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const all = await app.reminders.list(actorOf(interaction));
  const over = all.filter(({ reminder }) => reminder.state === 'ended');
  return [...all.filter((each) => !over.includes(each)), ...over.reverse()]
    .map(({ reminder, options }) => {
      const { id, kind, when, state } = reminder;
      const parts = [kindTitle(kind), when, optionsText(options), state === 'active' ? '' : state];
      return { name: clip(`${id} · ${parts.filter(Boolean).join(' · ')}`, 100), value: String(id) };
    })
    .filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

/** First what is typed, with its first run or what is wrong with it; then examples. */
async function whenChoices(interaction: AutocompleteInteraction, typed: string, app: App): Promise<Choice[]> {
  const kind = interaction.options.getString('kind');
  const name = kind !== null && isKindName(kind) ? kind : null;
  const examples = [...new Set([...(name ? [KINDS[name].usually] : []), ...EXAMPLES])];
  const text = typed.trim();
  const fitting = examples.filter((example) => example.includes(text.toLowerCase()) && example !== text);
  const others = (fitting.length > 0 ? fitting : examples).map((example) => ({
    name: example,
    value: example,
  }));
  return text === '' ? others : [await typedChoice(interaction, text, app), ...others];
}

async function typedChoice(interaction: AutocompleteInteraction, text: string, app: App): Promise<Choice> {
  const value = clip(text, 100);
  try {
    const { when, nextRunAt, zone } = await app.reminders.understood(interaction.user.id, text);
    return { name: clip(`${when} → ${runText(nextRunAt, zone)}`, 100), value };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name: clip(`… ${wordsOf(error).what}`, 100), value };
  }
}

import type { Choice, CommandOption } from '../types.js';
import type { Draft, Place } from './draft.js';
import { fieldOf, unusedOptions } from './draft.js';
import type { CommandEntry } from './entries.js';
import { matchEntries } from './entries.js';
import { filterChoices } from './lists.js';
import type { Lookup } from './values.js';

export type Item =
  | { kind: 'command'; entry: CommandEntry }
  | { kind: 'option'; option: CommandOption }
  | { kind: 'choice'; choice: Choice };

/** The bot's answer to an autocomplete question, or how far it has got. */
export interface Asked {
  /** Which question: option and text (`askedKey`). */
  key: string;
  state: 'loading' | 'ready' | 'failed';
  choices: Choice[];
}

export interface Suggestions {
  title: string;
  /** Said instead of items: "Searching…", "No options match". */
  note: string;
  items: Item[];
  /** The item highlighted before any arrow key: 0, or -1 where Enter should send rather than pick. */
  first: number;
  waiting: boolean;
}

export const NOTHING: Suggestions = { title: '', note: '', items: [], first: -1, waiting: false };

export function askedKey(option: string, text: string): string {
  return `${option} ${text}`;
}

/** What to list for plain text: the commands, once it starts with a slash. */
export function suggestCommands(text: string, entries: CommandEntry[]): Suggestions {
  if (!/^\/[^\n]*$/.test(text)) return NOTHING;
  const found = matchEntries(entries, text.slice(1));
  const none = entries.length === 0 ? 'The bot has no commands here.' : 'No commands match.';
  return {
    ...NOTHING,
    title: text === '/' ? 'Commands' : `Commands matching ${text.trim()}`,
    items: found.map((entry) => ({ kind: 'command', entry })),
    note: found.length === 0 ? none : '',
    first: found.length > 0 ? 0 : -1,
  };
}

/** What to list while a command is being written. */
export function suggestForDraft(
  draft: Draft,
  place: Place,
  tail: string,
  asked: Asked | null,
  lookup: Lookup,
): Suggestions {
  if (place === 'tail') return suggestOptions(draft, tail);
  const field = fieldOf(draft, place.field);
  if (!field) return NOTHING;
  if (field.option.autocomplete) {
    // A picked value is settled: asking again would only tempt Enter into changing it.
    if (field.picked) return { ...NOTHING, title: describeOption(field.option) };
    return suggestAsked(field.option, field.text, asked);
  }
  const listed = lookup(field.option);
  if (listed.length === 0) return { ...NOTHING, title: describeOption(field.option) };
  const found = filterChoices(listed, field.picked ? '' : field.text);
  const list = choices(field.option, found);
  return field.picked ? { ...list, first: found.indexOf(field.picked) } : list;
}

function suggestAsked(option: CommandOption, text: string, asked: Asked | null): Suggestions {
  if (asked?.key !== askedKey(option.name, text) || asked.state === 'loading') {
    return { ...NOTHING, title: describeOption(option), note: 'Searching…', waiting: true };
  }
  if (asked.state === 'failed') {
    return { ...NOTHING, title: describeOption(option), note: 'Loading options failed.' };
  }
  return choices(option, asked.choices);
}

function choices(option: CommandOption, found: Choice[]): Suggestions {
  return {
    ...NOTHING,
    title: describeOption(option),
    items: found.map((choice) => ({ kind: 'choice', choice })),
    note: found.length === 0 ? 'No options match.' : '',
    first: found.length > 0 ? 0 : -1,
  };
}

/** The options still free. None is highlighted until something is typed, so that Enter sends. */
function suggestOptions(draft: Draft, tail: string): Suggestions {
  const query = tail.trim().toLowerCase();
  const found = unusedOptions(draft).filter(({ name }) => name.includes(query));
  if (found.length === 0) return NOTHING;
  return {
    ...NOTHING,
    title: 'Options — Enter sends without them',
    items: found.map((option) => ({ kind: 'option', option })),
    first: query === '' ? -1 : 0,
  };
}

function describeOption(option: CommandOption): string {
  return `${option.name} — ${option.description}`;
}

import type { Draft, Place } from './draft.js';
import { addField, fieldOf, newDraft, nextPlace, setText, unusedOptions } from './draft.js';
import type { CommandEntry } from './entries.js';

export interface Typed {
  draft: Draft;
  place: Place;
}

/**
 * Turns typed or pasted text into a draft once it names a whole command and goes on behind it:
 * `/targets `, `/targets 37`, `/targets position:37 percent:40`. Else null: it is still plain text.
 */
export function readTyped(text: string, entries: CommandEntry[]): Typed | null {
  if (!text.startsWith('/')) return null;
  const named = entries
    .filter(({ label }) => text.slice(1).toLowerCase().startsWith(`${label} `))
    .sort((a, b) => b.label.length - a.label.length)[0];
  if (!named) return null;
  return readOptions(newDraft(named), text.slice(1 + named.label.length + 1));
}

/**
 * Reads `name:value name2:value2` behind a command. A value runs to the next option's name, so it may
 * hold spaces. Text before the first name belongs to the first empty required option, or to the first
 * option at all.
 */
export function readOptions(draft: Draft, text: string): Typed {
  const parts = splitNamed(draft, text);
  let result = draft;
  const lead = parts.lead.trim();
  if (lead !== '') {
    const place = nextPlace(result);
    const name = place === 'tail' ? unusedOptions(result)[0]?.name : place.field;
    if (name) result = put(result, name, lead);
  }
  for (const { name, value } of parts.named) result = put(result, name, value.trim());
  const last = parts.named.at(-1);
  const openEnded = last !== undefined && !/\s$/.test(text);
  return { draft: result, place: openEnded ? { field: last.name } : nextPlace(result) };
}

function put(draft: Draft, name: string, value: string): Draft {
  return fieldOf(draft, name) ? setText(draft, name, value) : addField(draft, name, value);
}

interface Split {
  lead: string;
  named: { name: string; value: string }[];
}

/** Cuts at each `name:` that stands at a word's start and names an option of this command. */
function splitNamed(draft: Draft, text: string): Split {
  const known = new Set(draft.entry.options.map(({ name }) => name));
  const marks = [...text.matchAll(/(^|\s)([\p{L}\p{N}_-]{1,32}):/gu)].filter((mark) =>
    known.has(mark[2] ?? ''),
  );
  const named = marks.map((mark, index) => ({
    name: mark[2] ?? '',
    value: text.slice(mark.index + mark[0].length, marks[index + 1]?.index ?? text.length),
  }));
  return { lead: text.slice(0, marks[0]?.index ?? text.length), named };
}

/**
 * What was typed inside one field may go on with another option's name (`37 percent:`): then it is cut
 * there, as Discord does. Null if it holds no such name.
 */
export function readWithin(draft: Draft, field: string, text: string): Typed | null {
  const { lead, named } = splitNamed(draft, text);
  if (named.length === 0) return null;
  let result = setText(draft, field, lead.trim());
  for (const { name, value } of named) result = put(result, name, value.trimStart());
  return { draft: result, place: { field: named.at(-1)?.name ?? field } };
}

import type { Choice, CommandOption } from '../types.js';
import type { CommandEntry } from './entries.js';

/** One option being filled. */
export interface Field {
  option: CommandOption;
  text: string;
  /** The listed choice this text stands for; null while it is free text. */
  picked: Choice | null;
}

/** A command being written. Immutable: every change is a new draft. */
export interface Draft {
  entry: CommandEntry;
  fields: Field[];
}

/** Where the caret is: in an option's field (by name), or after the last one. */
export type Place = { field: string } | 'tail';

/** A fresh draft: the required options wait for values, as Discord shows them. */
export function newDraft(entry: CommandEntry): Draft {
  return { entry, fields: entry.options.filter(({ required }) => required).map(emptyField) };
}

function emptyField(option: CommandOption): Field {
  return { option, text: '', picked: null };
}

export function fieldOf(draft: Draft, name: string): Field | undefined {
  return draft.fields.find(({ option }) => option.name === name);
}

/** Options not yet in the draft. */
export function unusedOptions(draft: Draft): CommandOption[] {
  return draft.entry.options.filter(({ name }) => !fieldOf(draft, name));
}

export function addField(draft: Draft, name: string, text = ''): Draft {
  const option = unusedOptions(draft).find((candidate) => candidate.name === name);
  return option ? { ...draft, fields: [...draft.fields, { ...emptyField(option), text }] } : draft;
}

/** Takes an option out again; a required one is only emptied. */
export function removeField(draft: Draft, name: string): Draft {
  const field = fieldOf(draft, name);
  if (field?.option.required) return setText(draft, name, '');
  return { ...draft, fields: draft.fields.filter(({ option }) => option.name !== name) };
}

/** Typing ends a choice picked before, unless the text is still the choice's own. */
export function setText(draft: Draft, name: string, text: string): Draft {
  return change(draft, name, (field) => ({
    ...field,
    text,
    picked: field.picked?.name === text ? field.picked : null,
  }));
}

export function pickChoice(draft: Draft, name: string, choice: Choice): Draft {
  return change(draft, name, (field) => ({ ...field, text: choice.name, picked: choice }));
}

function change(draft: Draft, name: string, edit: (field: Field) => Field): Draft {
  return {
    ...draft,
    fields: draft.fields.map((field) => (field.option.name === name ? edit(field) : field)),
  };
}

/** Where to write next: the first empty required option, else the end. */
export function nextPlace(draft: Draft): Place {
  const empty = draft.fields.find(({ option, text }) => option.required && text.trim() === '');
  return empty ? { field: empty.option.name } : 'tail';
}

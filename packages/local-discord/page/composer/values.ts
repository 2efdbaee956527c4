import type { Choice, CommandOption, SentOption } from '../types.js';
import { OptionType } from '../types.js';
import type { Draft, Field } from './draft.js';

export type Lookup = (option: CommandOption) => Choice[];

export type Built = { ok: true; options: SentOption[] } | { ok: false; errors: Map<string, string> };

/**
 * Checks a draft as the Discord app does and turns it into options to send. `lookup` gives the listed
 * values of an option (its choices, True/False, users, channels, roles). The server checks again.
 */
export function buildOptions(draft: Draft, lookup: Lookup): Built {
  const errors = new Map<string, string>();
  const options: SentOption[] = [];
  for (const field of draft.fields) {
    const value = readValue(field, lookup);
    if ('error' in value) errors.set(field.option.name, value.error);
    else if (value.value !== null)
      options.push({ name: field.option.name, type: field.option.type, ...value });
  }
  return errors.size > 0 ? { ok: false, errors } : { ok: true, options };
}

/** Options for an autocomplete request: the focused one as typed, the others only where they are valid. */
export function focusedOptions(draft: Draft, focused: string, lookup: Lookup): SentOption[] {
  return draft.fields.flatMap((field): SentOption[] => {
    const { name, type } = field.option;
    if (name === focused) return [{ name, type, value: field.text, focused: true }];
    const value = readValue(field, lookup);
    return 'error' in value || value.value === null ? [] : [{ name, type, value: value.value }];
  });
}

type Value = { value: string | number | boolean } | { error: string };

/** The value of one field; `value: null` for an optional one left empty. */
function readValue(field: Field, lookup: Lookup): Value | { value: null } {
  const { option } = field;
  const text = field.text.trim();
  if (text === '') {
    return option.required ? { error: 'This option is required. Specify a value.' } : { value: null };
  }
  if (field.picked) return picked(option, field.picked);
  if (option.type === OptionType.Attachment) return { error: 'Files cannot be attached on this page.' };
  const listed = lookup(option);
  if (listed.length > 0 || isListType(option.type)) return fromList(option, text, listed);
  if (option.type === OptionType.Integer || option.type === OptionType.Number)
    return readNumber(option, text);
  return checkLength(option, text);
}

/** Types whose value can only come from a list. */
function isListType(type: number): boolean {
  return type === OptionType.Boolean || (type >= OptionType.User && type <= OptionType.Mentionable);
}

function picked(option: CommandOption, choice: Choice): Value {
  return option.type === OptionType.Boolean ? { value: choice.value === 'true' } : { value: choice.value };
}

function fromList(option: CommandOption, text: string, listed: Choice[]): Value {
  const wanted = text.replace(/^[@#]/, '').toLowerCase();
  const choice = listed.find(({ name }) => name.replace(/^[@#]/, '').toLowerCase() === wanted);
  return choice
    ? picked(option, choice)
    : { error: `"${text}" is not one of the choices. Pick one from the list.` };
}

function readNumber(option: CommandOption, text: string): Value {
  const whole = option.type === OptionType.Integer;
  if (!(whole ? /^[+-]?\d{1,16}$/ : /^[+-]?(\d+\.?\d*|\.\d+)$/).test(text)) {
    return { error: `Enter a ${whole ? 'whole number' : 'number'}.` };
  }
  const value = Number(text);
  if (option.min_value !== undefined && value < option.min_value) {
    return { error: `Must be at least ${option.min_value}.` };
  }
  if (option.max_value !== undefined && value > option.max_value) {
    return { error: `Must be at most ${option.max_value}.` };
  }
  return { value };
}

function checkLength(option: CommandOption, text: string): Value {
  const length = [...text].length;
  if (option.min_length !== undefined && length < option.min_length) {
    return { error: `Must be at least ${option.min_length} characters.` };
  }
  if (option.max_length !== undefined && length > option.max_length) {
    return { error: `Must be at most ${option.max_length} characters.` };
  }
  return { value: text };
}

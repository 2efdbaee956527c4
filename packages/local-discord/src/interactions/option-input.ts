import { OptionType } from '../base/constants.js';
import { arrayOf, isObject, type JsonObject, lengthOf, objectsOf, textOf } from '../base/json.js';
import type { Upload } from '../messages/attachments.js';
import { InputError } from './input-error.js';
import type { Resolved } from './resolved.js';

export interface OptionContext {
  resolved: Resolved;
  storeFile: (upload: Upload) => string;
  /** True while the person is still typing: nothing is required yet and values may be partial. */
  partial: boolean;
}

/**
 * Turns what a person entered into a command's `options`, as Discord's app does: types filled in, required ones
 * there, choices and bounds kept. Throws an InputError with a sentence for the person.
 */
export function commandOptions(definitions: unknown, given: unknown, context: OptionContext): JsonObject[] {
  const defs = objectsOf(definitions);
  const entries = objectsOf(given);
  const nested = defs.some((def) => isSubcommand(def));
  if (nested && entries.length !== 1) throw new InputError('choose exactly one subcommand');
  const seen = new Set<unknown>();
  const options = entries.map((entry) => {
    const def = defs.find((candidate) => candidate.name === entry.name);
    if (!def) throw new InputError(`unknown option "${textOf(entry.name)}"`);
    if (seen.has(entry.name)) throw new InputError(`option "${textOf(entry.name)}" is given twice`);
    seen.add(entry.name);
    return isSubcommand(def)
      ? { name: def.name, type: def.type, options: commandOptions(def.options, entry.options, context) }
      : plainOption(def, entry, context);
  });
  const missing = defs.find((def) => def.required === true && !seen.has(def.name));
  if (missing && !context.partial) throw new InputError(`option "${textOf(missing.name)}" is required`);
  return options;
}

/** The option being typed, found through the subcommands. */
export function focusedOption(options: readonly JsonObject[]): JsonObject[] {
  return options.flatMap((option) => [
    ...(option.focused === true ? [option] : []),
    ...focusedOption(objectsOf(option.options)),
  ]);
}

function isSubcommand(def: JsonObject): boolean {
  return def.type === OptionType.subcommand || def.type === OptionType.subcommandGroup;
}

function plainOption(def: JsonObject, entry: JsonObject, context: OptionContext): JsonObject {
  if (entry.type !== undefined && entry.type !== def.type) {
    throw new InputError(`option "${textOf(def.name)}" is not of type ${String(entry.type)}`);
  }
  const head = { name: def.name, type: def.type };
  if (context.partial) {
    if (entry.focused !== true) return { ...head, value: entry.value };
    if (def.autocomplete !== true) throw new InputError(`option "${textOf(def.name)}" has no autocomplete`);
    return { ...head, value: String(entry.value ?? ''), focused: true };
  }
  const value = optionValue(def, entry.value, context);
  const choices = objectsOf(def.choices);
  if (choices.length > 0 && !choices.some((choice) => choice.value === value)) {
    throw new InputError(`"${String(value)}" is not one of the choices of "${textOf(def.name)}"`);
  }
  return { ...head, value };
}

function optionValue(def: JsonObject, value: unknown, context: OptionContext): unknown {
  const name = textOf(def.name);
  const { resolved } = context;
  switch (def.type) {
    case OptionType.string:
      return text(def, value);
    case OptionType.integer:
      return numeric(def, value, true);
    case OptionType.number:
      return numeric(def, value, false);
    case OptionType.boolean:
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw new InputError(`option "${name}" must be true or false`);
    case OptionType.user:
      resolved.user(textOf(value));
      return value;
    case OptionType.role:
      resolved.role(textOf(value));
      return value;
    case OptionType.mentionable:
      resolved.mentionable(textOf(value));
      return value;
    case OptionType.channel:
      resolved.channel(textOf(value), arrayOf(def.channel_types));
      return value;
    case OptionType.attachment:
      return context.storeFile(uploadOf(name, value));
    default:
      throw new InputError(`option "${name}" has a type this server does not know`);
  }
}

function text(def: JsonObject, value: unknown): string {
  const name = textOf(def.name);
  if (typeof value !== 'string') throw new InputError(`option "${name}" must be text`);
  const length = lengthOf(value);
  if (length === 0) throw new InputError(`option "${name}" is empty`);
  const [min, max] = [Number(def.min_length ?? 0), Number(def.max_length ?? 6000)];
  if (length < min || length > max)
    throw new InputError(`option "${name}" must have ${min} to ${max} characters`);
  return value;
}

function numeric(def: JsonObject, value: unknown, whole: boolean): number {
  const name = textOf(def.name);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || (whole && !Number.isSafeInteger(number))) {
    throw new InputError(`option "${name}" must be a ${whole ? 'whole number' : 'number'}`);
  }
  if (typeof def.min_value === 'number' && number < def.min_value) {
    throw new InputError(`option "${name}" must be at least ${def.min_value}`);
  }
  if (typeof def.max_value === 'number' && number > def.max_value) {
    throw new InputError(`option "${name}" must be at most ${def.max_value}`);
  }
  return number;
}

function uploadOf(name: string, value: unknown): Upload {
  if (!isObject(value) || typeof value.filename !== 'string' || typeof value.content_base64 !== 'string') {
    throw new InputError(`option "${name}" needs {filename, content_base64}`);
  }
  return {
    part: 'files[0]',
    filename: value.filename,
    contentType: 'application/octet-stream',
    bytes: Buffer.from(value.content_base64, 'base64'),
  };
}

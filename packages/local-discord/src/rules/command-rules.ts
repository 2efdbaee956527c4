import { CommandType, OptionType } from '../base/constants.js';
import { Issues, issue, type Path } from '../base/issues.js';
import { arrayOf, isObject, type JsonObject, lengthOf, objectsOf, textOf } from '../base/json.js';

/** Official docs, "Application Command Naming". */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const MAX_TEXT = 8_000;
const MAX_DESCRIPTION = 100;
const MAX_PER_LEVEL = 25;

/** Throws 50035 when a single command breaks a rule. `whole` = create or replace; false = PATCH. */
export function checkCommand(body: JsonObject, whole: boolean): void {
  const issues = new Issues();
  checkOne(body, whole, [], issues);
  issues.throwIfAny();
}

/** The same for a bulk PUT; errors start with the array index. */
export function checkCommands(bodies: readonly JsonObject[]): void {
  const issues = new Issues();
  const seen = new Set<string>();
  bodies.forEach((body, index) => {
    checkOne(body, true, [index], issues);
    const key = `${Number(body.type ?? 1)}/${textOf(body.name)}`;
    if (seen.has(key)) {
      issues.add(
        [index, 'name'],
        'APPLICATION_COMMANDS_DUPLICATE_NAME',
        'Application command names must be unique',
      );
    }
    seen.add(key);
  });
  issues.throwIfAny();
}

function checkOne(body: JsonObject, whole: boolean, at: Path, issues: Issues): void {
  const slash = Number(body.type ?? CommandType.chatInput) === CommandType.chatInput;
  if (whole || 'name' in body) checkName(body.name, slash, [...at, 'name'], issues);
  if (slash && (whole || 'description' in body)) checkDescription(body, at, issues);
  if (!slash && textOf(body.description)) {
    issues.add(
      [...at, 'description'],
      'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED',
      'Context menu commands cannot have a description',
    );
  }
  if (!slash && arrayOf(body.options).length > 0) {
    issues.add(
      [...at, 'options'],
      'APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_NOT_ALLOWED',
      'Context menu commands cannot have options',
    );
  }
  checkOptions(objectsOf(body.options), [...at, 'options'], issues);
  const text = longestText(body);
  if (text > MAX_TEXT) {
    issues.add(at, 'APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (${MAX_TEXT})`);
  }
}

function checkName(name: unknown, lowerCase: boolean, at: Path, issues: Issues): void {
  const text = textOf(name);
  const length = lengthOf(text);
  if (length < 1 || length > 32) issue.badLength(issues, at, 1, 32);
  else if (lowerCase && (!NAME.test(text) || text !== text.toLowerCase())) {
    issues.add(at, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
  }
}

function checkDescription(body: JsonObject, at: Path, issues: Issues): void {
  const length = lengthOf(textOf(body.description));
  if (length < 1) issue.required(issues, [...at, 'description']);
  if (length > MAX_DESCRIPTION) issue.tooLong(issues, [...at, 'description'], MAX_DESCRIPTION);
}

function isNested(option: JsonObject): boolean {
  return option.type === OptionType.subcommand || option.type === OptionType.subcommandGroup;
}

function checkOptions(options: readonly JsonObject[], at: Path, issues: Issues): void {
  if (options.length > MAX_PER_LEVEL) issue.tooLong(issues, at, MAX_PER_LEVEL);
  const nested = options.filter(isNested).length;
  if (nested > 0 && nested < options.length) {
    issues.add(
      at,
      'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
      'Sub-commands and sub-command groups cannot stand beside other options',
    );
  }
  const names = options.map((option) => option.name);
  let optionalSeen = false;
  options.forEach((option, index) => {
    const here = [...at, index];
    checkName(option.name, true, [...here, 'name'], issues);
    checkDescription(option, here, issues);
    if (names.indexOf(option.name) !== index) {
      issues.add(
        [...here, 'name'],
        'APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED',
        'Option name is already used',
      );
    }
    if (option.required === true && optionalSeen) {
      issues.add(
        here,
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    }
    if (option.required !== true && !isNested(option)) optionalSeen = true;
    checkChoices(option, here, issues);
    checkOptions(objectsOf(option.options), [...here, 'options'], issues);
  });
}

function checkChoices(option: JsonObject, at: Path, issues: Issues): void {
  const choices = objectsOf(option.choices);
  if (choices.length > MAX_PER_LEVEL) issue.tooLong(issues, [...at, 'choices'], MAX_PER_LEVEL);
  if (option.autocomplete === true && choices.length > 0) {
    issues.add(
      [...at, 'autocomplete'],
      'APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES_EXCLUSIVE',
      'Autocomplete and choices exclude each other',
    );
  }
  choices.forEach((choice, index) => {
    if (typeof choice.value === 'string' && lengthOf(choice.value) > 100) {
      issue.tooLong(issues, [...at, 'choices', index, 'value'], 100);
    }
  });
}

/** Names, descriptions and choice values together; of a localised text the longest version counts. */
function longestText(node: JsonObject): number {
  const longest = (key: string): number => {
    const localised = node[`${key}_localizations`];
    const all = isObject(localised) ? [node[key], ...Object.values(localised)] : [node[key]];
    return Math.max(...all.map((text) => lengthOf(textOf(text))));
  };
  const below = [...objectsOf(node.options), ...objectsOf(node.choices)];
  const own = longest('name') + longest('description') + lengthOf(textOf(node.value));
  return below.reduce((sum, child) => sum + longestText(child), own);
}

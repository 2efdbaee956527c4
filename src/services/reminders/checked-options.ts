import { UserError } from '../../domain/errors.js';
import { listText } from '../../domain/text.js';
import { KINDS, type KindName } from './kinds/registry.js';
import { OPTIONS, type OptionName, type ReminderOptions } from './options.js';

/**
 * An option that a kind doesn't use is refused: whoever gave it believes that it counts.
 * @throws UserError `OPTION_UNUSED`, `OPTION_MISSING`
 */
export function checkedOptions(name: KindName, options: ReminderOptions): ReminderOptions {
  const { uses, needs = [], title } = KINDS[name];
  const given = (Object.keys(options) as OptionName[]).filter((option) => options[option] !== undefined);
  const unused = given.filter((option) => !uses.includes(option));
  if (unused.length > 0) {
    throw new UserError(
      'OPTION_UNUSED',
      `“${title}” doesn’t know ${words(unused)}.`,
      `It takes ${words(uses.filter((option) => option !== 'account'))}.`,
    );
  }
  const missing = needs.filter((option) => !given.includes(option));
  if (missing.length > 0) {
    throw new UserError('OPTION_MISSING', `“${title}” needs ${words(missing)}.`, 'Add it and send it again.');
  }
  return options;
}

function words(options: readonly OptionName[]): string {
  return listText(options.map((option) => `\`${OPTIONS[option].word}\``));
}

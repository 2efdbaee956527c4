import { UserError } from '../../domain/errors.js';
import { KINDS, type KindName } from './kinds/registry.js';
import { OPTIONS, type OptionName, type ReminderOptions } from './options.js';

/**
 * An option that a kind doesn't use is refused: whoever gave it believes that it counts.
 * @throws UserError `OPTION_UNUSED`, `OPTION_MISSING`
 */
export function checkedOptions(kind: KindName, options: ReminderOptions): ReminderOptions {
  const { uses, needs = [] } = KINDS[kind];
  const given = (Object.keys(options) as OptionName[]).filter((option) => options[option] !== undefined);
  const unused = given.filter((option) => !uses.includes(option));
  if (unused.length > 0) {
    const takes = uses.filter((option) => option !== 'account');
    throw new UserError('OPTION_UNUSED', { kind, unused: words(unused), takes: words(takes) });
  }
  const missing = needs.filter((option) => !given.includes(option));
  if (missing.length > 0) {
    throw new UserError('OPTION_MISSING', { kind, missing: words(missing) });
  }
  return options;
}

/** As they are typed. */
function words(options: readonly OptionName[]): string[] {
  return options.map((option) => OPTIONS[option].word);
}

import { lastDigits } from '../../domain/account-names.js';
import {
  OPTIONS,
  type OptionName,
  type OptionValue,
  type ReminderOptions,
} from '../../services/reminders/options.js';

/** Of one option: beside it in Discord’s form, and its value in a list of reminders. */
interface OptionWords<T> {
  about: string;
  /** The value behind the option’s name where there is no more to say. */
  listed?(value: T): string;
}

/** How each option is told of. */
export const OPTION_WORDS: { readonly [Name in OptionName]: OptionWords<OptionValue<Name>> } = {
  account: {
    about: 'Only this account',
    listed: (number) => `account …${lastDigits(number)}`,
  },
  underlying: { about: 'Only this underlying, such as QQQ' },
  position: {
    about: 'Only this position, or the one a note belongs to',
    listed: (id) => `position #${id}`,
  },
  dte: {
    about: 'Expiry: days to expiration, such as 21,7',
    listed: (days) => `dte ${days.join(', ')}`,
  },
  olderThanDays: { about: 'Working orders: at least so many days old' },
  withinTicks: { about: 'Working orders: within so many ticks of filling' },
  withinPercent: {
    about: 'Working orders: filling needs a move of at most so many percent of the mark',
  },
  text: { about: 'Note: your words' },
  sayWhenEmpty: {
    about: 'Post also when there is nothing to tell',
    listed: (value) =>
      value ? 'also when there is nothing to tell' : 'silent when there is nothing to tell',
  },
};

/** `dte 7, 21`; empty where it isn’t given. */
export function optionText<Name extends OptionName>(name: Name, options: ReminderOptions): string {
  const value = options[name] as OptionValue<Name> | undefined;
  if (value === undefined) return '';
  const { listed }: OptionWords<OptionValue<Name>> = OPTION_WORDS[name];
  return listed ? listed(value) : `${OPTIONS[name].word} ${value}`;
}

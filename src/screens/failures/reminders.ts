import type { WordsOf } from './words.js';

const THOSE_THERE_ARE = '`/remind list` shows those there are.';
const NO_SUCH = 'No such reminder';

/** Reminders, and the times and options people type for them. */
export const REMINDER_WORDS: WordsOf<
  | 'REMINDER_REMOVED'
  | 'REMINDER_NOT_HERE'
  | 'REMINDER_NOT_READ'
  | 'REMINDER_ENDED'
  | 'REMINDER_HANDLED'
  | 'TOO_MANY_REMINDERS'
  | 'WHEN_NEVER'
  | 'ZONE_UNKNOWN'
  | 'DAYS_UNREADABLE'
  | 'NOT_AN_UNDERLYING'
> = {
  REMINDER_REMOVED: () => ({ title: NO_SUCH, what: 'This reminder was removed.', hint: THOSE_THERE_ARE }),
  REMINDER_NOT_HERE: ({ id }) => ({
    title: NO_SUCH,
    what: `There is no reminder ${id} here (any more).`,
    hint: THOSE_THERE_ARE,
  }),
  REMINDER_NOT_READ: ({ typed }) => ({
    title: NO_SUCH,
    what: `"${typed.slice(0, 60)}" is not a reminder I know.`,
    hint: 'Pick one from the list that opens while you type.',
  }),
  REMINDER_ENDED: ({ id }) => ({
    what: `Reminder ${id} was for one time, and that is over.`,
    hint: 'Give it a new time with `/remind edit`, or remove it.',
  }),
  REMINDER_HANDLED: ({ at }) => ({
    title: 'Dealt with already',
    what: `Somebody dealt with this one <t:${Math.floor(at.getTime() / 1000)}:R>.`,
  }),
  TOO_MANY_REMINDERS: ({ most }) => ({
    what: `There are ${most} reminders here already.`,
    hint: 'Remove some with `/remind remove` first.',
  }),
  WHEN_NEVER: ({ when, marketDaysOnly }) => ({
    what: `“${when}” doesn’t come within two years.`,
    ...(marketDaysOnly
      ? { hint: 'It may only fall on days without trading: try market_days_only:False.' }
      : {}),
  }),
  ZONE_UNKNOWN: ({ typed }) => ({
    what: `"${typed.slice(0, 40)}" is not a time zone I know.`,
    hint: 'Pick one from the list that opens while you type, such as Europe/Berlin.',
  }),
  DAYS_UNREADABLE: ({ typed }) => ({
    what: `"${typed.slice(0, 40)}" is not a number of days to expiration I can read.`,
    hint: 'Example: dte:7, or dte:21,7 (at most five).',
  }),
  NOT_AN_UNDERLYING: ({ typed }) => ({
    what: `"${typed.slice(0, 40)}" is not an underlying I can read.`,
    hint: 'Example: underlying:QQQ',
  }),
};

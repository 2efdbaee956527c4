import type { WhenFault } from '../../domain/failures.js';
import { countText, listText } from '../../domain/text.js';
import { clip, timestamp } from '../format.js';
import { kindTitle } from '../reminders/kind-words.js';
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
  | 'WHEN_UNREADABLE'
  | 'WHEN_PAST'
  | 'OPTION_UNUSED'
  | 'OPTION_MISSING'
  | 'KIND_UNKNOWN'
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
    what: `Somebody dealt with this one ${timestamp(at)}.`,
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
  WHEN_UNREADABLE: ({ part, why }) => {
    const subject = part === '' ? 'I can’t read when' : `I can’t read “${clip(part, MOST_PART + 1)}”`;
    return {
      title: 'When?',
      what: `${subject}${why ? `: ${whenFaultText(why)}` : ''}.`,
      hint: 'Write it like “weekdays 9:00”, “market open +15m” or “2026-12-18 10:00”.',
    };
  },
  WHEN_PAST: ({ when, zone }) => ({
    title: 'That time has passed',
    what: `${when}${zone === null ? '' : ` in ${zone}`} has passed.`,
    hint: 'Name a time that is still ahead, such as “in 2h” or “tomorrow 9:00”.',
  }),
  OPTION_UNUSED: ({ kind, unused, takes }) => ({
    what: `“${kindTitle(kind)}” doesn’t know ${optionsText(unused)}.`,
    hint: `It takes ${optionsText(takes)}.`,
  }),
  OPTION_MISSING: ({ kind, missing }) => ({
    what: `“${kindTitle(kind)}” needs ${optionsText(missing)}.`,
    hint: 'Add it and send it again.',
  }),
  KIND_UNKNOWN: ({ typed, known }) => ({
    what: `"${typed.slice(0, 40)}" is not a kind of reminder I know.`,
    hint: `There are: ${known.join(', ')}.`,
  }),
};

const MOST_PART = 60;

/** A half sentence such as `a time such as 9:00 is missing`. */
function whenFaultText(why: WhenFault): string {
  switch (why.fault) {
    case 'nothing':
      return 'nothing is written';
    case 'too-long':
      return `more than ${why.most} characters`;
    case 'no-time':
      return 'a time such as 9:00 is missing';
    case 'time':
      return 'a time looks like 9:00, 16:15 or 9:30am';
    case 'seconds':
      return 'a minute has 60 seconds';
    case 'no-such-day':
      return `the calendar has no such day between ${why.years.join(' and ')}`;
    case 'no-length':
      return 'a length of time such as 2h or 45 min is missing';
    case 'length':
      return 'a length of time looks like 2h, 45 min or 1h30m';
    case 'now':
      return 'that is now';
    case 'too-far':
      return `at most ${why.days} days ahead`;
    case 'every':
      return 'after “every” I expect a weekday, “day”, “weekday” or “weekend”';
    case 'market-edge':
      return 'after “market” I expect “open” or “close”';
    case 'market-offset':
      return 'after the open or close I expect something like +15m or -10m';
    case 'market-too-far':
      return `at most ${why.hours} hours from the open or close`;
    case 'cron-fields':
      return `it has ${countText(why.fields, 'field')} and a cron expression has five`;
    case 'cron-day':
      return 'no month has such a day';
    case 'cron-field':
      return `as the ${why.field} of a cron expression`;
  }
}

function optionsText(words: readonly string[]): string {
  return listText(words.map((word) => `\`${word}\``));
}

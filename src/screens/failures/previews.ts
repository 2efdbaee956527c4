import { leaveUnsure } from '../../domain/odd-rows.js';
import { listText, someText } from '../../domain/text.js';
import type { OddRow } from '../../domain/types.js';
import { leavesNakedText, nakedChoiceText } from '../cover-words.js';
import { oddRowText } from '../odd-rows.js';
import type { WordsOf } from './words.js';

const MOST_NAMED = 3;
const EXAMPLES = { percent: '50', price: '1.25', ladder: '40,60', stop: '200' };
const WHAT_WORKS = 'Use `/orders` to see what works now.';

/** What was asked of a preview can't be read, or isn't there. */
export const PREVIEW_WORDS: WordsOf<
  | 'NOT_A_NUMBER'
  | 'CLOSE_UNREADABLE'
  | 'COMMA_UNCLEAR'
  | 'NOTHING_UNCOVERED'
  | 'LEAVES_SHORT_NAKED'
  | 'POSITION_UNKNOWN'
  | 'ORDER_UNKNOWN'
  | 'ORDER_UNREADABLE'
> = {
  NOT_A_NUMBER: (facts) =>
    facts.typed === null
      ? {
          what: 'The form was empty, so nothing changed.',
          hint: 'Type a percent such as 45, or a price such as 1.25.',
        }
      : {
          what: `"${facts.typed.slice(0, 40)}" is not a ${facts.what} I can read.`,
          hint: `Example: ${facts.what}:${EXAMPLES[facts.what]}`,
        },
  CLOSE_UNREADABLE: ({ typed, what }) => ({
    what: `"${typed.slice(0, 40)}" is no ${what === 'at' ? 'price' : 'portion'} I can read.`,
    hint:
      what === 'at'
        ? 'Example: at:mid, at:natural or at:1.25'
        : 'Example: portion:2, portion:50% or portion:1/3',
  }),
  COMMA_UNCLEAR: (facts) => ({
    title: 'Which did you mean?',
    ...('numbers' in facts ? unclearPercents(facts.typed, facts.numbers) : unclearPrice(facts)),
  }),
  NOTHING_UNCOVERED: ({ odd, why }) => {
    const unread = unreadText(odd);
    if (why === 'no-positions') {
      return { what: `There are no open option positions${odd.length > 0 ? READ : ''}.${unread}` };
    }
    if (typeof why === 'string') {
      const what =
        why === 'all-covered'
          ? `Every open position${unread ? READ : ''} has working targets already.`
          : 'What has no working target is expired and not settled yet.';
      return { what: `${what}${unread}`, hint: '`/orders` lists what works.' };
    }
    const stuck = why.stuck.map((id) => `#${id}`);
    return {
      what: `Nothing is free to close, though not everything has a target: ${stuck.join(', ')}.${unread}`,
      hint: `Preview ${stuck.length > 1 ? 'each' : 'it'} by itself to see what is in the way.`,
    };
  },
  LEAVES_SHORT_NAKED: ({ id, parts, unsure }) => ({
    title: 'It covers a short',
    what: leavesNakedText(parts, unsure),
    hint: nakedChoiceText(id),
  }),
  POSITION_UNKNOWN: (facts) => {
    if ('typed' in facts) {
      return {
        what: `"${facts.typed.slice(0, 60)}" is not a position I know.`,
        hint: 'Pick one from the list that opens while you type, such as #37; for targets also `all`.',
      };
    }
    const { id, odd } = facts;
    return {
      what: odd
        ? `I see no open position #${id}, but I can’t read all the broker’s holdings: ${oddRowText(odd)}.`
        : `There is no open position #${id}. It may have been closed meanwhile.`,
      hint: 'Use `/positions` to see what is open.',
    };
  },
  ORDER_UNKNOWN: ({ id }) => ({
    what: `The broker’s lists don’t show an order ${id} (any more).`,
    hint: WHAT_WORKS,
  }),
  ORDER_UNREADABLE: ({ row }) => ({ what: `I can’t read ${oddRowText(row)}.`, hint: WHAT_WORKS }),
};

const READ = ' that I can read';

/** The rows that may keep something out of `all`, by name; empty if there is none. */
function unreadText(odd: readonly OddRow[]): string {
  const rows = odd.filter((row) => leaveUnsure([row])).map(oddRowText);
  const named = someText(rows, MOST_NAMED);
  return named && ` I can’t read ${named}, so what that is about is left out.`;
}

/** `37,5` is 37.5, or 37 and 5. */
function unclearPercents(typed: string, numbers: readonly string[]) {
  const pairs = numbers.flatMap((part, index) =>
    index % 2 === 0 ? [[part, numbers[index + 1]].filter((each) => each !== undefined).join('.')] : [],
  );
  const percent = (list: readonly string[]) => listText(list.map((each) => `${each} %`));
  return {
    what: `"${typed.slice(0, 40)}" can be read two ways: ${percent(pairs.slice(0, 5))}, or a ladder of ${percent(numbers.slice(0, 10))}.`,
    hint: `Which did you mean? Write ${pairs.join('/')} or ${numbers.join('/')}.`,
  };
}

function unclearPrice({ typed, prices }: { typed: string; prices: readonly string[] }) {
  return {
    what: `"${typed.slice(0, 40)}" has a comma, and I won’t guess a price.`,
    hint:
      prices.length > 0
        ? `Did you mean ${prices.join(' or ')}? Write it so.`
        : 'Write it with a point, such as 1.25.',
  };
}

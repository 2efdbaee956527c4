import { BrokerError, DatabaseFailure, UserError, type Why } from '../../domain/errors.js';
import type { Coded, FailureCode } from '../../domain/failures.js';
import { listText } from '../../domain/text.js';
import { databaseTroubleText } from '../database-trouble.js';
import { ACCESS_WORDS } from './access.js';
import { ACCOUNT_WORDS } from './accounts.js';
import { saidText } from './broker.js';
import { CANCEL_WORDS } from './cancels.js';
import { PRESS_WORDS } from './press.js';
import { PREVIEW_WORDS } from './previews.js';
import { PRICING_WORDS } from './pricing.js';
import { REMINDER_WORDS } from './reminders.js';
import { START_WORDS } from './start.js';
import type { Words, WordsOf } from './words.js';

/** The compiler misses here the words of any code that has none. */
const WORDS: WordsOf<FailureCode> = {
  ...ACCESS_WORDS,
  ...ACCOUNT_WORDS,
  ...PRICING_WORDS,
  ...PREVIEW_WORDS,
  ...PRESS_WORDS,
  ...CANCEL_WORDS,
  ...REMINDER_WORDS,
  ...START_WORDS,
  CHANGE_UNPLACED: ({ orderIds, because }) => ({
    title: 'Cancelled, and nothing placed',
    what: `**${orderIds.length === 1 ? 'Order' : 'Orders'} ${listText(orderIds)} ${orderIds.length === 1 ? 'works' : 'work'} no more, and nothing was placed in ${orderIds.length === 1 ? 'its' : 'their'} stead.** ${wordsOf(because).what}`,
    hint: 'A fresh preview offers it again; the message about the cancelled offers the former target.',
    saysSent: true,
  }),
  PREVIEW_UNCHANGED: ({ because }) => {
    const words = wordsOf(because);
    return { ...words, what: `${words.what} The preview is unchanged and nothing was sent.`, saysSent: true };
  },
};

/** A `UserError` in words, for Discord, terminal and log alike. */
export function wordsOf(error: Coded): Words {
  const words = WORDS[error.code] as (facts: unknown) => Words;
  return words(error.facts);
}

/** Any error as a terminal tells it: what isn't a `UserError` speaks for itself. */
export function reasonOf(error: unknown): Pick<Words, 'what' | 'hint'> {
  if (error instanceof UserError) return wordsOf(error);
  if (error instanceof BrokerError) return { what: saidText(error.trouble) };
  return { what: error instanceof Error && error.message ? error.message : String(error) };
}

/** The last words of a start that failed; the log has the rest. */
export function notStartedText(error: unknown): string {
  const { what, hint } = reasonOf(error);
  const next = 'The bot did not start. `npm run doctor` looks at each part and says what to mend.';
  return [what, ...(hint === undefined ? [] : [hint]), next].join('\n');
}

/** Why something couldn't be read, in words. */
export function whyText(why: Why): string {
  if (why instanceof DatabaseFailure) return `${databaseTroubleText(why.trouble)}.`;
  return typeof why === 'string' ? why : reasonOf(why).what;
}

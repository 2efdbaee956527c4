import { absolute } from './forms/absolute.js';
import { cron } from './forms/cron.js';
import { later } from './forms/later.js';
import { market } from './forms/market.js';
import { monthly } from './forms/monthly.js';
import { weekly } from './forms/weekly.js';
import { unreadable } from './unreadable.js';
import type { When } from './when.js';

/**
 * Each gives null if the text is none of its own, and throws if it is but can't be read to the end. The order
 * settles who may claim `every first of month` and `30 minutes before the close`.
 */
const FORMS: readonly ((text: string) => When | null)[] = [absolute, later, monthly, market, weekly, cron];

const MAX_LENGTH = 120;

/** `9:00 on weekdays`: the same words in the other order. */
const TIME_FIRST = /^(?:at )?(\d{1,2}:\d{2}(?: ?[ap]m)?|\d{1,2} ?[ap]m|noon|midnight) (.+)$/;

/**
 * Reads when something shall happen. Case and spaces don't matter; dashes and signs may be typographic.
 * `printWhen` gives it back in one canonical way.
 *
 * @throws UserError `WHEN_UNREADABLE` naming the part that can't be read and showing examples
 */
export function parseWhen(text: string): When {
  const plain = normalised(text).replace(TIME_FIRST, '$2 $1');
  if (plain === '') throw unreadable('', { fault: 'nothing' });
  if (plain.length > MAX_LENGTH) throw unreadable(plain, { fault: 'too-long', most: MAX_LENGTH });
  for (const form of FORMS) {
    const when = form(plain);
    if (when !== null) return when;
  }
  throw unreadable(plain.split(' ', 1)[0] ?? plain);
}

function normalised(text: string): string {
  const dashes = text.normalize('NFKC').replace(/[\u2010-\u2015\u2212]/g, '-');
  return dashes.replace(/\s+/g, ' ').trim().toLowerCase();
}

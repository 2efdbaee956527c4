import { lastDigits } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import type { MissingAccount } from '../services/accounts/chosen-accounts.js';
import type { Books } from '../services/accounts/desks.js';
import { accountText } from './account.js';
import { reasonOf } from './failures/index.js';
import { clip } from './format.js';
import { textPages } from './pages.js';
import type { View } from './view.js';

const MOST_REASON = 300;

/** Accounts that are not among what is shown, and why, as a message of its own below the others; none where all are. */
export function unreadViews(
  { unread, missing }: Pick<Books, 'unread' | 'missing'>,
  environment: Environment,
): View[] {
  const lines = [
    ...unread.map(({ name, error }) => {
      const why = clip(reasonOf(error).what, MOST_REASON);
      return `❔ **Account ${accountText(name)} can’t be read now.** ${why}`;
    }),
    ...missing.map((each) => `❔ ${missingText(each)}`),
  ];
  if (lines.length === 0) return [];
  return textPages([...lines, `-# **${environment}**`].map((text) => ({ text, apart: true })));
}

/** Why there is nothing to show of an account that the settings ask for. */
export function missingText(missing: MissingAccount): string {
  return missing.why === 'unreadable'
    ? '**One more account can’t be read.** The broker’s row of it has no number.'
    : `**Account …${lastDigits(missing.number)} is not among the login’s open accounts.** It may have been closed; whoever runs me names accounts in TASTYTRADE_ACCOUNT.`;
}

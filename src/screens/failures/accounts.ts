import { accountList, accountText } from '../account.js';
import type { WordsOf } from './words.js';

const RESTART = 'Correct TASTYTRADE_ACCOUNT and restart the bot.';

/** Which of the login's accounts it is about. */
export const ACCOUNT_WORDS: WordsOf<
  | 'ACCOUNT_UNKNOWN'
  | 'ACCOUNT_NONE'
  | 'ACCOUNT_UNREADABLE'
  | 'ACCOUNT_NOT_OURS'
  | 'ACCOUNT_NEEDED'
  | 'ACCOUNT_GONE'
  | 'POSITION_ELSEWHERE'
  | 'POSITION_NOT_OURS'
  | 'POSITIONS_APART'
  | 'STILL_READING'
> = {
  ACCOUNT_UNKNOWN: ({ there, named }) => {
    const which = named === 1 ? 'the number' : 'any of the numbers';
    const open = there.map((digits) => (digits === null ? 'unreadable' : `…${digits}`)).join(', ');
    return {
      what: `The broker login has no open account with ${which} in TASTYTRADE_ACCOUNT. It has: ${open || 'none'}.`,
      hint: RESTART,
    };
  },
  ACCOUNT_NONE: () => ({
    what: 'The broker login has no open account.',
    hint: 'Check the login at the broker.',
  }),
  ACCOUNT_UNREADABLE: ({ count }) => ({
    what:
      count === 1
        ? 'The broker login has one open account, and the broker’s row of it can’t be read: no account number.'
        : `The broker login has ${count} open accounts, and the broker’s rows of them can’t be read: no account number.`,
    hint: 'Try again in a minute.',
  }),
  STILL_READING: () => ({
    title: 'I am still reading the account',
    what: 'I have just started and am still reading the account.',
    hint: 'Type on in a moment.',
  }),
  ACCOUNT_NOT_OURS: ({ typed, accounts }) => ({
    title: 'Which account?',
    what: `"${typed.slice(0, 40)}" is none of the accounts I work for. Nothing was sent.`,
    hint: `I work for ${accountList(accounts)}.`,
    saysSent: true,
  }),
  ACCOUNT_NEEDED: ({ accounts }) => ({
    title: 'Which account?',
    what: `I work for ${accountList(accounts)}, and I don’t guess which one is meant. Nothing was sent.`,
    hint: 'Say it by `account`, such as the last digits of its number.',
    saysSent: true,
  }),
  ACCOUNT_GONE: ({ digits }) => ({
    title: 'Another account',
    what: `Account …${digits} is none that I work for now. Nothing was sent.`,
    hint: 'Whoever runs me names accounts in TASTYTRADE_ACCOUNT; `/status` lists them.',
    saysSent: true,
  }),
  POSITION_ELSEWHERE: ({ id, account }) => ({
    title: 'Another account',
    what: `Position #${id} is in account ${accountText(account)}, not in the one you named. Nothing was sent.`,
    hint: 'A position is found by its id alone: leave `account` out.',
    saysSent: true,
  }),
  POSITION_NOT_OURS: ({ id, digits }) => ({
    title: 'Another account',
    what: `Position #${id} is in account …${digits}, which I don’t work for now. Nothing was sent.`,
    hint: 'Use `/positions` to see what is open.',
    saysSent: true,
  }),
  POSITIONS_APART: ({ accounts }) => ({
    title: 'Several accounts',
    what: `These positions are in ${accountList(accounts)}, and a preview is of one account. Nothing was sent.`,
    hint: 'Preview each account’s by themselves.',
    saysSent: true,
  }),
};

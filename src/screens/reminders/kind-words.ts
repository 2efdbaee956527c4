import { isKindName, type KindName } from '../../services/reminders/kinds/registry.js';

/** How each kind is called, and what beside it in the list it is chosen from; at most 100 characters together. */
export const KIND_WORDS: { readonly [Name in KindName]: { title: string; about: string } } = {
  'missing-targets': {
    title: 'Missing targets',
    about: 'positions without working targets',
  },
  expiry: {
    title: 'Expiry',
    about: 'DTE at or below 7 and 21; short legs in the money, assignment and ex-dividend risk',
  },
  'working-orders': {
    title: 'Working orders',
    about: 'closing orders older than N days, or within N ticks or N % of filling',
  },
  'daily-summary': {
    title: 'Daily summary',
    about: 'before the close: expiring, uncovered, working; after it: profit, fills, next steps',
  },
  'expiration-friday': {
    title: 'Expiration day',
    about: 'what expires today, on Fridays and all other days that have expirations',
  },
  note: {
    title: 'Note',
    about: 'your own words, tied to a position if you like',
  },
};

/** `Missing targets`, or the bare name of a kind this version doesn't know. */
export function kindTitle(kind: string): string {
  return isKindName(kind) ? KIND_WORDS[kind].title : kind;
}

import { UserError } from '../../../domain/errors.js';
import { type DailySummary, dailySummary } from './daily-summary.js';
import { type ExpirationDay, expirationFriday } from './expiration-friday.js';
import { type Expiry, expiry } from './expiry.js';
import type { Kind } from './kind.js';
import { type MissingTargets, missingTargets } from './missing-targets.js';
import { type Note, note } from './note.js';
import { type WorkingOrders, workingOrders } from './working-orders.js';

/** What each kind finds, by its name in the database and in commands. */
export interface Findings {
  'missing-targets': MissingTargets;
  expiry: Expiry;
  'working-orders': WorkingOrders;
  'daily-summary': DailySummary;
  'expiration-friday': ExpirationDay;
  note: Note;
}

export type KindName = keyof Findings;

/** Every kind. A new one is a file beside these, a line here and above, and a view. */
export const KINDS: { readonly [Name in KindName]: Kind<Findings[Name]> } = {
  'missing-targets': missingTargets,
  expiry,
  'working-orders': workingOrders,
  'daily-summary': dailySummary,
  'expiration-friday': expirationFriday,
  note,
};

export const KIND_NAMES = Object.keys(KINDS) as KindName[];

/** What one run found, with the kind that says how to read it. */
export type Found = { [Name in KindName]: { kind: Name; findings: Findings[Name] } }[KindName];

export function isKindName(text: string): text is KindName {
  return Object.hasOwn(KINDS, text);
}

/** @throws UserError `KIND_UNKNOWN` */
export function kindNamed(text: string): KindName {
  if (isKindName(text)) return text;
  throw new UserError(
    'KIND_UNKNOWN',
    `"${text.slice(0, 40)}" is not a kind of reminder I know.`,
    `There are: ${KIND_NAMES.join(', ')}.`,
  );
}

import { UserError } from '../../../domain/errors.js';
import { dailySummary } from './daily-summary.js';
import { expirationFriday } from './expiration-friday.js';
import { expiry } from './expiry.js';
import type { Kind } from './kind.js';
import { missingTargets } from './missing-targets.js';
import { note } from './note.js';
import { workingOrders } from './working-orders.js';

/** Every kind, by its name in the database and in commands. A new one is a file beside these, a line here, and a view. */
export const KINDS = {
  'missing-targets': missingTargets,
  expiry,
  'working-orders': workingOrders,
  'daily-summary': dailySummary,
  'expiration-friday': expirationFriday,
  note,
} as const satisfies Record<string, Kind<unknown>>;

export type KindName = keyof typeof KINDS;

/** What each kind finds. */
export type Findings = {
  readonly [Name in KindName]: (typeof KINDS)[Name] extends Kind<infer Found> ? Found : never;
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
  throw new UserError('KIND_UNKNOWN', { typed: text, known: KIND_NAMES });
}

import type { Findings, Found, KindName } from '../../services/reminders/kinds/registry.js';
import { dailySummaryTelling } from './daily-summary.js';
import { expirationDayTelling } from './expiration-day.js';
import { expiryTelling } from './expiry.js';
import { missingTargetsTelling } from './missing-targets.js';
import { noteTelling } from './note.js';
import type { Telling } from './telling.js';
import { workingOrdersTelling } from './working-orders.js';

/** How each kind's findings are put into words. */
const TELLINGS: { readonly [Name in KindName]: (findings: Findings[Name], now: Date) => Telling } = {
  'missing-targets': missingTargetsTelling,
  expiry: expiryTelling,
  'working-orders': workingOrdersTelling,
  'daily-summary': dailySummaryTelling,
  'expiration-friday': expirationDayTelling,
  note: noteTelling,
};

export function tellingOf({ kind, findings }: Found, now: Date): Telling {
  const telling = TELLINGS[kind] as (findings: Found['findings'], now: Date) => Telling;
  return telling(findings, now);
}

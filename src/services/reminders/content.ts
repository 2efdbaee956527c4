import type { AccountName } from '../../domain/account-names.js';
import type { Why } from '../../domain/errors.js';
import type { Reminder } from '../../ports/reminder-store.js';
import type { Found, KindName } from './kinds/registry.js';

/** What one reminder has to tell of one account at one run. */
export interface ReminderPart {
  reminder: Reminder;
  /** Of which account; null where that isn't known, or it is about none. */
  account: AccountName | null;
  dueAt: Date;
  /** Earlier runs that this one stands for; said once, of the first account. */
  alsoMissed: Date[];
  /** Null where there was nothing to tell; only a test run shows that. */
  found: Found | { kind: KindName; unreadable: Why } | null;
}

/** One message: what one reminder says, or several of one owner that are late. */
export interface ReminderContent {
  /** The occurrence by which the message is found again; null for a test run, which has no buttons to keep. */
  leadId: number | null;
  /** Who is mentioned. */
  userId: string;
  late: boolean;
  parts: ReminderPart[];
}

import type { Why } from '../../domain/errors.js';
import type { Reminder } from '../../ports/reminder-store.js';
import type { Found, KindName } from './kinds/registry.js';

/** What one reminder has to tell at one run. */
export interface ReminderPart {
  reminder: Reminder;
  dueAt: Date;
  /** Earlier runs that this one stands for. */
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

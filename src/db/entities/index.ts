import { AuditEventRow } from './audit-event.js';
import { ErrandRow } from './errand.js';
import { FillRow } from './fill.js';
import { OrderIntentRow } from './order-intent.js';
import { PlanRow } from './plan.js';
import { PositionRow } from './position.js';
import { ReminderRow } from './reminder.js';
import { ReminderNoticeRow } from './reminder-notice.js';
import { ReminderOccurrenceRow } from './reminder-occurrence.js';
import { ReservationRow } from './reservation.js';
import { SettingRow } from './setting.js';
import { TellingRow } from './telling.js';

export {
  AuditEventRow,
  ErrandRow,
  FillRow,
  OrderIntentRow,
  PlanRow,
  PositionRow,
  ReminderNoticeRow,
  ReminderOccurrenceRow,
  ReminderRow,
  ReservationRow,
  SettingRow,
  TellingRow,
};

export const ENTITIES = [
  PositionRow,
  PlanRow,
  OrderIntentRow,
  ReservationRow,
  FillRow,
  AuditEventRow,
  ErrandRow,
  TellingRow,
  SettingRow,
  ReminderRow,
  ReminderOccurrenceRow,
  ReminderNoticeRow,
];

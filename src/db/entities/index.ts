import { AuditEventRow } from './audit-event.js';
import { FillRow } from './fill.js';
import { OrderIntentRow } from './order-intent.js';
import { PlanRow } from './plan.js';
import { PositionRow } from './position.js';
import { ReminderRow } from './reminder.js';
import { ReminderNoticeRow } from './reminder-notice.js';
import { ReminderOccurrenceRow } from './reminder-occurrence.js';
import { ReservationRow } from './reservation.js';
import { SettingRow } from './setting.js';

export {
  AuditEventRow,
  FillRow,
  OrderIntentRow,
  PlanRow,
  PositionRow,
  ReminderNoticeRow,
  ReminderOccurrenceRow,
  ReminderRow,
  ReservationRow,
  SettingRow,
};

export const ENTITIES = [
  PositionRow,
  PlanRow,
  OrderIntentRow,
  ReservationRow,
  FillRow,
  AuditEventRow,
  SettingRow,
  ReminderRow,
  ReminderOccurrenceRow,
  ReminderNoticeRow,
];

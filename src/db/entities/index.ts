import { AuditEventRow } from './audit-event.js';
import { BoardRow } from './board.js';
import { BotStateRow } from './bot-state.js';
import { CancellationRow, CancelRow } from './cancellation.js';
import { ErrandRow } from './errand.js';
import { DayProfitRow, ExitRuleRow } from './exit.js';
import { FillRow } from './fill.js';
import { NoticeChannelRow, NoticeLevelRow } from './notice.js';
import { OrderIntentRow } from './order-intent.js';
import { OutboxRow } from './outbox.js';
import { PersonRow } from './person.js';
import { PlanRow } from './plan.js';
import { PositionRow } from './position.js';
import { ReminderRow } from './reminder.js';
import { ReminderOccurrenceRow } from './reminder-occurrence.js';
import { ReminderSetbackRow } from './reminder-setback.js';
import { ReservationRow } from './reservation.js';

export {
  AuditEventRow,
  BoardRow,
  BotStateRow,
  CancellationRow,
  CancelRow,
  DayProfitRow,
  ErrandRow,
  ExitRuleRow,
  FillRow,
  NoticeChannelRow,
  NoticeLevelRow,
  OrderIntentRow,
  OutboxRow,
  PersonRow,
  PlanRow,
  PositionRow,
  ReminderOccurrenceRow,
  ReminderRow,
  ReminderSetbackRow,
  ReservationRow,
};

export const ENTITIES = [
  PositionRow,
  PlanRow,
  OrderIntentRow,
  ReservationRow,
  FillRow,
  AuditEventRow,
  CancellationRow,
  CancelRow,
  ErrandRow,
  OutboxRow,
  PersonRow,
  NoticeLevelRow,
  NoticeChannelRow,
  BoardRow,
  ExitRuleRow,
  DayProfitRow,
  BotStateRow,
  ReminderRow,
  ReminderOccurrenceRow,
  ReminderSetbackRow,
];

import type { Logger } from 'pino';
import type { Clock } from '../ports/clock.js';
import type { AccessRules } from '../services/access.js';
import type { HomeServer } from '../services/home-server.js';
import type { LookalikeDecisions } from '../services/lookalike-decisions.js';
import type { OrdersService } from '../services/orders.js';
import type { PositionService } from '../services/positions.js';
import type { PreviewService } from '../services/preview.js';
import type { ReminderReactions } from '../services/reminders/reactions.js';
import type { ReminderService } from '../services/reminders/reminder-service.js';
import type { SetupService } from '../services/reminders/setup.js';
import type { UserZones } from '../services/reminders/user-zones.js';
import type { SettleService } from '../services/settle.js';
import type { StatusService } from '../services/status.js';
import type { SubmitService } from '../services/submit.js';
import type { Environment } from '../settings/settings.js';

/** Everything commands may use, made once in the composition root. */
export interface App {
  environment: Environment;
  access: AccessRules;
  home: HomeServer;
  clock: Clock;
  log: Logger;
  positions: PositionService;
  preview: PreviewService;
  submit: SubmitService;
  settle: Pick<SettleService, 'toldOnPreview'>;
  lookalikes: Pick<LookalikeDecisions, 'decide'>;
  orders: OrdersService;
  status: StatusService;
  reminders: ReminderService;
  reactions: ReminderReactions;
  setup: SetupService;
  zones: UserZones;
}

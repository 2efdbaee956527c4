import type { Logger } from 'pino';
import type { Environment } from '../domain/environment.js';
import type { Clock } from '../ports/clock.js';
import type { Pictures } from '../ports/pictures.js';
import type { AccessRules } from '../services/access/access.js';
import type { Halting } from '../services/access/halting.js';
import type { HomeServer } from '../services/access/home-server.js';
import type { Chains } from '../services/accounts/chains.js';
import type { Desks } from '../services/accounts/desks.js';
import type { UnderlyingPrices } from '../services/accounts/underlying-prices.js';
import type { AuditService } from '../services/history/audit.js';
import type { HistoryService } from '../services/history/history.js';
import type { BoardService } from '../services/noticing/board-service.js';
import type { NoticeSettings } from '../services/noticing/notice-settings.js';
import type { CancelService } from '../services/orders/cancels/cancel-service.js';
import type { LookalikeDecisions } from '../services/orders/lookalike-decisions.js';
import type { ReconcileService } from '../services/orders/reconcile.js';
import type { SettleService } from '../services/orders/settle.js';
import type { SubmitService } from '../services/orders/submit.js';
import type { OrdersService } from '../services/orders/working-orders.js';
import type { PreviewService } from '../services/previews/preview.js';
import type { ReminderReactions } from '../services/reminders/reactions.js';
import type { ReminderService } from '../services/reminders/reminder-service.js';
import type { SetupService } from '../services/reminders/setup.js';
import type { UserZones } from '../services/reminders/user-zones.js';
import type { StatusService } from '../services/status/status.js';
import type { OnScreen } from './on-screen.js';

/** Everything commands may use, made once in the composition root. */
export interface App {
  environment: Environment;
  access: AccessRules;
  home: HomeServer;
  halting: Halting;
  clock: Clock;
  log: Logger;
  desks: Desks;
  prices: Pick<UnderlyingPrices, 'of'>;
  chains: Pick<Chains, 'of'>;
  onScreen: OnScreen;
  /** Null where none are wanted. */
  pictures: Pictures | null;
  preview: PreviewService;
  cancels: CancelService;
  submit: SubmitService;
  settle: Pick<SettleService, 'toldOnPreview' | 'holds'>;
  lookalikes: Pick<LookalikeDecisions, 'decide'>;
  orders: OrdersService;
  reconciling: Pick<ReconcileService, 'read'>;
  history: Pick<HistoryService, 'read'>;
  audits: Pick<AuditService, 'read'>;
  status: StatusService;
  reminders: ReminderService;
  reactions: ReminderReactions;
  setup: SetupService;
  zones: UserZones;
  noticeSettings: NoticeSettings;
  boards: BoardService;
}

import { CreatePositions1795446000001 } from './1795446000001-create-positions.js';
import { CreatePlans1795446000002 } from './1795446000002-create-plans.js';
import { CreateOrderIntents1795446000003 } from './1795446000003-create-order-intents.js';
import { CreateReservations1795446000004 } from './1795446000004-create-reservations.js';
import { CreateFills1795446000005 } from './1795446000005-create-fills.js';
import { CreateAuditEvents1795446000006 } from './1795446000006-create-audit-events.js';
import { CreateSettings1795446000007 } from './1795446000007-create-settings.js';
import { CreateReminders1795446000008 } from './1795446000008-create-reminders.js';
import { CreateReminderOccurrences1795446000009 } from './1795446000009-create-reminder-occurrences.js';
import { CreateReminderNotices1795446000010 } from './1795446000010-create-reminder-notices.js';
import { AddPlanLookedAt1795446000011 } from './1795446000011-add-plan-looked-at.js';
import { CreateKeptOrders1795446000012 } from './1795446000012-create-kept-orders.js';
import { CreateErrands1795446000013 } from './1795446000013-create-errands.js';
import { SplitSettings1795446000020 } from './1795446000020-split-settings.js';
import { CreateOutbox1795446000021 } from './1795446000021-create-outbox.js';
import { AddErrandOwner1795446000022 } from './1795446000022-add-errand-owner.js';
import { AddOrderSteps1795446000026 } from './1795446000026-add-order-steps.js';
import { CreateCancels1795446000027 } from './1795446000027-create-cancels.js';
import { AddIntentKind1795446000028 } from './1795446000028-add-intent-kind.js';
import { CreateNoticeChoices1795446000030 } from './1795446000030-create-notice-choices.js';
import { CreateBoards1795446000031 } from './1795446000031-create-boards.js';
import { RemindersByOutbox1795446000033 } from './1795446000033-reminders-by-outbox.js';
import { AddCancellationPlan1795446000036 } from './1795446000036-add-cancellation-plan.js';
import { IndexWorkingOrders1795446000037 } from './1795446000037-index-working-orders.js';
import { AddStopTrigger1795446000038 } from './1795446000038-add-stop-trigger.js';
import { CreateExits1795446000039 } from './1795446000039-create-exits.js';
import { AddPositionStep1795446000040 } from './1795446000040-add-position-step.js';
import { AddErrandNews1795446000041 } from './1795446000041-add-errand-news.js';
import { IndexSeenPositions1795446000043 } from './1795446000043-index-seen-positions.js';
import { IndexGatheredNotes1795446000047 } from './1795446000047-index-gathered-notes.js';

/** Every migration, oldest first. One that has shipped is never edited: add another. */
export const MIGRATIONS = [
  CreatePositions1795446000001,
  CreatePlans1795446000002,
  CreateOrderIntents1795446000003,
  CreateReservations1795446000004,
  CreateFills1795446000005,
  CreateAuditEvents1795446000006,
  CreateSettings1795446000007,
  CreateReminders1795446000008,
  CreateReminderOccurrences1795446000009,
  CreateReminderNotices1795446000010,
  AddPlanLookedAt1795446000011,
  CreateKeptOrders1795446000012,
  CreateErrands1795446000013,
  SplitSettings1795446000020,
  CreateOutbox1795446000021,
  AddErrandOwner1795446000022,
  AddOrderSteps1795446000026,
  CreateCancels1795446000027,
  AddIntentKind1795446000028,
  CreateNoticeChoices1795446000030,
  CreateBoards1795446000031,
  RemindersByOutbox1795446000033,
  AddCancellationPlan1795446000036,
  IndexWorkingOrders1795446000037,
  AddStopTrigger1795446000038,
  CreateExits1795446000039,
  AddPositionStep1795446000040,
  AddErrandNews1795446000041,
  IndexSeenPositions1795446000043,
  IndexGatheredNotes1795446000047,
];

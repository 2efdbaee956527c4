import type { Logger } from 'pino';
import type { Decimal } from '../domain/money.js';
import type { BotState } from '../ports/bot-state.js';
import type { Broker } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import type { People } from '../ports/people.js';
import type { ReminderStore } from '../ports/reminder-store.js';
import type { Store } from '../ports/store.js';
import type { AccessRules } from '../services/access/access.js';
import type { Desks } from '../services/accounts/desks.js';
import { ReminderContentBuilder } from '../services/reminders/content-builder.js';
import { MarketDays } from '../services/reminders/market-days.js';
import { ReminderReactions } from '../services/reminders/reactions.js';
import { ReminderService } from '../services/reminders/reminder-service.js';
import { SetupService } from '../services/reminders/setup.js';
import { UserZones } from '../services/reminders/user-zones.js';

export interface ReminderParts {
  store: Store & { readonly reminders: ReminderStore; readonly people: People; readonly state: BotState };
  broker: Broker;
  desks: Desks;
  clock: Clock;
  access: AccessRules;
  spreadTicks: ReadonlyMap<string, Decimal>;
  log: Logger;
}

/** Everything about reminders except what delivers them, which needs a place to deliver to. */
export async function composeReminders(parts: ReminderParts) {
  const { store, broker, desks, clock, access, spreadTicks, log } = parts;
  const marketDays = new MarketDays({ broker, state: store.state, clock, log });
  await marketDays.load();
  const calendar = () => marketDays.calendar();
  const builder = new ReminderContentBuilder({
    desks: {
      about: async (options) =>
        (await desks.about(options)).map(({ number, name, positions }) => ({
          number,
          name,
          read: () => positions.read(),
        })),
    },
    broker,
    store,
    spreadTicks,
    log,
    clock,
    calendar,
  });
  desks.listen(() => builder.forget());
  const zones = new UserZones(store.people);
  const reminders = new ReminderService({
    store: store.reminders,
    clock,
    access,
    zones,
    calendar,
    builder,
  });
  return {
    reminders,
    zones,
    setup: new SetupService(reminders),
    reactions: new ReminderReactions({ store: store.reminders, clock, access }),
    builder,
    /** What the engine needs to run them. */
    running: { store: store.reminders, market: marketDays },
  };
}

import type { Logger } from 'pino';
import type { MarketCalendar } from '../../../domain/calendar/calendar.js';
import type { Clock } from '../../../ports/clock.js';
import type { ReminderStore } from '../../../ports/reminder-store.js';
import type { Ticker } from '../../../ports/ticker.js';
import { DueReminders } from './due-reminders.js';
import { reckoner } from './reckoner.js';
import { Replanner } from './replanner.js';
import { DEFAULT_RULES, type EngineRules } from './rules.js';

export { type ContentBuilder, ReminderSaying, type ReminderWords } from './reminder-saying.js';
export { SetbackSaying, type SetbackWords } from './setback-saying.js';

export interface EngineDeps {
  store: ReminderStore;
  /** Tells what is owed. */
  deliverer: { wake(): void };
  ticker: Ticker;
  clock: Clock;
  log: Logger;
  /** The market days as known now, and a mark that changes when they do. */
  market: { calendar(): MarketCalendar; version(): string };
  /** The program's own: another one may understand schedules in another way. */
  version: string;
  rules?: Partial<EngineRules>;
}

/** Puts the parts together that know when reminders are due; nothing runs before `start`. */
export function createReminderEngine(deps: EngineDeps): DueReminders {
  const { store, deliverer, ticker, clock, log, market, version } = deps;
  const nextRun = reckoner(() => market.calendar());
  return new DueReminders({
    store,
    deliverer,
    replanner: new Replanner({ store, clock, log, nextRun }),
    ticker,
    clock,
    log,
    rules: { ...DEFAULT_RULES, ...deps.rules },
    nextRun,
    reckoning: () => `${version} ${process.versions.tz} ${market.version()}`,
  });
}

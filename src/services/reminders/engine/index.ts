import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { MarketCalendar } from '../../../domain/calendar/calendar.js';
import type { Clock } from '../../../ports/clock.js';
import type { Messenger } from '../../../ports/messenger.js';
import type { ReminderStore } from '../../../ports/reminder-store.js';
import type { Ticker } from '../../../ports/ticker.js';
import type { ContentBuilder } from './content.js';
import { Deliverer } from './deliverer.js';
import { DueReminders } from './due-reminders.js';
import { reckoner } from './reckoner.js';
import { Replanner } from './replanner.js';
import { DEFAULT_RULES, type EngineRules } from './rules.js';
import { Teller } from './teller.js';

export type { ContentBuilder } from './content.js';
export { DEFAULT_RULES, type EngineRules } from './rules.js';

export interface EngineDeps<Content extends object> {
  store: ReminderStore;
  messenger: Messenger<Content>;
  builder: ContentBuilder<Content>;
  ticker: Ticker;
  clock: Clock;
  log: Logger;
  /** The market days as known now, and a mark that changes when they do. */
  market: { calendar(): MarketCalendar; version(): string };
  /** The program's own: another one may understand schedules in another way. */
  version: string;
  rules?: Partial<EngineRules>;
  /** In [0, 1). */
  random?(): number;
}

export interface ReminderEngine {
  start(): void;
  /** Finishes what is being sent, gives back the rest. */
  stop(): Promise<void>;
  /** One look at what is due, at once. */
  tick(): Promise<void>;
  /** Resolves when nothing claimed waits or is under way. */
  idle(): Promise<void>;
  /** Resolves when no next runs are being worked out anew. */
  replanned(): Promise<void>;
  /** Occurrences claimed and not over; for status. */
  readonly held: number;
}

/** Puts the parts together; nothing runs before `start`. */
export function createReminderEngine<Content extends object>(deps: EngineDeps<Content>): ReminderEngine {
  const { store, messenger, builder, ticker, clock, log, market, random = Math.random } = deps;
  const rules = { ...DEFAULT_RULES, ...deps.rules };
  const owner = randomUUID();
  const nextRun = reckoner(() => market.calendar());
  const teller = new Teller({ store, messenger, clock, log, rules, random });
  const deliverer = new Deliverer({
    store,
    messenger,
    builder,
    clock,
    log,
    owner,
    rules,
    random,
    onNotice: () => teller.wake(),
  });
  const replanner = new Replanner({ store, clock, log, nextRun });
  const reckoning = () => `${deps.version} ${process.versions.tz} ${market.version()}`;
  const reminders = new DueReminders({
    store,
    deliverer,
    teller,
    replanner,
    ticker,
    clock,
    log,
    owner,
    rules,
    nextRun,
    reckoning,
  });
  return {
    start: () => reminders.start(),
    stop: () => reminders.stop(),
    tick: () => reminders.tick(),
    idle: () => deliverer.idle(),
    replanned: () => reminders.replanned(),
    get held() {
      return deliverer.held;
    },
  };
}

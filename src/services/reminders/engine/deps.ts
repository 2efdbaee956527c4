import type { Logger } from 'pino';
import type { Clock } from '../../../ports/clock.js';
import type { Messenger } from '../../../ports/messenger.js';
import type { ReminderStore } from '../../../ports/reminder-store.js';
import type { ContentBuilder } from './content.js';
import type { EngineRules } from './rules.js';

export interface DelivererDeps<Content extends object> {
  store: ReminderStore;
  messenger: Messenger<Content>;
  builder: ContentBuilder<Content>;
  clock: Clock;
  log: Logger;
  /** Who claims; a restart has a new one. */
  owner: string;
  rules: EngineRules;
  /** In [0, 1). */
  random(): number;
  /** A reminder's owner is to be told something. */
  onNotice(): void;
}

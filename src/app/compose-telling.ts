import type { Logger } from 'pino';
import type { Broker } from '../ports/broker.js';
import type { Channel } from '../ports/channel.js';
import type { Clock } from '../ports/clock.js';
import type { Notices } from '../ports/notices.js';
import type { Outbox } from '../ports/outbox.js';
import type { Processes } from '../ports/processes.js';
import type { ReminderStore } from '../ports/reminder-store.js';
import type { Store } from '../ports/store.js';
import type { ClosingReader } from '../services/history/closing-reader.js';
import type { AssignedReader } from '../services/noticing/assigned-projector.js';
import type { BoardReader } from '../services/noticing/board-reader.js';
import type { ExitReader } from '../services/noticing/exits/exit-reader.js';
import type { FoundReader } from '../services/noticing/found-projector.js';
import type { OpenedReader } from '../services/noticing/opened-reader.js';
import type { CancelReader } from '../services/orders/cancels/cancel-reader.js';
import type { FillReader } from '../services/orders/fill-reader.js';
import type { LostReader } from '../services/orders/lost-reader.js';
import type { ReminderContent } from '../services/reminders/content.js';
import type { ContentBuilder } from '../services/reminders/engine/index.js';
import { Deliverer } from '../services/telling/deliverer.js';
import { FreshLooks } from '../services/telling/fresh-looks.js';
import type { Projectors, Surface } from '../services/telling/projector.js';
import { ReportReader } from '../services/telling/report-reader.js';
import { ResultProjector, type ResultWords } from '../services/telling/result-projector.js';
import { ResultTeller } from '../services/telling/result-teller.js';
import type { Sayings } from '../services/telling/saying.js';

/** Where a process tells what it has to tell, and in which words. */
export interface TellingSurface<Page extends object> {
  channel: Channel<Page>;
  surface: Surface<Page>;
  words: ResultWords<Page>;
  /** Of what is told besides results, by kind; absent where all of that is another process's to tell. */
  projectors?(parts: TellingParts): Projectors<Page>;
  /** Of what is said once; likewise. */
  sayings?(parts: TellingParts): Sayings<Page>;
}

export interface TellingParts {
  store: Store & {
    readonly outbox: Outbox;
    readonly processes: Processes;
    readonly reminders: ReminderStore;
    readonly notices: Notices;
  };
  broker: Broker;
  clock: Clock;
  log: Logger;
  closingReader: Pick<ClosingReader, 'read' | 'readAll'>;
  cancelReader: Pick<CancelReader, 'read'>;
  exitReader: Pick<ExitReader, 'read'>;
  foundReader: Pick<FoundReader, 'read'>;
  fillReader: Pick<FillReader, 'read'>;
  lostReader: Pick<LostReader, 'read'>;
  openedReader: Pick<OpenedReader, 'read'>;
  reminderContent: ContentBuilder<ReminderContent>;
  boardReader: Pick<BoardReader, 'read'>;
  assignedReader: Pick<AssignedReader, 'read'>;
}

/** All that says something of its own accord; nothing is told before the deliverer starts, but what is found out here. */
export function composeTelling<Page extends object>(told: TellingSurface<Page>, parts: TellingParts) {
  const { channel, surface, words } = told;
  const { store, broker, clock, log } = parts;
  const reports = new ReportReader(broker, store, clock, log);
  const result = new ResultProjector(store, reports, words);
  const owner = store.processes.self;
  const projectors = { ...told.projectors?.(parts), result };
  const sayings = told.sayings?.(parts) ?? {};
  const { outbox } = store;
  const deliverer = new Deliverer({ outbox, projectors, sayings, channel, surface, clock, log, owner });
  const results = new ResultTeller({ store, clock, reports, projector: result, deliverer });
  const looks = new FreshLooks({ store, reports, clock, results, log });
  const reaches = ({ channelId }: { channelId: string }) => surface.place(channelId) !== 'elsewhere';
  return { deliverer, results, looks, reaches };
}

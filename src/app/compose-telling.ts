import type { Logger } from 'pino';
import type { Broker } from '../ports/broker.js';
import type { Channel } from '../ports/channel.js';
import type { Clock } from '../ports/clock.js';
import type { Outbox } from '../ports/outbox.js';
import type { Processes } from '../ports/processes.js';
import type { Store } from '../ports/store.js';
import { ClosingProjector, type ClosingWords } from '../services/history/closing-projector.js';
import { ClosingReader } from '../services/history/closing-reader.js';
import { CancelProjector, type CancelWords } from '../services/orders/cancels/cancel-projector.js';
import type { CancelReader } from '../services/orders/cancels/cancel-reader.js';
import { FillProjector, type FillWords } from '../services/orders/fill-projector.js';
import { FillReader } from '../services/orders/fill-reader.js';
import { Deliverer } from '../services/telling/deliverer.js';
import { FreshLooks } from '../services/telling/fresh-looks.js';
import type { Surface } from '../services/telling/projector.js';
import { ReportReader } from '../services/telling/report-reader.js';
import { ResultProjector, type ResultWords } from '../services/telling/result-projector.js';
import { ResultTeller } from '../services/telling/result-teller.js';

/** Where a process tells what it has to tell, and in which words. */
export interface TellingSurface<Page extends object> {
  channel: Channel<Page>;
  surface: Surface<Page>;
  words: ResultWords<Page>;
  /** Absent where fills are another process's to tell. */
  fillWords?: FillWords<Page>;
  /** Likewise. */
  closingWords?: ClosingWords<Page>;
  /** Likewise of what became of cancels. */
  cancelWords?: CancelWords<Page>;
}

export interface TellingParts {
  store: Store & { readonly outbox: Outbox; readonly processes: Processes };
  broker: Broker;
  clock: Clock;
  log: Logger;
  cancelReader: Pick<CancelReader, 'read'>;
}

/** All that says something of its own accord; nothing is told before the deliverer starts, but what is found out here. */
export function composeTelling<Page extends object>(
  { channel, surface, words, fillWords, closingWords, cancelWords }: TellingSurface<Page>,
  { store, broker, clock, log, cancelReader }: TellingParts,
) {
  const reports = new ReportReader(broker, store, clock, log);
  const result = new ResultProjector(store, reports, words);
  const owner = store.processes.self;
  const fills = new FillReader({ broker, store });
  const closings = new ClosingReader({ broker, store, clock });
  const projectors = {
    result,
    ...(fillWords && { fill: new FillProjector(fills, fillWords, clock) }),
    ...(closingWords && { closed: new ClosingProjector(closings, closingWords, clock) }),
    ...(cancelWords && { cancel: new CancelProjector(cancelReader, cancelWords, clock) }),
  };
  const deliverer = new Deliverer({ outbox: store.outbox, projectors, channel, surface, clock, log, owner });
  const results = new ResultTeller({ store, clock, reports, projector: result, deliverer });
  const looks = new FreshLooks({ store, reports, clock, results, log });
  const reaches = ({ channelId }: { channelId: string }) => surface.place(channelId) !== 'elsewhere';
  return { deliverer, results, looks, reaches };
}

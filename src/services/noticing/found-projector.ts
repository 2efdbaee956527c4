import type { Notices } from '../../ports/notices.js';
import type { Desks } from '../accounts/desks.js';
import { findingKey, type ReconcileService, type Reconciliation } from '../orders/reconcile.js';
import { type Recognition, type Screen, WordedProjector } from '../telling/projector.js';
import type { ToldFindings } from './told-findings.js';

/** What was found unasked. */
export interface FoundNews {
  /** Of the message. */
  topic: string;
  /** Who is mentioned. */
  userId: string;
  /** With the findings that are news alone. */
  found: Reconciliation;
}

/** How it reads on a surface, and how its messages are known again. */
export interface FoundWords<Page> extends Recognition<Page> {
  pages(news: FoundNews): Page[];
}

export interface FoundReaderDeps {
  desks: Pick<Desks, 'find'>;
  reconciling: Pick<ReconcileService, 'of'>;
  notices: Pick<Notices, 'channelOf'>;
  told: Pick<ToldFindings, 'round'>;
}

/** Reads what a message about findings is to say, as they stand now. */
export class FoundReader {
  constructor(private readonly deps: FoundReaderDeps) {}

  /** @returns null where nothing of it is so any more, or nobody wants to hear of it @throws BrokerError */
  async read(topic: string): Promise<FoundNews | null> {
    const { desks, reconciling, notices, told } = this.deps;
    const round = await told.round(topic);
    const desk = round && (await desks.find(round.account));
    const channel = desk && (await notices.channelOf(desk.number));
    if (!round || !desk || !channel) return null;
    const found = await reconciling.of(await desk.positions.read());
    const findings = found.findings.filter((finding) => round.keys.has(findingKey(finding)));
    return findings.length === 0 ? null : { topic, userId: channel.userId, found: { ...found, findings } };
  }
}

/** What is new and wrong between journal and broker: one message, said once. Of mismatches everybody hears. */
export class FoundProjector<Page> extends WordedProjector<Page, FoundWords<Page>> {
  constructor(
    private readonly reader: Pick<FoundReader, 'read'>,
    words: FoundWords<Page>,
  ) {
    super(words);
  }

  async project(topic: string): Promise<Screen<Page> | null> {
    const news = await this.reader.read(topic);
    return news && { news: 'found', core: topic, sure: true, pages: this.words.pages(news) };
  }
}

import { randomUUID } from 'node:crypto';
import pino from 'pino';
import type { BotStore } from '../../../src/db/index.js';
import type { Broker } from '../../../src/ports/broker.js';
import {
  type Channel,
  ChannelRefused,
  type Posted,
  type Posting,
  type Seen,
} from '../../../src/ports/channel.js';
import type { Clock } from '../../../src/ports/clock.js';
import type { Report } from '../../../src/ports/report.js';
import { Deliverer } from '../../../src/services/telling/deliverer.js';
import { FreshLooks } from '../../../src/services/telling/fresh-looks.js';
import { newsOf } from '../../../src/services/telling/report.js';
import { ReportReader } from '../../../src/services/telling/report-reader.js';
import { ResultProjector, type ResultWords } from '../../../src/services/telling/result-projector.js';
import { ResultTeller } from '../../../src/services/telling/result-teller.js';

/** A report as it is, without words. */
export interface Page {
  report: Report;
  news: string;
}

const words: ResultWords<Page> = {
  pages: (report) => [{ report, news: newsOf(report) }],
  newsOn: ({ news }) => news,
  begins: () => true,
};

/** Where a person is talked to directly. */
export const DIRECT = 'dm';

/** A channel that remembers what it was asked for, and refuses what it is told to. */
export class FakeChannel implements Channel<Page> {
  readonly calls: { how: 'post' | 'update'; report: Report; where?: string; in: string }[] = [];
  readonly messages: Seen<Page>[] = [];
  #posts = 0;
  /** Thrown instead of doing anything. */
  before: (how: 'post' | 'update' | 'direct', where: string) => Error | null = () => null;

  async post({ channelId, page }: Posting<Page>): Promise<Posted> {
    this.calls.push({ how: 'post', report: page.report, in: channelId });
    this.#posts += 1;
    this.#ask('post', channelId);
    const ref = `${channelId === DIRECT ? DIRECT : 'channel'}/${this.#posts}`;
    this.messages.push({ ref, page });
    return { ref, isEarlier: false };
  }

  async edit(ref: string, { report }: Partial<Page>): Promise<void> {
    if (report) this.calls.push({ how: 'update', report, where: ref, in: ref.split('/')[0] ?? '' });
    this.#ask('update', ref);
  }

  async remove(): Promise<void> {}

  async look(): Promise<Seen<Page>> {
    throw new ChannelRefused('it is gone', 10_008, 'gone');
  }

  async find(channelId: string, _since: Date, belongs: (page: Page) => boolean): Promise<Seen<Page>[]> {
    const place = channelId === DIRECT ? DIRECT : 'channel';
    return this.messages.filter(({ ref, page }) => ref.startsWith(`${place}/`) && belongs(page));
  }

  async directWith(userId: string): Promise<string> {
    this.#ask('direct', userId);
    return DIRECT;
  }

  #ask(how: 'post' | 'update' | 'direct', where: string): void {
    const refusal = this.before(how, where);
    if (refusal) throw refusal;
  }
}

export interface Told {
  store: BotStore;
  broker: Broker;
  clock: Clock & { advance(ms: number): void };
  channel: Channel<Page>;
}

/** Everything that tells, of one process. */
export function tellingOf({ store, broker, clock, channel }: Told) {
  const log = pino({ level: 'silent' });
  const reports = new ReportReader(broker, store, clock, log);
  const result = new ResultProjector<Page>(store, reports, words);
  const deliverer = new Deliverer<Page>({
    outbox: store.outbox,
    projectors: { result },
    channel,
    surface: { place: () => 'here', elsewhere: (page) => page },
    clock,
    log,
    owner: randomUUID(),
  });
  const results = new ResultTeller({ store, clock, reports, projector: result, deliverer });
  const looks = new FreshLooks({ store, reports, clock, results, log });
  /** Lets time pass until nothing that is to be told waits any more. */
  const delivered = async () => {
    while ((await store.outbox.owed('result')).length > 0) {
      await deliverer.beat();
      await deliverer.idle();
      clock.advance(5_000);
    }
  };
  return { deliverer, results, looks, reports, delivered };
}

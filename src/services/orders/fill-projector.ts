import type { Clock } from '../../ports/clock.js';
import type { FillNews } from '../../ports/fill-news.js';
import { nextLook } from '../telling/next-look.js';
import type { Projector, Screen } from '../telling/projector.js';
import { type FillReader, isFinal } from './fill-reader.js';

/** The ledger lags by seconds, or by a night. */
const LOOKS = { leastMs: 5_000, mostMs: 3_600_000, part: 1 / 2 };

/** How a fill reads on a surface, and how its message is known again. */
export interface FillWords<Page> extends Pick<Projector<Page>, 'newsOn' | 'begins'> {
  page(news: FillNews): Page;
}

/** What one of our orders has traded, by its intent's number: one message, brought up to date until all is booked. */
export class FillProjector<Page> implements Projector<Page> {
  constructor(
    private readonly reader: FillReader,
    private readonly words: FillWords<Page>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** @throws Error while the broker's order doesn't show what the stream told, BrokerError while it can't be asked */
  async project(intentId: string): Promise<Screen<Page>> {
    const news = await this.reader.read(Number(intentId));
    if (!news) throw new Error('the order shows no fill yet');
    const { line } = news;
    const core = JSON.stringify([line.fill?.units, line.fill?.price, line.orderState]);
    const again = isFinal(news) ? null : this.#again(news);
    return { news: 'fill', core, sure: true, pages: [this.words.page(news)], ...(again && { again }) };
  }

  newsOn(page: Page, intentId: string): string | null {
    return this.words.newsOn(page, intentId);
  }

  begins(page: Page): boolean {
    return this.words.begins(page);
  }

  #again({ filledAt }: FillNews): Date | null {
    const now = this.clock.now();
    return nextLook(now, filledAt ?? now, LOOKS);
  }
}

import type { Clock } from '../../ports/clock.js';
import type { FillNews } from '../../ports/fill-news.js';
import { NOTICE_LEVELS, type NoticeLevel, type Notices } from '../../ports/notices.js';
import type { Store } from '../../ports/store.js';
import { type Recognition, type Screen, WordedProjector } from '../telling/projector.js';
import { hasEnded } from '../telling/report.js';
import { type FillTold, fillCore, mannerOf, nextFillLook } from './fill-projector.js';
import { type FillReader, isFinal } from './fill-reader.js';

/** The broker lists a fill a moment after the stream told it. */
const LAG_MS = 2_000;
/** Those of which nothing more is to come, kept so that a digest with one that is new asks the broker about that one alone. */
const MOST_FINAL = 500;

/** How many fills read in one message on a surface, and how its pages are known again. */
export interface DigestWords<Page> extends Recognition<Page> {
  pages(news: readonly FillNews[], told: FillTold, digest: string): Page[];
}

/** A fill that is told among others. */
interface Member {
  news: FillNews;
  told: FillTold;
  level: NoticeLevel;
}

/** Many fills that came within a minute, by the digest's topic: one message, brought up to date until all of them are booked. */
export class DigestProjector<Page> extends WordedProjector<Page, DigestWords<Page>> {
  readonly #final = new Map<number, FillNews>();

  constructor(
    private readonly store: Pick<Store, 'digestedFills'>,
    private readonly reader: Pick<FillReader, 'read'>,
    words: DigestWords<Page>,
    private readonly notices: Pick<Notices, 'levelsOf'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super(words);
  }

  /** @throws Error while none of these orders shows what the stream told, BrokerError while the broker can't be asked */
  async project(digest: string): Promise<Screen<Page>> {
    const ids = await this.store.digestedFills(digest);
    const read = (await Promise.all(ids.map((id) => this.#read(id)))).filter((news) => news !== null);
    if (read.length === 0) throw new Error('the orders show no fills yet');
    const members = await Promise.all(
      read.map(async (news): Promise<Member> => ({ news, ...(await mannerOf(news, this.notices)) })),
    );
    // Of parts that nobody wants to hear of, the whole is told.
    const wanted = members.filter(({ news, level }) => level !== 'off' || hasEnded(news.line));
    const shown = wanted.length > 0 ? wanted : members;
    const told = shown.some((each) => each.told === 'fill') ? 'fill' : 'part';
    const again = this.#again(shown, read.length < ids.length);
    return {
      news: told,
      core: JSON.stringify(shown.map(({ news }) => [news.line.orderId, fillCore(news)])),
      sure: read.length === ids.length,
      pages: this.words.pages(
        shown.map(({ news }) => news),
        told,
        digest,
      ),
      level: loudest(shown),
      alone: true,
      ...(again && { again }),
    };
  }

  async #read(intentId: number): Promise<FillNews | null> {
    const kept = this.#final.get(intentId);
    if (kept) return kept;
    const news = await this.reader.read(intentId);
    if (news && isFinal(news) && news.fees.opening !== null) this.#keep(intentId, news);
    return news;
  }

  #keep(intentId: number, news: FillNews): void {
    this.#final.set(intentId, news);
    const [oldest] = this.#final.keys();
    if (this.#final.size > MOST_FINAL && oldest !== undefined) this.#final.delete(oldest);
  }

  #again(members: readonly Member[], lags: boolean): Date | null {
    const now = this.clock.now();
    const looks = members.flatMap(({ news }) => nextFillLook(news, now)?.getTime() ?? []);
    const all = lags ? [...looks, now.getTime() + LAG_MS] : looks;
    return all.length > 0 ? new Date(Math.min(...all)) : null;
  }
}

function loudest(members: readonly Member[]): NoticeLevel {
  return NOTICE_LEVELS.find((level) => members.some((each) => each.level === level)) ?? 'off';
}

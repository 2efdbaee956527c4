import { BrokerError } from '../../domain/errors.js';
import { Latest } from '../../domain/latest.js';
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
/** A broker that can't be asked is left alone for a while. */
const AWAY_MS = 30_000;
/**
 * As they were read last: of those of which nothing more is to come the broker isn't asked again, and those that it can't be asked
 * about stay as they were told.
 */
const MOST_KEPT = 500;

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
  readonly #kept = new Latest<number, FillNews>(MOST_KEPT);

  constructor(
    private readonly store: Pick<Store, 'digestedFills'>,
    private readonly reader: Pick<FillReader, 'read'>,
    words: DigestWords<Page>,
    private readonly notices: Pick<Notices, 'levelsOf'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super(words);
  }

  /**
   * One that can't be read holds up none of the others.
   * @throws Error while none of these orders shows what the stream told, BrokerError while the broker can't be asked about any
   */
  async project(digest: string): Promise<Screen<Page>> {
    const ids = await this.store.digestedFills(digest);
    const looks = await Promise.all(ids.map((id) => this.#look(id)));
    const read = looks.flatMap(({ news }) => news ?? []);
    const error = looks.map((look) => look.error).find((each) => each !== null);
    if (read.length === 0) throw error ?? new Error('the orders show no fills yet');
    const all = read.length === ids.length && !error;
    const members = await Promise.all(
      read.map(async (news): Promise<Member> => ({ news, ...(await mannerOf(news, this.notices)) })),
    );
    // Of parts that nobody wants to hear of, the whole is told.
    const wanted = members.filter(({ news, level }) => level !== 'off' || hasEnded(news.line));
    const shown = wanted.length > 0 ? wanted : members;
    const told = shown.some((each) => each.told === 'fill') ? 'fill' : 'part';
    const again = this.#again(shown, error ? AWAY_MS : all ? null : LAG_MS);
    return {
      news: told,
      core: JSON.stringify(shown.map(({ news }) => [news.line.orderId, fillCore(news)])),
      sure: all && shown.every(({ news }) => !news.unread),
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

  async #look(intentId: number): Promise<{ news: FillNews | null; error: BrokerError | null }> {
    const kept = this.#kept.get(intentId) ?? null;
    if (kept && isFinal(kept) && kept.fees.opening !== null) return { news: kept, error: null };
    try {
      const news = await this.reader.read(intentId);
      if (news) this.#kept.keep(intentId, news);
      return { news, error: null };
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      return { news: kept, error };
    }
  }

  #again(members: readonly Member[], pauseMs: number | null): Date | null {
    const now = this.clock.now();
    const looks = members.flatMap(({ news }) => nextFillLook(news, now)?.getTime() ?? []);
    const all = pauseMs === null ? looks : [...looks, now.getTime() + pauseMs];
    return all.length > 0 ? new Date(Math.min(...all)) : null;
  }
}

function loudest(members: readonly Member[]): NoticeLevel {
  return NOTICE_LEVELS.find((level) => members.some((each) => each.level === level)) ?? 'off';
}

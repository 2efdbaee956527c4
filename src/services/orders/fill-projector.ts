import type { Clock } from '../../ports/clock.js';
import type { FillNews } from '../../ports/fill-news.js';
import { levelOf, type NoticeLevel, type Notices } from '../../ports/notices.js';
import { nextLook } from '../telling/next-look.js';
import { type Recognition, type Screen, WordedProjector } from '../telling/projector.js';
import { closedTwice, hasEnded } from '../telling/report.js';
import { type FillReader, isFinal } from './fill-reader.js';

/** The ledger lags by seconds, or by a night. */
const LOOKS = { leastMs: 5_000, mostMs: 3_600_000, part: 1 / 2 };

/** Which news a fill's message tells: what an order has traded, or, where that came quietly, that it goes on. */
export type FillTold = 'fill' | 'part';

/** How a fill reads on a surface, and how its message is known again. */
export interface FillWords<Page> extends Recognition<Page> {
  page(news: FillNews, told: FillTold): Page;
}

/** What one of our orders has traded, by its intent's number: one message, brought up to date until all is booked. */
export class FillProjector<Page> extends WordedProjector<Page, FillWords<Page>> {
  constructor(
    private readonly reader: Pick<FillReader, 'read'>,
    words: FillWords<Page>,
    private readonly notices: Pick<Notices, 'levelsOf'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super(words);
  }

  /** @throws Error while the broker's order doesn't show what the stream told, BrokerError while it can't be asked */
  async project(intentId: string): Promise<Screen<Page>> {
    const news = await this.reader.read(Number(intentId));
    if (!news) throw new Error('the order shows no fill yet');
    const { told, level } = await mannerOf(news, this.notices);
    const again = nextFillLook(news, this.clock.now());
    return {
      news: told,
      core: fillCore(news),
      sure: !news.unread,
      pages: [this.words.page(news, told)],
      level,
      // One that came without a sound gives way to the whole fill's, which makes one.
      alone: true,
      repliesTo: { kind: 'result', topic: news.planId },
      ...(again && { again }),
    };
  }
}

/** Which news it is, and how loud it comes. */
export async function mannerOf(
  news: FillNews,
  notices: Pick<Notices, 'levelsOf'>,
): Promise<{ told: FillTold; level: NoticeLevel }> {
  if (isAmiss(news)) return { told: 'fill', level: 'on' };
  const whole = await levelOf(notices, news.userId, 'fill');
  if (hasEnded(news.line)) return { told: 'fill', level: whole };
  const level = await levelOf(notices, news.userId, 'partial');
  return { told: level === 'silent' && whole === 'on' ? 'part' : 'fill', level };
}

/** What must be on its screen lest that be false. */
export function fillCore({ line }: FillNews): string {
  const { fill, orderState, partner } = line;
  const pair = partner ? [partner.works, partner.units] : [];
  return JSON.stringify([fill?.units, fill?.price, orderState, ...pair]);
}

/** Until the ledger has all of it; null where nothing more is to come. */
export function nextFillLook(news: FillNews, now: Date): Date | null {
  return isFinal(news) ? null : nextLook(now, news.filledAt ?? now, LOOKS);
}

/** Whoever wants to hear of no fills must hear of this all the same. */
function isAmiss({ line }: FillNews): boolean {
  const uneven = hasEnded(line) && line.fill?.units === 0;
  return uneven || closedTwice(line) || line.orderState === 'rejected' || line.mismatches.length > 0;
}

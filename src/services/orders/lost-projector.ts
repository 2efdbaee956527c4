import type { Clock } from '../../ports/clock.js';
import { levelOf, type NoticeLevel, type Notices } from '../../ports/notices.js';
import { nextLook } from '../telling/next-look.js';
import { type Recognition, type Screen, WordedProjector } from '../telling/projector.js';
import { isDead, isLost, leavesUncovered } from '../telling/report.js';
import type { LostNews, LostReader } from './lost-reader.js';

/** Until it is known what stands uncovered: seconds, or until the broker can be read. */
const LOOKS = { leastMs: 2_000, mostMs: 600_000, part: 1 / 4 };

/** How an order that was lost reads on a surface, and how its message is known again. */
export interface LostWords<Page> extends Recognition<Page> {
  page(news: LostNews): Page;
}

/**
 * An order of ours that was cancelled elsewhere, rejected, or has expired, by its intent's number: one message, in answer to
 * the order's own, with what stands uncovered by that.
 */
export class LostProjector<Page> extends WordedProjector<Page, LostWords<Page>> {
  constructor(
    private readonly reader: Pick<LostReader, 'read'>,
    words: LostWords<Page>,
    private readonly notices: Pick<Notices, 'levelsOf'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super(words);
  }

  /** @throws Error while the broker's order doesn't show the end that the stream told, BrokerError while it can't be asked */
  async project(intentId: string): Promise<Screen<Page> | null> {
    const news = await this.reader.read(Number(intentId));
    if (!news) return null;
    const { line, left, planId } = news;
    if (!isDead(line)) throw new Error('the order shows no end yet');
    const again = left || !leavesUncovered(line) ? null : this.#again(news);
    return {
      news: 'lost',
      core: JSON.stringify([
        line.orderState,
        line.replacedBy,
        line.partner,
        left?.positions.map(({ cover }) => cover.state),
      ]),
      sure: true,
      pages: [this.words.page(news)],
      level: await this.#level(news),
      repliesTo: { kind: 'result', topic: planId },
      ...(again && { again }),
    };
  }

  /**
   * What gave way to another order, or ended with the fill of its pair, isn't lost, and of a pair that ended as one the target is
   * told. What the broker rejected nobody can be spared.
   */
  #level({ line, userId }: LostNews): Promise<NoticeLevel> | NoticeLevel {
    if (!isLost(line)) return 'off';
    if (line.orderState === 'rejected') return 'on';
    const { partner, stopTrigger } = line;
    if (stopTrigger && !partner?.works && !partner?.replacedBy) return 'off';
    return levelOf(this.notices, userId, 'cancelled');
  }

  #again({ endedAt }: LostNews): Date | null {
    const now = this.clock.now();
    return nextLook(now, endedAt ?? now, LOOKS);
  }
}

import type { CancelState } from '../../../domain/cancel-life.js';
import type { Clock } from '../../../ports/clock.js';
import { levelOf, type NoticeLevel, type Notices } from '../../../ports/notices.js';
import { nextLook } from '../../telling/next-look.js';
import { NotYet, type Recognition, type Screen, WordedProjector } from '../../telling/projector.js';
import { type CancelNews, type CancelReader, isSettled } from './cancel-reader.js';

/** At first every few seconds; of what waits for the market to open ever more rarely. */
const LOOKS = { leastMs: 2_000, mostMs: 600_000, part: 1 / 4 };

/** Where the broker's answer is lost, or was no. */
const AMISS: readonly CancelState[] = ['unknown', 'refused', 'absent'];

/** How a cancellation reads on a surface, and how its message is known again. */
export interface CancelWords<Page> extends Recognition<Page> {
  pages(news: CancelNews): Page[];
}

/** What became of the orders somebody wanted cancelled: one message, brought up to date until each one's end is known. */
export class CancelProjector<Page> extends WordedProjector<Page, CancelWords<Page>> {
  constructor(
    private readonly reader: Pick<CancelReader, 'read'>,
    words: CancelWords<Page>,
    private readonly notices: Pick<Notices, 'levelsOf'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super(words);
  }

  /** @throws NotYet while it is under way and whoever asked wants to hear only of what goes wrong */
  async project(id: string): Promise<Screen<Page> | null> {
    const news = await this.reader.read(id);
    if (!news) return null;
    const states = news.orders.map(({ cancel }) => [cancel.orderId, cancel.state, cancel.orderState]);
    const sure = news.orders.every(({ order }) => order !== null);
    const again = isOver(news) && sure ? null : this.#again(news);
    const level = await this.#level(news);
    // Should it not go as wanted, that is said all the same.
    if (level === 'off' && again && !isSettled(news.cancellation)) throw new NotYet(again);
    return {
      news: 'cancel',
      core: JSON.stringify(states),
      // What an order had traded, and how it works, only a read of it tells.
      sure,
      pages: this.words.pages(news),
      level,
      ...(again && { again }),
    };
  }

  async #level({ cancellation, orders }: CancelNews): Promise<NoticeLevel> {
    const smooth = orders.every(
      ({ cancel }) => !AMISS.includes(cancel.state) && cancel.orderState !== 'rejected',
    );
    if (!smooth) return 'on';
    const level = await levelOf(this.notices, cancellation.userId, 'cancelled');
    // Where another order takes their place, its result mentions whoever pressed.
    return level === 'on' && cancellation.planId !== null ? 'silent' : level;
  }

  #again({ cancellation: { claimedAt, createdAt } }: CancelNews): Date | null {
    return nextLook(this.clock.now(), claimedAt ?? createdAt, LOOKS);
  }
}

/** Nothing more is to be found out: each cancel has ended, and so has the question of what that left uncovered. */
export function isOver({ cancellation, left }: CancelNews): boolean {
  return isSettled(cancellation) && left !== null;
}

import { DAY_MS } from '../../domain/dates.js';
import { isIndexClass } from '../../domain/spread-ticks.js';
import type { Clock } from '../../ports/clock.js';
import { levelOf, type Notices } from '../../ports/notices.js';
import type { Outbox } from '../../ports/outbox.js';
import { nextLook } from '../telling/next-look.js';
import { NotYet, type Recognition, type Screen, WordedProjector } from '../telling/projector.js';
import type { ClosingNews, ClosingReader } from './closing-reader.js';

/** What the messages are kept under. */
const CLOSED = 'closed';
/** The ledger lags by seconds, or by a night. */
export const LEDGER_LOOKS = { leastMs: 2_000, mostMs: 3_600_000, part: 1 / 2 };

/** How a closed position reads on a surface, and how its message is known again. */
export interface ClosingWords<Page> extends Recognition<Page> {
  /** @param userId whom it is owed to: nobody else may be named, since nobody else is mentioned */
  page(news: ClosingNews, userId: string): Page;
  /** What is added once it is out; nobody waits for it. */
  onOut?(news: ClosingNews, refs: readonly string[]): void;
}

/**
 * Whether the ledger may have more to say of it: rows of its chain, or the money of index options. That they are gone is booked
 * apart from what they were worth, and as an expiration too.
 */
export function mayChange({ chain, position: { closings } }: ClosingNews, now: Date): boolean {
  const isFresh = ({ closedAt }: (typeof closings)[number]) => now.getTime() - closedAt.getTime() < DAY_MS;
  const half = closings.some(
    (each) => each.ending === 'expired' && isIndexClass(each.instrument.underlying) && isFresh(each),
  );
  return half || chain?.sure === false;
}

/** What a position made once its last contract is gone, by its number: one message, told when the ledger has it all. */
export class ClosingProjector<Page> extends WordedProjector<Page, ClosingWords<Page>> {
  constructor(
    private readonly reader: Pick<ClosingReader, 'read'>,
    words: ClosingWords<Page>,
    private readonly outbox: Pick<Outbox, 'notes'>,
    private readonly notices: Pick<Notices, 'levelsOf'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super(words);
  }

  /** @throws NotYet while the ledger lacks rows, BrokerError while it can't be asked */
  async project(positionId: string): Promise<Screen<Page> | null> {
    const [note] = await this.outbox.notes({ kind: CLOSED, topic: positionId });
    if (!note) return null;
    const closing = await this.reader.read(Number(positionId));
    if (closing.kind === 'not-booked') {
      const until = this.#nextLook(note.createdAt);
      if (until) throw new NotYet(until);
      // The ledger will say nothing more.
      return null;
    }
    if (closing.kind === 'nothing') return null;
    const { news } = closing;
    const { net, closedBy } = news.position;
    const core = JSON.stringify([net, [...closedBy]]);
    const level = await levelOf(this.notices, note.userId, 'closed');
    const onOut = (refs: readonly string[]) => this.words.onOut?.(news, refs);
    const again = mayChange(news, this.clock.now()) ? this.#nextLook(news.position.closedAt) : null;
    return {
      news: 'closed',
      core,
      sure: true,
      pages: [this.words.page(news, note.userId)],
      level,
      onOut,
      ...(again && { again }),
    };
  }

  #nextLook(since: Date): Date | null {
    return nextLook(this.clock.now(), since, LEDGER_LOOKS);
  }
}

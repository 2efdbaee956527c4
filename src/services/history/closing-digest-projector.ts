import type { Clock } from '../../ports/clock.js';
import type { Closings } from '../../ports/closings.js';
import { levelOf, type Notices } from '../../ports/notices.js';
import type { Outbox } from '../../ports/outbox.js';
import { nextLook } from '../telling/next-look.js';
import { NotYet, type Recognition, type Screen, WordedProjector } from '../telling/projector.js';
import { LEDGER_LOOKS, mayChange } from './closing-projector.js';
import type { ClosingNews, ClosingReader } from './closing-reader.js';

/** What the messages are kept under. */
const DIGEST = 'closed-digest';

export interface ClosingDigest {
  topic: string;
  /** Whom it is owed to: nobody else may be named, since nobody else is mentioned. */
  userId: string;
  /** How many more are gone of which the ledger lacks rows. */
  waiting: number;
}

/** How many closed positions read in one message on a surface, and how its pages are known again. */
export interface ClosingDigestWords<Page> extends Recognition<Page> {
  pages(news: readonly ClosingNews[], digest: ClosingDigest): Page[];
}

/** Many positions of which the last contract went within a minute, as at an expiration: one message, until the ledger has them all. */
export class ClosingDigestProjector<Page> extends WordedProjector<Page, ClosingDigestWords<Page>> {
  constructor(
    private readonly store: Pick<Closings, 'digestedClosings'>,
    private readonly reader: Pick<ClosingReader, 'readAll'>,
    words: ClosingDigestWords<Page>,
    private readonly outbox: Pick<Outbox, 'notes'>,
    private readonly notices: Pick<Notices, 'levelsOf'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super(words);
  }

  /** @throws NotYet while the ledger has none of them, BrokerError while it can't be asked */
  async project(digest: string): Promise<Screen<Page> | null> {
    const [note] = await this.outbox.notes({ kind: DIGEST, topic: digest });
    if (!note) return null;
    const ids = await this.store.digestedClosings(digest);
    const read = await this.reader.readAll(ids);
    const closings = ids.flatMap((id) => read.get(id) ?? []);
    const news = closings.flatMap((each) => (each.kind === 'closed' ? each.news : []));
    const now = this.clock.now();
    const waiting = closings.filter(({ kind }) => kind === 'not-booked').length;
    const rough = waiting > 0 || news.some((each) => mayChange(each, now));
    const again = rough ? nextLook(now, note.createdAt, LEDGER_LOOKS) : null;
    if (news.length === 0) {
      if (again) throw new NotYet(again);
      return null;
    }
    return {
      news: 'closed',
      core: JSON.stringify(news.map(({ positionId, position: { net } }) => [positionId, net])),
      sure: waiting === 0,
      pages: this.words.pages(news, { topic: digest, userId: note.userId, waiting }),
      level: await levelOf(this.notices, note.userId, 'closed'),
      ...(again && { again }),
    };
  }
}

import type { AccountName } from '../../domain/account-names.js';
import { type AssignedShares, assignedShares } from '../../domain/assigned.js';
import { DAY_MS } from '../../domain/dates.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { levelOf, type Notices } from '../../ports/notices.js';
import type { Desks } from '../accounts/desks.js';
import { type Recognition, type Screen, WordedProjector } from '../telling/projector.js';

/** Shares that came or went by an assignment or an exercise, as it is told. */
export interface AssignedNews extends AssignedShares {
  name: AccountName;
  /** Who is mentioned. */
  userId: string;
}

/** How it reads on a surface, and how its message is known again. */
export interface AssignedWords<Page> extends Recognition<Page> {
  page(news: AssignedNews): Page;
}

export interface AssignedReaderDeps {
  desks: Pick<Desks, 'all'>;
  broker: Pick<Broker, 'ledger'>;
  notices: Pick<Notices, 'channelOf'>;
  clock: Pick<Clock, 'now'>;
}

/** Rows that were told of are found again for so long. */
const BACK_MS = 14 * DAY_MS;

export class AssignedReader {
  constructor(private readonly deps: AssignedReaderDeps) {}

  /** @param rowId the ledger's row of the shares @returns null for one that isn't there (any more) @throws BrokerError */
  async read(rowId: string): Promise<AssignedNews | null> {
    const { desks, broker, notices, clock } = this.deps;
    const since = new Date(clock.now().getTime() - BACK_MS);
    for (const { number, name } of await desks.all()) {
      const channel = await notices.channelOf(number);
      if (!channel) continue;
      const { rows } = await broker.ledger(number, { since });
      const found = assignedShares(rows).find(({ row }) => row.id === rowId);
      if (found) return { ...found, name, userId: channel.userId };
    }
    return null;
  }
}

/** Shares that came or went by an assignment or an exercise, by the ledger's row of them: told once. */
export class AssignedProjector<Page> extends WordedProjector<Page, AssignedWords<Page>> {
  constructor(
    private readonly reader: Pick<AssignedReader, 'read'>,
    words: AssignedWords<Page>,
    private readonly notices: Pick<Notices, 'levelsOf'>,
  ) {
    super(words);
  }

  async project(rowId: string): Promise<Screen<Page> | null> {
    const news = await this.reader.read(rowId);
    if (!news) return null;
    const level = await levelOf(this.notices, news.userId, 'opened');
    return { news: 'assigned', core: rowId, sure: true, pages: [this.words.page(news)], level };
  }
}

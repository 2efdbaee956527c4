import { assignedShares } from '../../domain/assigned.js';
import { DAY_MS } from '../../domain/dates.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { Notices } from '../../ports/notices.js';
import type { Outbox } from '../../ports/outbox.js';
import type { Book } from '../accounts/positions.js';
import type { BookLooker } from './book-watch.js';

/** What the messages about assigned shares are kept under. */
export const ASSIGNED = 'assigned';
/** What was assigned longer ago is no news any more. */
const KNOWN_MS = 7 * DAY_MS;
/** The ledger lags behind what is held; so long after a change it is looked at, and so often. */
const LAG_MS = DAY_MS;
const AGAIN_MS = 10 * 60_000;

export interface NewSharesDeps {
  notices: Pick<Notices, 'channelOf'>;
  broker: Pick<Broker, 'ledger'>;
  outbox: Pick<Outbox, 'begin'>;
  clock: Pick<Clock, 'now'>;
  /** Something is due to be told. */
  wake(): void;
}

/** How an account's shares stood, until when its ledger is looked at for that, and when it was last. */
interface Seen {
  shares: string;
  until: number;
  lookedAt: number;
}

/** Owes a message for shares that an assignment or an exercise brought or took. The ledger is asked when the shares held have changed. */
export class NewShares implements BookLooker {
  readonly #seen = new Map<string, Seen>();

  constructor(private readonly deps: NewSharesDeps) {}

  async wants(account: string): Promise<boolean> {
    return (await this.deps.notices.channelOf(account)) !== null;
  }

  async look({ account, holdings }: Book): Promise<void> {
    const { notices, broker, outbox, clock, wake } = this.deps;
    const channel = await notices.channelOf(account);
    if (!channel) return;
    const now = clock.now().getTime();
    if (!this.#isDue(account, sharesOf(holdings), now)) return;
    const since = new Date(Math.max(channel.since.getTime(), now - KNOWN_MS));
    const { rows } = await broker.ledger(account, { since: new Date(since.getTime() - DAY_MS) });
    const news = assignedShares(rows).filter(({ row }) => row.at >= since);
    const { channelId, userId } = channel;
    const notes = news.map(({ row }) => ({ kind: ASSIGNED, topic: row.id, channelId, userId }));
    if (notes.length === 0) return;
    await outbox.begin(notes, clock.now());
    wake();
  }

  /** After a start too: nobody knows what happened before. */
  #isDue(account: string, shares: string, now: number): boolean {
    const former = this.#seen.get(account);
    const changed = former?.shares !== shares;
    const until = changed ? now + LAG_MS : (former?.until ?? 0);
    const due = changed || (now < until && now - (former?.lookedAt ?? 0) >= AGAIN_MS);
    this.#seen.set(account, { shares, until, lookedAt: due ? now : (former?.lookedAt ?? 0) });
    return due;
  }
}

function sharesOf(holdings: Book['holdings']): string {
  return holdings
    .filter(({ instrument }) => instrument.option === null)
    .map(({ instrument, side, quantity }) => `${instrument.symbol} ${side} ${quantity}`)
    .sort()
    .join();
}

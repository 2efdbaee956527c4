import { DAY_MS } from '../../domain/dates.js';
import { orderOfKey } from '../../domain/position-key.js';
import type { Clock } from '../../ports/clock.js';
import type { NoticeChannel, Notices } from '../../ports/notices.js';
import type { Outbox } from '../../ports/outbox.js';
import type { PositionStore } from '../../ports/positions.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import type { BookLooker } from './book-watch.js';
import { StandingCards } from './standing-cards.js';

/** What the messages about new positions are kept under. */
export const OPENED = 'opened';
/** What opened longer before notices were wanted is no news, whenever it comes to be known. */
const OLD_MS = 7 * DAY_MS;

export interface NewPositionsDeps {
  notices: Pick<Notices, 'channelOf'>;
  store: Pick<PositionStore, 'seenSince' | 'positionAccounts'>;
  outbox: Pick<Outbox, 'begin' | 'ask' | 'alive'>;
  clock: Pick<Clock, 'now'>;
  /** Something is due to be told. */
  wake(): void;
}

/** What was looked at of an account. */
interface Looked {
  /** Since when its new positions are told. */
  since: number | null;
  /** Positions of which it is settled whether they are news. */
  settled: Set<number>;
}

/**
 * Owes the card of each position that was opened since an account's notices are wanted, by whatever way, once its opening
 * order has ended; and has the cards looked at again of which the position has changed.
 */
export class NewPositions implements BookLooker {
  readonly #accounts = new Map<string, Looked>();
  readonly #cards: StandingCards;

  constructor(private readonly deps: NewPositionsDeps) {
    this.#cards = new StandingCards(OPENED, deps);
  }

  async wants(account: string): Promise<boolean> {
    return (await this.deps.notices.channelOf(account)) !== null;
  }

  async look(book: Book): Promise<void> {
    const channel = await this.deps.notices.channelOf(book.account);
    const looked = this.#looked(book.account, channel);
    const begun = channel ? await this.#begin(book, channel, looked) : 0;
    const asked = await this.#cards.ask(book);
    if (begun + asked > 0) this.deps.wake();
  }

  #looked(account: string, channel: NoticeChannel | null): Looked {
    const since = channel?.since.getTime() ?? null;
    const known = this.#accounts.get(account);
    if (known && known.since === since) return known;
    const looked = { since, settled: new Set<number>() };
    this.#accounts.set(account, looked);
    return looked;
  }

  async #begin(
    { positions }: Book,
    { channelId, userId, since }: NoticeChannel,
    looked: Looked,
  ): Promise<number> {
    const open = positions.filter((view) => isOpened(view) && !looked.settled.has(view.id));
    if (open.length === 0) return 0;
    const news = await this.deps.store.seenSince(
      open.map(({ id }) => id),
      since,
    );
    const told = open.filter(({ id, position }) => news.has(id) && !isOld(position.openedAt, since));
    const notes = told.map(({ id }) => ({ kind: OPENED, topic: String(id), channelId, userId }));
    if (notes.length > 0) await this.deps.outbox.begin(notes, this.deps.clock.now());
    looked.settled = new Set(
      [...positions.filter(({ id }) => looked.settled.has(id)), ...open].map(({ id }) => id),
    );
    return notes.length;
  }
}

/** An order opened it, and opens no more. */
function isOpened({ position: { key, opening } }: OpenPosition): boolean {
  return orderOfKey(key) !== null && !opening;
}

function isOld(openedAt: Date | null, since: Date): boolean {
  return openedAt === null || openedAt.getTime() < since.getTime() - OLD_MS;
}

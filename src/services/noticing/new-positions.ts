import { DAY_MS } from '../../domain/dates.js';
import { orderOfKey } from '../../domain/position-key.js';
import type { Clock } from '../../ports/clock.js';
import type { NoticeChannel, Notices } from '../../ports/notices.js';
import type { Outbox } from '../../ports/outbox.js';
import type { PositionStore } from '../../ports/positions.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import type { BookLooker } from './book-watch.js';

/** What the messages about new positions are kept under. */
export const OPENED = 'opened';
/** A card is kept true for so long. */
const KEPT_MS = 30 * DAY_MS;
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
  /** How each stood, by id. */
  stood: Map<number, string>;
}

/**
 * Owes the card of each position that was opened since an account's notices are wanted, by whatever way, once its opening
 * order has ended; and has the cards looked at again of which the position has changed.
 */
export class NewPositions implements BookLooker {
  readonly #accounts = new Map<string, Looked>();

  constructor(private readonly deps: NewPositionsDeps) {}

  async wants(account: string): Promise<boolean> {
    return (await this.deps.notices.channelOf(account)) !== null;
  }

  async look(book: Book): Promise<void> {
    const channel = await this.deps.notices.channelOf(book.account);
    const looked = this.#looked(book.account, channel);
    const begun = channel ? await this.#begin(book, channel, looked) : 0;
    const asked = await this.#ask(book, looked);
    if (begun + asked > 0) this.deps.wake();
  }

  #looked(account: string, channel: NoticeChannel | null): Looked {
    const since = channel?.since.getTime() ?? null;
    const known = this.#accounts.get(account);
    if (known && known.since === since) return known;
    const looked = { since, settled: new Set<number>(), stood: known?.stood ?? new Map<number, string>() };
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

  /** Whatever changed since the last look; at the first one, all that a former process told. */
  async #ask({ account, positions }: Book, looked: Looked): Promise<number> {
    const first = looked.stood.size === 0;
    const stands = new Map(positions.map((view) => [view.id, standingKey(view)]));
    const changed = first
      ? await this.#toldOf(account)
      : [...new Set([...looked.stood.keys(), ...stands.keys()])].filter(
          (id) => looked.stood.get(id) !== stands.get(id),
        );
    looked.stood = stands;
    if (changed.length === 0) return 0;
    return this.deps.outbox.ask(
      changed.map((id) => ({ kind: OPENED, topic: String(id) })),
      this.deps.clock.now(),
    );
  }

  async #toldOf(account: string): Promise<number[]> {
    const { outbox, store, clock } = this.deps;
    const topics = await outbox.alive(OPENED, new Date(clock.now().getTime() - KEPT_MS));
    const accounts = await store.positionAccounts(topics.map(Number));
    return topics.map(Number).filter((id) => accounts.get(id) === account);
  }
}

/** An order opened it, and opens no more. */
function isOpened({ position: { key, opening } }: OpenPosition): boolean {
  return orderOfKey(key) !== null && !opening;
}

function isOld(openedAt: Date | null, since: Date): boolean {
  return openedAt === null || openedAt.getTime() < since.getTime() - OLD_MS;
}

/** All that is said of it apart from the market. */
export function standingKey({ position, cover, working, underWay }: OpenPosition): string {
  const orders = working.map(({ order }) => order.id);
  return JSON.stringify([position.units, cover.state, underWay, orders]);
}

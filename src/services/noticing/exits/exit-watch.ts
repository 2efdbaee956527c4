import { exchangeMidnight } from '../../../domain/calendar/exchange.js';
import { dte, exchangeDay } from '../../../domain/dates.js';
import { dueDay, isOpenedWithin } from '../../../domain/exits.js';
import { firstEnd, isOver, type SessionOf } from '../../../domain/expiration.js';
import type { Clock } from '../../../ports/clock.js';
import type { ExitRule, Exits } from '../../../ports/exits.js';
import type { Outbox } from '../../../ports/outbox.js';
import type { PositionStore } from '../../../ports/positions.js';
import type { Book, OpenPosition } from '../../accounts/positions.js';
import type { BookLooker } from '../book-watch.js';
import { StandingCards } from '../standing-cards.js';

/** What the cards are kept under, each by its position and its limit. */
export const EXIT = 'exit';
/** So often a day's profits are noted at most; accounts are read every quarter of an hour. */
const NOTED_EVERY_MS = 5 * 60_000;

export interface ExitWatchDeps {
  exits: Pick<Exits, 'exitRule' | 'noteProfits'>;
  store: Pick<PositionStore, 'positionAccounts'>;
  outbox: Pick<Outbox, 'begin' | 'ask' | 'alive'>;
  sessionOf: SessionOf;
  clock: Pick<Clock, 'now'>;
  /** Something is due to be told. */
  wake(): void;
}

/**
 * Owes the card of each position and limit of its account's rule, due on the day that it comes to that; has the cards looked
 * at again of which the position has changed; and notes what each day makes. The outbox is the clock, so that nothing is
 * missed while nobody runs.
 */
export class ExitWatch implements BookLooker {
  readonly #begun = new Set<string>();
  readonly #notedAt = new Map<string, number>();
  readonly #cards: StandingCards;

  constructor(private readonly deps: ExitWatchDeps) {
    this.#cards = new StandingCards(EXIT, deps);
  }

  async wants(account: string): Promise<boolean> {
    return (await this.deps.exits.exitRule(account)) !== null;
  }

  async look(book: Book): Promise<void> {
    const rule = await this.deps.exits.exitRule(book.account);
    if (rule) await this.#note(book);
    const begun = rule ? await this.#begin(book, rule) : 0;
    const asked = await this.#cards.ask(book);
    if (begun + asked > 0) this.deps.wake();
  }

  async #begin({ positions, readAt }: Book, { days, channelId, userId }: ExitRule): Promise<number> {
    const { outbox, clock } = this.deps;
    const owed = positions
      .flatMap((view) => this.#dues(view, days, readAt))
      .filter(({ topic }) => !this.#begun.has(topic));
    const now = clock.now();
    const dues = new Map<number, string[]>();
    for (const { topic, due } of owed) {
      const at = Math.max(due.getTime(), now.getTime());
      dues.set(at, [...(dues.get(at) ?? []), topic]);
    }
    for (const [at, topics] of dues) {
      await outbox.begin(
        topics.map((topic) => ({ kind: EXIT, topic, channelId, userId })),
        new Date(at),
      );
      for (const topic of topics) this.#begun.add(topic);
    }
    return owed.length;
  }

  #dues({ id, position, ends }: OpenPosition, days: readonly number[], readAt: Date) {
    const end = firstEnd(position, ends);
    if (!end || isOver(end, readAt) || position.opening) return [];
    const whenOpened = position.openedAt && dte(position.openedAt, end.day);
    return days
      .filter((limit) => !isOpenedWithin(limit, whenOpened))
      .map((limit) => ({
        topic: `${id}/${limit}`,
        due: new Date(exchangeMidnight(dueDay(end.day, limit, this.deps.sessionOf))),
      }));
  }

  /** What each came to, in place of what was noted of the same day before. */
  async #note({ account, positions, readAt }: Book): Promise<void> {
    const day = exchangeDay(readAt);
    const session = this.deps.sessionOf(day);
    const early = readAt.getTime() - (this.#notedAt.get(account) ?? 0) < NOTED_EVERY_MS;
    if (!session || readAt < session.open || early) return;
    this.#notedAt.set(account, readAt.getTime());
    await this.deps.exits.noteProfits(
      positions.flatMap(({ id, position: { units }, profit: { dollars } }) =>
        dollars && units > 0 ? [{ positionId: id, day, dollars: dollars.toDecimalPlaces(2), units }] : [],
      ),
    );
  }
}

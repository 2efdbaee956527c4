import { DAY_MS } from '../../domain/dates.js';
import type { Clock } from '../../ports/clock.js';
import type { Outbox } from '../../ports/outbox.js';
import type { PositionStore } from '../../ports/positions.js';
import type { Book, OpenPosition } from '../accounts/positions.js';

/** A card is kept true for so long. */
const KEPT_MS = 30 * DAY_MS;

export interface StandingCardsDeps {
  store: Pick<PositionStore, 'positionAccounts'>;
  outbox: Pick<Outbox, 'ask' | 'alive'>;
  clock: Pick<Clock, 'now'>;
}

/** Has the cards of one kind looked at again of which the position has changed: a topic begins with its position's number. */
export class StandingCards {
  /** How each position stood, by account. */
  readonly #accounts = new Map<string, ReadonlyMap<number, string>>();

  constructor(
    private readonly kind: string,
    private readonly deps: StandingCardsDeps,
  ) {}

  /**
   * Whatever changed since the last look; at the first one, all that a former process told.
   * @returns how many were asked for
   */
  async ask({ account, positions }: Book): Promise<number> {
    const { outbox, clock } = this.deps;
    const stood = this.#accounts.get(account);
    const stands = new Map(positions.map((view) => [view.id, standingKey(view)]));
    const changed = [...(stood?.keys() ?? []), ...stands.keys()].filter(
      (id) => stood?.get(id) !== stands.get(id),
    );
    this.#accounts.set(account, stands);
    if (stood && changed.length === 0) return 0;
    const topics = await outbox.alive(this.kind, new Date(clock.now().getTime() - KEPT_MS));
    const meant = stood ? new Set(changed) : await this.#of(account, topics);
    const asked = topics.filter((topic) => meant.has(positionOf(topic)));
    return outbox.ask(
      asked.map((topic) => ({ kind: this.kind, topic })),
      clock.now(),
    );
  }

  async #of(account: string, topics: readonly string[]): Promise<Set<number>> {
    const ids = topics.map(positionOf);
    const accounts = await this.deps.store.positionAccounts(ids);
    return new Set(ids.filter((id) => accounts.get(id) === account));
  }
}

function positionOf(topic: string): number {
  return Number.parseInt(topic, 10);
}

/** All that is said of it apart from the market. */
export function standingKey({ position, cover, working, underWay }: OpenPosition): string {
  const orders = working.map(({ order }) => order.id);
  return JSON.stringify([position.units, cover.state, underWay, orders]);
}

import type { Boards } from '../../ports/boards.js';
import type { Clock } from '../../ports/clock.js';
import type { Outbox } from '../../ports/outbox.js';
import type { Book } from '../accounts/positions.js';
import type { BookLooker } from './book-watch.js';
import { standingKey } from './standing-cards.js';

export interface BoardKeeperDeps {
  store: Pick<Boards, 'standingBoards'>;
  outbox: Pick<Outbox, 'ask'>;
  clock: Pick<Clock, 'now'>;
  /** Something is due to be told. */
  wake(): void;
}

/** Has an account's boards looked at again when something on them changed; quotes come in their own time. */
export class BoardKeeper implements BookLooker {
  readonly #stood = new Map<string, string>();

  constructor(private readonly deps: BoardKeeperDeps) {}

  async wants(account: string): Promise<boolean> {
    return (await this.deps.store.standingBoards(account)).length > 0;
  }

  async look({ account, positions }: Book): Promise<void> {
    const stands = JSON.stringify(positions.map((view) => [view.id, standingKey(view)]));
    const former = this.#stood.get(account);
    this.#stood.set(account, stands);
    // What stood before this process began is on its boards, or comes with their next quotes.
    if (former === undefined || former === stands) return;
    const { store, outbox, clock, wake } = this.deps;
    const boards = await store.standingBoards(account);
    if (boards.length === 0) return;
    await outbox.ask(
      boards.map(({ id }) => ({ kind: 'board', topic: String(id) })),
      clock.now(),
    );
    wake();
  }
}

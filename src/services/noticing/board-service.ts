import type { AccountName } from '../../domain/account-names.js';
import type { Boards } from '../../ports/boards.js';
import type { Clock } from '../../ports/clock.js';
import { type AccessRules, type Actor, assertMay } from '../access/access.js';
import type { Desks } from '../accounts/desks.js';

export interface BoardServiceDeps {
  store: Boards;
  desks: Pick<Desks, 'chosen'>;
  access: AccessRules;
  clock: Pick<Clock, 'now'>;
  /** Something is due to be told. */
  wake(): void;
}

/** Puts boards up, and takes them down. */
export class BoardService {
  constructor(private readonly deps: BoardServiceDeps) {}

  /**
   * At the end of the channel in which it is asked for, a board for each account that is meant.
   * @throws UserError as `assertMay` and `Desks.chosen` say
   */
  async place(actor: Actor, account: string | null): Promise<AccountName[]> {
    const { store, clock } = this.deps;
    const desks = await this.#meant(actor, account);
    for (const { number } of desks) await store.placeBoard(number, actor.channelId, clock.now());
    this.deps.wake();
    return desks.map(({ name }) => name);
  }

  /** @returns the accounts that had one there @throws as `place` */
  async takeDown(actor: Actor, account: string | null): Promise<AccountName[]> {
    const { store, clock } = this.deps;
    const gone: AccountName[] = [];
    for (const { number, name } of await this.#meant(actor, account)) {
      if (await store.takeDownBoard(number, actor.channelId, clock.now())) gone.push(name);
    }
    this.deps.wake();
    return gone;
  }

  #meant(actor: Actor, account: string | null) {
    assertMay(this.deps.access, actor, 'schedule');
    return this.deps.desks.chosen(account);
  }
}

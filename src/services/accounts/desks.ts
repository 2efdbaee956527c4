import type { OddRow } from '../../domain/types.js';
import { AccountDesk, type DeskDeps } from './account-desk.js';
import { chosenAccount } from './chosen-account.js';
import type { Book, BookSource, PositionView } from './positions.js';

export type DesksDeps = Omit<DeskDeps, 'onChange'> & {
  /** The account to work for; null for the only one the login reaches. */
  named: string | null;
};

/** A desk for each account this bot works for, made when the broker has told which these are. */
export class Desks implements BookSource {
  readonly #desks = new Map<string, AccountDesk>();
  readonly #listeners: (() => void)[] = [];

  constructor(private readonly deps: DesksDeps) {}

  /** Those that are known already, without asking the broker. */
  get known(): readonly AccountDesk[] {
    return [...this.#desks.values()];
  }

  /** The desk of an account, if it is known already. */
  of(number: string): AccountDesk | null {
    return this.#desks.get(number) ?? null;
  }

  /** Called when something changed in an account, or may have changed unseen. */
  listen(onChange: () => void): void {
    this.#listeners.push(onChange);
  }

  /**
   * The desk of the one account.
   * @throws UserError `ACCOUNT_AMBIGUOUS`, `ACCOUNT_UNKNOWN`, `ACCOUNT_NONE`, `ACCOUNT_UNREADABLE`; BrokerError if the broker can't be
   * asked
   */
  async current(): Promise<AccountDesk> {
    const [desk] = this.known;
    return desk ?? this.#opened(await chosenAccount(this.deps.broker, this.deps.named));
  }

  async read(): Promise<Book> {
    return (await this.current()).positions.read();
  }

  /** @throws as `current`, where it isn't known yet which accounts these are */
  async worksFor(number: string): Promise<boolean> {
    await this.current();
    return this.#desks.has(number);
  }

  /** All positions from memory, at once: for autocomplete. */
  remembered(): readonly PositionView[] {
    return this.known.flatMap(({ positions }) => positions.remembered());
  }

  /** Rows that the last read of each account found unreadable. */
  oddRows(): readonly OddRow[] {
    return this.known.flatMap(({ positions }) => positions.oddRows());
  }

  /** Ends listening. */
  async stop(): Promise<void> {
    await Promise.all(this.known.map(({ watch }) => watch.stop()));
  }

  /** Resolves when no background read is under way and what was read is kept. */
  async idle(): Promise<void> {
    await Promise.all(this.known.map(({ positions }) => positions.idle()));
  }

  #opened(number: string): AccountDesk {
    const known = this.#desks.get(number);
    if (known) return known;
    const desk = new AccountDesk(number, {
      ...this.deps,
      onChange: () => {
        for (const onChange of this.#listeners) onChange();
      },
    });
    this.#desks.set(number, desk);
    return desk;
  }
}

import type { Logger } from 'pino';
import type { Clock } from '../../ports/clock.js';
import type { AccountDesk } from '../accounts/account-desk.js';
import type { Book } from '../accounts/positions.js';

/** Somebody who looks at an account whenever it is read. */
export interface BookLooker {
  /** Whether the account has to be read for this one as soon as something changed in it. */
  wants(account: string): Promise<boolean>;
  look(book: Book): Promise<void>;
}

/** Of many changes at once, one read comes of it. */
const PAUSE_MS = 1_500;

/** Has accounts read when something changed in them, as far as somebody wants that, and has each read looked at. */
export class BookWatch {
  readonly #followed = new Set<AccountDesk>();
  /** Accounts of which a read is coming. */
  readonly #due = new Set<AccountDesk>();
  readonly #stop = new AbortController();
  /** One look after another, so that none undoes a later one's work. */
  #looking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly lookers: readonly BookLooker[],
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** From here on; once. */
  follow(desk: AccountDesk): void {
    if (this.#followed.has(desk)) return;
    this.#followed.add(desk);
    desk.positions.listen((book) => this.#look(book));
    desk.watch.listen({ onChange: () => this.changed(desk), onOrder: () => {} });
  }

  /** Something changed in an account, or somebody has come to want it read. */
  changed(desk: AccountDesk): void {
    if (this.#due.has(desk) || this.#stop.signal.aborted) return;
    this.#due.add(desk);
    void this.#soon(desk);
  }

  /** Ends looking; what is being looked at is finished. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
  }

  async #soon(desk: AccountDesk): Promise<void> {
    try {
      await this.clock.sleep(PAUSE_MS, this.#stop.signal);
      this.#due.delete(desk);
      const wanted = await Promise.all(this.lookers.map((looker) => looker.wants(desk.number)));
      if (wanted.includes(true)) await desk.positions.read();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#due.delete(desk);
      this.log.warn({ err: error }, 'could not read an account that changed');
    }
  }

  #look(book: Book): void {
    if (this.#stop.signal.aborted) return;
    for (const looker of this.lookers) {
      this.#looking = this.#looking
        .then(() => looker.look(book))
        .catch((error: unknown) =>
          this.log.error({ err: error }, 'could not look at an account that was read'),
        );
    }
  }
}

import type { AccountName } from '../../domain/account-names.js';
import { BrokerError, UserError } from '../../domain/errors.js';
import type { OddRow } from '../../domain/types.js';
import { AccountDesk, type DeskDeps } from './account-desk.js';
import { type ChosenAccounts, chosenAccounts, type MissingAccount } from './chosen-accounts.js';
import { recalled } from './first-read.js';
import type { Book, OpenPosition } from './positions.js';

export type DesksDeps = Omit<DeskDeps, 'onChange'> & {
  /** The accounts to work for; none named is all that are open. */
  named: readonly string[];
};

/** What could be read of several accounts: each that couldn't is named, and takes no other down. */
export interface Books {
  /** At least one. */
  read: readonly Book[];
  unread: readonly UnreadAccount[];
  /** Where all are meant: those that there is no desk for. */
  missing: readonly MissingAccount[];
}

interface About {
  account?: string | undefined;
  position?: number | undefined;
}

export interface UnreadAccount {
  name: AccountName;
  error: BrokerError;
}

/** A desk for each account this bot works for, made when the broker has told which these are. */
export class Desks {
  readonly #desks = new Map<string, AccountDesk>();
  readonly #listeners: (() => void)[] = [];
  #missing: readonly MissingAccount[] = [];

  constructor(private readonly deps: DesksDeps) {}

  /** Those that are known already, without asking the broker. */
  get known(): readonly AccountDesk[] {
    return [...this.#desks.values()];
  }

  /** Accounts that are asked for and were not to be had when the broker was last asked. */
  get missing(): readonly MissingAccount[] {
    return this.#missing;
  }

  /** There is more than one account, so that each has to be named. */
  get several(): boolean {
    return this.#desks.size + this.#missing.length > 1;
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
   * Every desk, at least one; the broker is asked the first time alone.
   * @throws UserError `ACCOUNT_UNKNOWN`, `ACCOUNT_NONE`, `ACCOUNT_UNREADABLE`; BrokerError if the broker can't be asked
   */
  async all(): Promise<readonly AccountDesk[]> {
    if (this.#desks.size === 0) await this.lookAgain();
    return this.known;
  }

  /** Asks the broker which accounts there are, and makes a desk for each new one. @throws as `all` */
  async lookAgain(): Promise<void> {
    const chosen = await chosenAccounts(this.deps.broker, this.deps.named);
    this.#missing = chosen.missing;
    this.#name(chosen);
    for (const { number } of chosen.accounts) this.#opened(number);
  }

  /**
   * The desks somebody means.
   * @param typed the end of an account's number as `AccountName` has it, or its choice in a list; `all` or null for all
   * @throws UserError `ACCOUNT_NOT_OURS`, and as `all`
   */
  async chosen(typed: string | null): Promise<readonly AccountDesk[]> {
    const all = await this.all();
    if (typed === null || isAll(typed)) return all;
    const fitting = all.filter(({ name }) => isCalled(name, typed));
    if (fitting.length > 0) return fitting;
    throw new UserError('ACCOUNT_NOT_OURS', { typed, accounts: all.map(({ name }) => name) });
  }

  /** The one desk that is meant. @throws UserError `ACCOUNT_NEEDED` where it isn't said, and as `chosen` */
  async one(typed: string | null): Promise<AccountDesk> {
    const [desk, ...more] = await this.chosen(typed);
    if (desk && more.length === 0) return desk;
    throw new UserError('ACCOUNT_NEEDED', { accounts: this.known.map(({ name }) => name) });
  }

  /**
   * The one desk that these positions belong to; with a single account there is nothing to look for.
   * @param ids at least one
   * @param typed the account that was named beside them; null for none
   * @throws UserError `POSITION_ELSEWHERE`, `POSITION_NOT_OURS`, `POSITIONS_APART`, and as `one`; BrokerError if they
   * may be in an account that can't be read
   */
  async holding(ids: readonly number[], typed: string | null): Promise<AccountDesk> {
    const meant = await this.chosen(typed);
    const [first] = meant;
    if (!this.several || !first) return this.one(typed);
    const [id = 0, ...more] = ids;
    const accounts = await this.#accountsOf(ids);
    const account = accounts.get(id);
    // Whoever is asked first says that there is no such position.
    if (account === undefined) return first;
    const desk = this.of(account);
    if (!desk) throw new UserError('POSITION_NOT_OURS', { id, digits: this.nameOf(account).digits });
    if (!meant.includes(desk)) throw new UserError('POSITION_ELSEWHERE', { id, account: desk.name });
    if (more.every((other) => (accounts.get(other) ?? account) === account)) return desk;
    const apart = [...new Set(accounts.values())].map((number) => this.nameOf(number));
    throw new UserError('POSITIONS_APART', { accounts: apart });
  }

  /**
   * The desks that something kept is about, such as a reminder.
   * @param account by its whole number
   * @throws UserError `ACCOUNT_GONE`, and as `holding`
   */
  async about({ account, position }: About): Promise<readonly AccountDesk[]> {
    if (account !== undefined) return [await this.serving(account)];
    return position === undefined ? this.all() : [await this.holding([position], null)];
  }

  /** Ids are given by the first read, so until each account was read one may be missing. */
  async #accountsOf(ids: readonly number[]): Promise<Map<number, string>> {
    const known = await this.deps.store.positionAccounts(ids);
    if (ids.every((id) => known.has(id))) return known;
    await Promise.all(this.known.map(({ positions }) => positions.readOnce()));
    return this.deps.store.positionAccounts(ids);
  }

  /** How an account is called in front of people, by its whole number. */
  nameOf(number: string): AccountName {
    return this.deps.names.of(number);
  }

  /**
   * Reads the accounts that are meant side by side.
   * @throws BrokerError if not one of them can be read; UserError as `chosen`
   */
  read(typed: string | null = null): Promise<Books> {
    return this.each(typed, ({ positions }) => positions.read());
  }

  /** Looks at the accounts that are meant side by side. @throws as `read`, with what `look` throws beside BrokerError */
  async each<T>(
    typed: string | null,
    look: (desk: AccountDesk) => Promise<T>,
  ): Promise<Omit<Books, 'read'> & { read: T[] }> {
    const desks = await this.chosen(typed);
    const answers = await Promise.all(desks.map((desk) => attempt(desk, look)));
    const read = answers.flatMap((answer) => ('read' in answer ? [answer.read] : []));
    const unread = answers.flatMap((answer) => ('error' in answer ? [answer] : []));
    const [failed] = unread;
    if (read.length === 0 && failed) throw failed.error;
    return { read, unread, missing: typed === null ? this.#missing : [] };
  }

  /**
   * The desk of an account that something kept is about; null where it isn't served any more.
   * @throws as `all`, where it isn't known yet which accounts these are
   */
  async find(number: string): Promise<AccountDesk | null> {
    await this.all();
    return this.of(number);
  }

  /**
   * As `find`, for what can't go on without it.
   * @throws UserError `ACCOUNT_GONE` where it isn't served any more; as `find`
   */
  async serving(number: string): Promise<AccountDesk> {
    const desk = await this.find(number);
    if (desk) return desk;
    throw new UserError('ACCOUNT_GONE', { digits: this.nameOf(number).digits });
  }

  /**
   * The positions of the accounts that are meant, from memory, or of the first read: for autocomplete.
   * @throws as the function `recalled`; UserError as `chosen`
   */
  async recalled(typed: string | null = null): Promise<readonly OpenPosition[]> {
    const all = await recalled(this, this.deps.clock);
    if (typed === null) return all;
    const meant = new Set((await this.chosen(typed)).map(({ number }) => number));
    return all.filter(({ position }) => meant.has(position.account));
  }

  /** Rows that the last read of each account found unreadable. */
  oddRows(): readonly OddRow[] {
    return this.known.flatMap(({ positions }) => positions.oddRows());
  }

  /** Ends listening. */
  async stop(): Promise<void> {
    await Promise.all(this.known.map((desk) => desk.stop()));
  }

  /** Resolves when no background read is under way and what was read is kept. */
  async idle(): Promise<void> {
    await Promise.all(this.known.map(({ positions }) => positions.idle()));
  }

  #name({ accounts, missing }: ChosenAccounts): void {
    this.deps.names.learn(accounts, accounts.length + missing.length > 1);
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

/** Whether all accounts are meant by name. */
export function isAll(typed: string): boolean {
  return typed.trim().toLowerCase() === 'all';
}

/** Whether somebody means it who types `1111`, `…1111`, `Roth IRA`, or `…1111 (Roth IRA)` as it stands in a list. */
function isCalled({ digits, nickname }: AccountName, typed: string): boolean {
  const text = typed.trim().toLowerCase();
  const [end] = text.replace(/^(…|\.\.\.)/, '').split(' ');
  return end === digits.toLowerCase() || text === nickname?.toLowerCase();
}

async function attempt<T>(
  desk: AccountDesk,
  look: (desk: AccountDesk) => Promise<T>,
): Promise<{ read: T } | UnreadAccount> {
  try {
    return { read: await look(desk) };
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    return { name: desk.name, error };
  }
}

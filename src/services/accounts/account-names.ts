import { type AccountName, accountNames, lastDigits, type Named } from '../../domain/account-names.js';

/** How the accounts are called that this bot works for, from when the broker has told which these are. */
export class AccountNames {
  #known: ReadonlyMap<string, AccountName> = new Map();

  /** @param several there are others, of which not even the number is known */
  learn(accounts: readonly Named[], several: boolean): void {
    this.#known = accountNames(accounts, several);
  }

  /** Of a stranger, such as an account of former settings, by the end of its number. */
  of(number: string): AccountName {
    const stranger = { digits: lastDigits(number), nickname: null, oneOfSeveral: this.#known.size > 1 };
    return this.#known.get(number) ?? stranger;
  }
}

import type { Logger } from 'pino';
import { z } from 'zod';
import {
  type AccountName,
  type AccountNaming,
  accountNames,
  lastDigits,
  type Named,
} from '../../domain/account-names.js';
import type { BotState } from '../../ports/bot-state.js';

const keptSchema = z.object({
  accounts: z.array(
    z.object({ number: z.string(), nickname: z.string().nullable(), type: z.string().nullable() }),
  ),
  several: z.boolean(),
});

/**
 * How the accounts are called that this bot works for: as the broker told it last, also of an earlier run, so that what
 * is told right after a start names them too.
 */
export class AccountNames implements AccountNaming {
  #known: ReadonlyMap<string, AccountName> = new Map();
  #kept: string | null = null;
  #keep: (told: string) => Promise<void> = async () => {};

  /** Goes by what was kept there, until the broker tells, and keeps what it tells. */
  async keepIn(state: BotState, log: Logger): Promise<void> {
    this.#kept = await state.recall('account-names');
    const read = keptSchema.safeParse(parsed(this.#kept));
    if (read.success) this.#learn(read.data.accounts, read.data.several);
    this.#keep = (told) =>
      state
        .remember('account-names', told)
        .catch((error: unknown) => log.warn({ err: error }, 'could not keep the accounts’ names'));
  }

  /** @param several there are others, of which not even the number is known */
  learn(accounts: readonly Named[], several: boolean): void {
    this.#learn(accounts, several);
    const named = accounts.map(({ number, nickname, type }) => ({ number, nickname, type }));
    const told = JSON.stringify({ accounts: named, several });
    if (told === this.#kept) return;
    this.#kept = told;
    void this.#keep(told);
  }

  /** Of a stranger, such as an account of former settings, by the end of its number. */
  of(number: string): AccountName {
    const stranger = { digits: lastDigits(number), nickname: null, oneOfSeveral: this.#known.size > 1 };
    return this.#known.get(number) ?? stranger;
  }

  #learn(accounts: readonly Named[], several: boolean): void {
    this.#known = accountNames(accounts, several);
  }
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

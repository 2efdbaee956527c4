import { lastDigits, type Named } from '../../domain/account-names.js';
import { UserError } from '../../domain/errors.js';
import type { Broker } from '../../ports/broker.js';

/**
 * An account that is asked for and can't be worked for.
 * - `not-open`: the login has no open account with this number: closed, or a slip
 * - `unreadable`: the broker's row of it has no number
 */
export type MissingAccount = { why: 'not-open'; number: string } | { why: 'unreadable' };

export interface ChosenAccounts {
  /** At least one. */
  accounts: readonly Named[];
  missing: readonly MissingAccount[];
}

/**
 * Which accounts this bot works for: the named ones, or all that are open. One that isn't there takes no other down.
 * @param named in the order in which they are to be shown; empty for all
 * @throws UserError `ACCOUNT_UNKNOWN`, `ACCOUNT_NONE`, `ACCOUNT_UNREADABLE` where not one is left; BrokerError if the
 * broker can't be asked
 */
export async function chosenAccounts(
  broker: Pick<Broker, 'accounts'>,
  named: readonly string[],
): Promise<ChosenAccounts> {
  const told = await broker.accounts();
  const open = told.flatMap(({ number, ...rest }) => (number === null ? [] : [{ number, ...rest }]));
  const unreadable = told.filter(({ number }) => number === null).map(() => ({ why: 'unreadable' }) as const);
  if (named.length === 0) {
    if (open.length > 0) return { accounts: open, missing: unreadable };
    throw unreadable.length > 0
      ? new UserError('ACCOUNT_UNREADABLE', { count: unreadable.length })
      : new UserError('ACCOUNT_NONE', {});
  }
  const accounts = named.flatMap((number) => open.find((each) => each.number === number) ?? []);
  if (accounts.length === 0) {
    const there = told.map(({ number }) => number && lastDigits(number));
    throw new UserError('ACCOUNT_UNKNOWN', { there, named: named.length });
  }
  const missing = named.filter((number) => !accounts.some((each) => each.number === number));
  return { accounts, missing: missing.map((number) => ({ why: 'not-open', number })) };
}

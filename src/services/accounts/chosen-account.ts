import { UserError } from '../../domain/errors.js';
import type { Broker } from '../../ports/broker.js';

/**
 * Which account this bot works for: the named one, or the only one the login reaches.
 * @throws UserError `ACCOUNT_AMBIGUOUS`, `ACCOUNT_UNKNOWN`, `ACCOUNT_NONE`, `ACCOUNT_UNREADABLE`; BrokerError if the broker can't be
 * asked
 */
export async function chosenAccount(broker: Pick<Broker, 'accounts'>, named: string | null): Promise<string> {
  const numbers = (await broker.accounts()).map(({ number }) => number);
  const shown = numbers.map((number) => (number === null ? 'unreadable' : `…${number.slice(-4)}`)).join(', ');
  if (named !== null) {
    if (numbers.includes(named)) return named;
    throw new UserError(
      'ACCOUNT_UNKNOWN',
      `The broker login has no open account with the number in TASTYTRADE_ACCOUNT. It has: ${shown || 'none'}.`,
      'Correct TASTYTRADE_ACCOUNT and restart the bot.',
    );
  }
  const [only, ...more] = numbers;
  if (only === undefined) {
    throw new UserError(
      'ACCOUNT_NONE',
      'The broker login has no open account.',
      'Check the login at the broker.',
    );
  }
  if (more.length > 0) {
    throw new UserError(
      'ACCOUNT_AMBIGUOUS',
      `The broker login has ${numbers.length} open accounts (${shown}), and I don't guess which one is meant.`,
      'Name it in TASTYTRADE_ACCOUNT and restart the bot.',
    );
  }
  if (only === null) {
    throw new UserError(
      'ACCOUNT_UNREADABLE',
      'The broker login has one open account, and the broker’s row of it can’t be read: no account number.',
      'Try again in a minute.',
    );
  }
  return only;
}

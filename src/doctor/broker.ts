import { type AccountName, accountNames, lastDigits } from '../domain/account-names.js';
import { oddOrders } from '../domain/odd-rows.js';
import type { Holding, OddRow } from '../domain/types.js';
import type { Broker } from '../ports/broker.js';
import { accountList } from '../screens/account.js';
import { oddRowText } from '../screens/odd-row.js';
import {
  type ChosenAccounts,
  chosenAccounts,
  type MissingAccount,
} from '../services/accounts/chosen-accounts.js';
import type { Settings } from '../settings/settings.js';
import { type Checklist, Finding, type Found } from './checklist.js';

/** Login, accounts and everything that previews and orders rest on, read and nothing else. */
export async function checkBroker(list: Checklist, broker: Broker, settings: Settings): Promise<void> {
  const accounts = await list.step('broker login', async () => [
    await broker.accounts(),
    loginText(settings),
  ]);
  if (!accounts) return;
  const chosen = await list.step('account', async () => {
    const found = await chosenAccounts(broker, settings.TASTYTRADE_ACCOUNT);
    return [found, accountList([...namesOf(found).values()])];
  });
  if (!chosen) return;
  for (const missing of chosen.missing) await list.step('account', async () => Promise.reject(lost(missing)));
  const names = namesOf(chosen);
  const held: Holding[] = [];
  for (const { number } of chosen.accounts) {
    const name = names.get(number);
    held.push(...(await checkAccount(list, broker, number, name?.oneOfSeveral ? ` …${name.digits}` : '')));
  }
  await list.step('market data', () => marketData(broker, held));
}

/** What one account holds and has working, and its stream. @param which follows a step's name, where there are several */
async function checkAccount(
  list: Checklist,
  broker: Broker,
  account: string,
  which: string,
): Promise<Holding[]> {
  const holdings = await list.step(`positions${which}`, async () => {
    const { held, odd } = await broker.holdings(account);
    return [held, `${held.length === 1 ? '1 holding read' : `${held.length} holdings read`}${oddText(odd)}`];
  });
  await list.step(`orders${which}`, async () => {
    const open = await broker.openOrders(account);
    return [true, `${open.length} open${oddText(oddOrders(open))}`];
  });
  await list.step(`account stream${which}`, () => stream(broker, account));
  return holdings ?? [];
}

function namesOf({ accounts, missing }: ChosenAccounts): Map<string, AccountName> {
  return accountNames(accounts, missing.length > 0);
}

/** The others are looked at all the same, but a bot that silently left one out would be no good. */
function lost(missing: MissingAccount): Finding {
  if (missing.why === 'unreadable') {
    return new Finding('one of the broker’s rows can’t be read: no account number', 'Try again in a minute.');
  }
  const which = lastDigits(missing.number);
  return new Finding(`…${which} is not among the login’s open accounts`, 'Correct TASTYTRADE_ACCOUNT.');
}

/** What can't be read takes nothing from the rest, but is told. */
function oddText(rows: readonly OddRow[]): string {
  return rows.length === 0 ? '' : `; can’t be read: ${rows.map(oddRowText).join(', ')}`;
}

function loginText({ TASTYTRADE_CLIENT_SECRET: secret, TASTYTRADE_REFRESH_TOKEN: token }: Settings): string {
  return secret && token
    ? `works with ${secret.masked()} and ${token.masked()}`
    : 'works; the simulated broker is built in (its state file was not touched)';
}

/** Without marks everything else still works, so their absence is told and not held against the broker. */
async function marketData(broker: Broker, holdings: readonly Holding[]): Promise<Found<true>> {
  const session = await broker.marketSession();
  const market = `the market is ${session.open ? 'open' : 'closed'}`;
  const option = holdings.find(({ instrument }) => instrument.option)?.instrument;
  if (!option) return [true, `${market}; no option is held to ask a mark for`];
  const quotes = await broker.quotes([{ symbol: option.symbol, kind: 'option' }]);
  return quotes.get(option.symbol)?.mark
    ? [true, `${market}, marks are served`]
    : [true, `${market}; no marks are served (usual in the sandbox), and previews will say so`];
}

/** Connects, subscribes, waits for the acknowledgement and hangs up. */
async function stream(broker: Broker, account: string): Promise<Found<true>> {
  let end: () => Promise<void> = async () => {};
  try {
    return await new Promise<Found<true>>((resolve, reject) => {
      const watch = broker.watch(account, {
        onLive: () => resolve([true, 'connected and acknowledged']),
        onDown: (reason) => reject(new Finding(reason, 'Check TASTYTRADE_STREAMER_URL if it is set.')),
        onOrder: () => {},
        onPosition: () => {},
      });
      end = () => watch.close();
    });
  } finally {
    await end();
  }
}

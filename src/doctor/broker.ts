import { type AccountName, accountNames, lastDigits } from '../domain/account-names.js';
import { oddOrders } from '../domain/odd-rows.js';
import type { Holding } from '../domain/types.js';
import type { Broker } from '../ports/broker.js';
import { accountList } from '../screens/account.js';
import { FAULTS, SEEN, STEPS } from '../screens/doctor.js';
import {
  type ChosenAccounts,
  chosenAccounts,
  type MissingAccount,
} from '../services/accounts/chosen-accounts.js';
import type { Settings } from '../settings/schema.js';
import { type Checklist, Finding, type Found } from './checklist.js';

/** Login, accounts and everything that previews and orders rest on, read and nothing else. */
export async function checkBroker(list: Checklist, broker: Broker, settings: Settings): Promise<void> {
  const accounts = await list.step(STEPS.login, async () => [await broker.accounts(), loginText(settings)]);
  if (!accounts) return;
  const chosen = await list.step(STEPS.account, async () => {
    const found = await chosenAccounts(broker, settings.TASTYTRADE_ACCOUNT);
    return [found, accountList([...namesOf(found).values()])];
  });
  if (!chosen) return;
  for (const missing of chosen.missing)
    await list.step(STEPS.account, async () => Promise.reject(lost(missing)));
  const names = namesOf(chosen);
  const held: Holding[] = [];
  for (const { number } of chosen.accounts) {
    const name = names.get(number);
    held.push(...(await checkAccount(list, broker, number, name?.oneOfSeveral ? ` …${name.digits}` : '')));
  }
  await list.step(STEPS.marketData, () => marketData(broker, held));
}

/** What one account holds and has working, and its stream. @param which follows a step's name, where there are several */
async function checkAccount(
  list: Checklist,
  broker: Broker,
  account: string,
  which: string,
): Promise<Holding[]> {
  const holdings = await list.step(STEPS.positions(which), async () => {
    const { held, odd } = await broker.holdings(account);
    return [held, SEEN.holdings(held.length, odd)];
  });
  await list.step(STEPS.orders(which), async () => {
    const open = await broker.openOrders(account);
    return [true, SEEN.orders(open.length, oddOrders(open))];
  });
  await list.step(STEPS.stream(which), () => stream(broker, account));
  return holdings ?? [];
}

function namesOf({ accounts, missing }: ChosenAccounts): Map<string, AccountName> {
  return accountNames(accounts, missing.length > 0);
}

/** The others are looked at all the same, but a bot that silently left one out would be no good. */
function lost(missing: MissingAccount): Finding {
  if (missing.why === 'unreadable') return new Finding(FAULTS.accountUnreadable);
  return new Finding(FAULTS.accountNotOpen(lastDigits(missing.number)));
}

function loginText({ TASTYTRADE_CLIENT_SECRET: secret, TASTYTRADE_REFRESH_TOKEN: token }: Settings): string {
  return secret && token ? SEEN.login([secret.masked(), token.masked()]) : SEEN.simulated;
}

async function marketData(broker: Broker, holdings: readonly Holding[]): Promise<Found<true>> {
  const session = await broker.marketSession();
  const option = holdings.find(({ instrument }) => instrument.option)?.instrument;
  if (!option) return [true, SEEN.market(session.open, 'not-asked')];
  const quotes = await broker.quotes([{ symbol: option.symbol, kind: 'option' }]);
  return [true, SEEN.market(session.open, quotes.get(option.symbol)?.mark ? 'served' : 'missing')];
}

/** Connects, subscribes, waits for the acknowledgement and hangs up. */
async function stream(broker: Broker, account: string): Promise<Found<true>> {
  let end: () => Promise<void> = async () => {};
  try {
    return await new Promise<Found<true>>((resolve, reject) => {
      const watch = broker.watch(account, {
        onLive: () => resolve([true, SEEN.stream]),
        onDown: (reason) => reject(new Finding(FAULTS.stream(reason))),
        onOrder: () => {},
        onPosition: () => {},
      });
      end = () => watch.close();
    });
  } finally {
    await end();
  }
}

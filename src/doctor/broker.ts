import { oddOrders, oddRowText } from '../domain/odd-rows.js';
import type { Holding, OddRow } from '../domain/types.js';
import type { Broker } from '../ports/broker.js';
import { chosenAccount } from '../services/accounts/chosen-account.js';
import type { Settings } from '../settings/settings.js';
import { type Checklist, Finding, type Found } from './checklist.js';

/** Login, account and everything that previews and orders rest on, read and nothing else. */
export async function checkBroker(list: Checklist, broker: Broker, settings: Settings): Promise<void> {
  const accounts = await list.step('broker login', async () => [
    await broker.accounts(),
    loginText(settings),
  ]);
  if (!accounts) return;
  const account = await list.step('account', async () => {
    const number = await chosenAccount(broker, settings.TASTYTRADE_ACCOUNT ?? null);
    return [number, `…${number.slice(-4)}`];
  });
  if (!account) return;
  const holdings = await list.step('positions', async () => {
    const { held, odd } = await broker.holdings(account);
    return [held, `${held.length === 1 ? '1 holding read' : `${held.length} holdings read`}${oddText(odd)}`];
  });
  await list.step('orders', async () => {
    const open = await broker.openOrders(account);
    return [true, `${open.length} open${oddText(oddOrders(open))}`];
  });
  await list.step('market data', () => marketData(broker, holdings ?? []));
  await list.step('account stream', () => stream(broker, account));
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

import { pino } from 'pino';
import { readAccounts, readBalances, readTradingStatus } from '../../../src/brokers/tastytrade/accounts.js';
import { ContractSizes } from '../../../src/brokers/tastytrade/contract-sizes.js';
import { readExDividends } from '../../../src/brokers/tastytrade/dividends.js';
import { Expirations } from '../../../src/brokers/tastytrade/expirations.js';
import type { TastytradeHttp } from '../../../src/brokers/tastytrade/http.js';
import { Underlyings } from '../../../src/brokers/tastytrade/instruments.js';
import { parseLossless } from '../../../src/brokers/tastytrade/json.js';
import { readLedger } from '../../../src/brokers/tastytrade/ledger.js';
import { readMarketSession, readQuotes } from '../../../src/brokers/tastytrade/market.js';
import { readMarketDays } from '../../../src/brokers/tastytrade/market-days.js';
import { OrderApi } from '../../../src/brokers/tastytrade/order-api.js';
import { knownHoldings, readHoldings } from '../../../src/brokers/tastytrade/positions.js';
import type { Broker } from '../../../src/ports/broker.js';
import { Secrets } from '../../../src/ports/secrets.js';
import { VirtualClock } from './clocks.js';

/** The adapter's reading of answers that are already there, without connections, tokens or pauses. */
export function brokerOf(answers: (path: string) => unknown): Omit<Broker, 'watch'> {
  const read = async (path: string) => parseLossless(JSON.stringify(answers(path) ?? null));
  const http = {
    read,
    place: read,
    cancel: read,
    verdict: async (path: string) => ({ status: 200, body: await read(path) }),
  } as unknown as TastytradeHttp;
  const clock = new VirtualClock();
  const sizes = new ContractSizes();
  const logger = pino({ level: 'silent' });
  const orders = new OrderApi({ http, sizes, secrets: new Secrets(), logger, source: 'test' });
  const underlyings = new Underlyings(http, clock);
  const expirations = new Expirations(http, clock);
  const known = knownHoldings();
  return {
    accounts: () => readAccounts(http),
    balances: (account) => readBalances(http, account),
    tradingStatus: (account) => readTradingStatus(http, account),
    holdings: async (account) => frozen(await readHoldings(http, sizes, account, known)),
    underlying: (symbol) => underlyings.get(symbol),
    quotes: (wanted) => readQuotes(http, wanted),
    expirations: (symbols) => expirations.of(symbols),
    exDividends: (symbols) => readExDividends(http, symbols),
    marketSession: () => readMarketSession(http, clock.now()),
    marketDays: (from, to) => readMarketDays(http, from, to),
    openOrders: async (account) => frozen(await orders.open(account)),
    searchOrders: async (account, search) => frozen(await orders.search(account, search)),
    order: (account, id) => orders.one(account, id),
    ledger: (account, search) => readLedger(http, account, search),
    dryRun: (account, order, urgency) => orders.dryRun(account, order, urgency),
    dryRunPair: (account, pair, urgency) => orders.dryRunPair(account, pair, urgency),
    ready: async () => {},
    submit: (account, order, id, deadline) => orders.submit(account, order, id, deadline),
    submitPair: (account, pair, ids, deadline) => orders.submitPair(account, pair, ids, deadline),
    cancel: (account, order, deadline) => orders.cancel(account, order, deadline),
  };
}

/** What one read made is given to the next one again, so whoever changes it must fail. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) frozen(each);
  }
  return value;
}

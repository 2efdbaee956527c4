import type { Logger } from 'pino';
import type { ToldExpiration } from '../../domain/expiration.js';
import type { MarketDay, UnderlyingInfo } from '../../domain/market.js';
import type { ToldQuote } from '../../domain/quotes.js';
import type { BrokerOrder, IsoDate } from '../../domain/types.js';
import type {
  AccountStream,
  Balances,
  Broker,
  BrokerAccount,
  CancelTarget,
  Deadline,
  DryRun,
  ExDividend,
  Holdings,
  Ledger,
  LedgerSearch,
  MarketSession,
  OrderPair,
  OrderRequest,
  OrderSearch,
  PairReceipt,
  Receipt,
  StreamListener,
  TradingStatus,
  Urgency,
} from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { Secrets } from '../../ports/secrets.js';
import { trustedUrl } from '../../ports/tastytrade-hosts.js';
import { readAccounts, readBalances, readTradingStatus } from './accounts.js';
import { type BrokerSettings, DEFAULT_TIMEOUTS, ORDER_API_VERSION } from './broker-settings.js';
import { ContractSizes } from './contract-sizes.js';
import { readExDividends } from './dividends.js';
import { Expirations } from './expirations.js';
import { TastytradeHttp } from './http.js';
import { Underlyings } from './instruments.js';
import { readLedger } from './ledger.js';
import { type Quotable, readMarketSession, readQuotes } from './market.js';
import { readMarketDays } from './market-days.js';
import { OrderApi } from './order-api.js';
import { knownHoldings, readHoldings } from './positions.js';
import { RateGate } from './rate.js';
import { Session } from './session.js';
import { type StreamOptions, Watch } from './stream.js';

/**
 * Connects to tastytrade: production, its sandbox, or anything that speaks its protocol. Nothing is sent
 * before the first call.
 *
 * @throws UserError with code `BROKER_URL_REFUSED` if an address may not receive credentials
 */
export function createTastytrade(settings: BrokerSettings): Broker {
  const { clientSecret, refreshToken, allowHost, userAgent, clock, secrets = new Secrets() } = settings;
  const apiUrl = trustedUrl(settings.apiUrl, 'http', allowHost);
  const streamerUrl = trustedUrl(settings.streamerUrl, 'ws', allowHost);
  const timeouts = { ...DEFAULT_TIMEOUTS, ...settings.timeouts };
  const logger = settings.logger.child({ broker: 'tastytrade' });
  const login = { apiUrl, clientSecret, refreshToken, userAgent, timeoutMs: timeouts.readMs };
  const session = new Session({ ...login, clock, logger, secrets });
  const shared = { userAgent, timeouts, clock, session, secrets };
  const orderVersion = settings.pinVersion ? ORDER_API_VERSION : null;
  const http = new TastytradeHttp({ ...shared, apiUrl, orderVersion, gate: new RateGate(clock) });
  const sizes = new ContractSizes();
  const orders = new OrderApi({ http, sizes, secrets, logger, source: userAgent });
  return new Tastytrade(http, orders, sizes, { ...shared, streamerUrl, sizes, logger });
}

/** The port's calls, each handed to the file that knows the subject. */
class Tastytrade implements Broker {
  readonly #http: TastytradeHttp;
  readonly #orders: OrderApi;
  readonly #sizes: ContractSizes;
  readonly #underlyings: Underlyings;
  readonly #expirations: Expirations;
  readonly #holdings = knownHoldings();
  readonly #stream: Omit<StreamOptions, 'account'>;

  constructor(
    http: TastytradeHttp,
    orders: OrderApi,
    sizes: ContractSizes,
    stream: Omit<StreamOptions, 'account'> & { clock: Clock; logger: Logger },
  ) {
    this.#http = http;
    this.#orders = orders;
    this.#sizes = sizes;
    this.#stream = stream;
    this.#underlyings = new Underlyings(http, stream.clock);
    this.#expirations = new Expirations(http, stream.clock);
  }

  async accounts(): Promise<BrokerAccount[]> {
    const accounts = await readAccounts(this.#http);
    for (const { number } of accounts) if (number !== null) this.#stream.secrets.addAccount(number);
    return accounts;
  }

  balances(account: string): Promise<Balances> {
    return readBalances(this.#http, account);
  }

  tradingStatus(account: string): Promise<TradingStatus> {
    return readTradingStatus(this.#http, account);
  }

  holdings(account: string): Promise<Holdings> {
    return readHoldings(this.#http, this.#sizes, account, this.#holdings);
  }

  underlying(symbol: string): Promise<UnderlyingInfo> {
    return this.#underlyings.get(symbol);
  }

  quotes(instruments: Iterable<Quotable>): Promise<Map<string, ToldQuote>> {
    return readQuotes(this.#http, instruments);
  }

  expirations(symbols: Iterable<string>): Promise<Map<string, ToldExpiration>> {
    return this.#expirations.of(symbols);
  }

  exDividends(symbols: Iterable<string>): Promise<Map<string, ExDividend>> {
    return readExDividends(this.#http, symbols);
  }

  marketSession(): Promise<MarketSession> {
    return readMarketSession(this.#http, this.#stream.clock.now());
  }

  marketDays(from: IsoDate, to: IsoDate): Promise<MarketDay[]> {
    return readMarketDays(this.#http, from, to);
  }

  openOrders(account: string): Promise<BrokerOrder[]> {
    return this.#orders.open(account);
  }

  searchOrders(account: string, search: OrderSearch): Promise<BrokerOrder[]> {
    return this.#orders.search(account, search);
  }

  order(account: string, id: string): Promise<BrokerOrder> {
    return this.#orders.one(account, id);
  }

  ledger(account: string, search: LedgerSearch): Promise<Ledger> {
    return readLedger(this.#http, account, search);
  }

  dryRun(account: string, order: OrderRequest, urgency: Urgency): Promise<DryRun> {
    return this.#orders.dryRun(account, order, urgency);
  }

  dryRunPair(account: string, pair: OrderPair, urgency: Urgency): Promise<DryRun> {
    return this.#orders.dryRunPair(account, pair, urgency);
  }

  ready(): Promise<void> {
    return this.#http.ready();
  }

  submit(
    account: string,
    order: OrderRequest,
    externalIdentifier: string,
    deadline: Deadline,
  ): Promise<Receipt> {
    return this.#orders.submit(account, order, externalIdentifier, deadline);
  }

  submitPair(
    account: string,
    pair: OrderPair,
    externalIdentifiers: Record<keyof OrderPair, string>,
    deadline: Deadline,
  ): Promise<PairReceipt> {
    return this.#orders.submitPair(account, pair, externalIdentifiers, deadline);
  }

  cancel(account: string, order: CancelTarget, deadline: Deadline): Promise<void> {
    return this.#orders.cancel(account, order, deadline);
  }

  watch(account: string, listener: StreamListener): AccountStream {
    this.#stream.secrets.addAccount(account);
    return new Watch({ ...this.#stream, account }, listener);
  }
}

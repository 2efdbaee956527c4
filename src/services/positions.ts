import type { Logger } from 'pino';
import type { AccountChoice } from './account.js';
import type { AccountWatch } from './account-watch.js';
import { exchangeDay } from './domain/dates.js';
import {
  isOver,
  type LastTrade,
  type LastTrades,
  lastTradeOf,
  type ToldExpiration,
} from './domain/expiration.js';
import { groupPositions, type Links } from './domain/grouping.js';
import { isOpen } from './domain/orders.js';
import { type OpenProfit, openProfit } from './domain/profit.js';
import { lastOpening, noQuote, soundQuote, type ToldQuote } from './domain/quotes.js';
import { componentsOf, type ProfitTargets, titleOf } from './domain/strategies/index.js';
import { attributeWorking, unitsCovered, type WorkingTarget } from './domain/targets.js';
import type { BrokerOrder, Component, Holding, Position, Quote } from './domain/types.js';
import { BrokerError, UserError } from './errors.js';
import { OrderHistory } from './order-history.js';
import type { Broker } from './ports/broker.js';
import type { Clock } from './ports/clock.js';
import type { Store } from './ports/store.js';
import { fallbackCalendar } from './reminders/calendar/fallback.js';

/** A position with its id and everything a screen says about it. */
export interface PositionView {
  id: number;
  position: Position;
  /** `Senex Trident`, `Bull put vertical`, … */
  title: string;
  components: Component[];
  /** Working closing orders that cover it, ours and others. */
  working: WorkingTarget[];
  /** An order of ours on its contracts has no known fate yet: neither missing nor working can be said. */
  underWay: boolean;
  /** When each option held trades last. */
  ends: LastTrades;
  profit: OpenProfit;
}

/** The account as read at one instant. */
export interface Book {
  account: string;
  /** When the reads began: anything that happened later may be missing. */
  readAt: Date;
  /** The account watch's mark from then. */
  mark: string;
  holdings: Holding[];
  openOrders: BrokerOrder[];
  /** Contracts that no press can have now: those of every plan with an order of unknown fate. */
  underWay: ReadonlySet<string>;
  /** Orders that may have opened or reduced what is held, ended ones included, oldest first. */
  history: BrokerOrder[];
  quotes: Map<string, Quote>;
  positions: PositionView[];
  /** Why marks are missing, in words; null if none is. */
  marksMissing: string | null;
}

export interface PositionDeps {
  broker: Broker;
  store: Store;
  clock: Clock;
  account: AccountChoice;
  watch: AccountWatch;
  log: Logger;
  targets: ProfitTargets;
  /** Told every list of orders that is read, so that late discoveries are not left to the stream alone. */
  onOrders(orders: readonly BrokerOrder[]): void;
}

/** How old a remembered book may be for autocomplete before it is read again in the background. */
const FRESH_MS = 30_000;
/** The broker's list of open orders may lag behind its answers by this much. */
const LIST_LAG_MS = 60_000;

/** Reads the account and groups what it holds into positions with lasting ids. */
export class PositionService {
  readonly #history: OrderHistory;
  #last: Book | null = null;
  #stale = true;
  #refreshing: Promise<unknown> | null = null;

  constructor(private readonly deps: PositionDeps) {
    this.#history = new OrderHistory(deps.broker, deps.clock);
    deps.watch.listen({ onChange: () => this.#markStale(), onOrder: () => {} });
  }

  /** Reads everything now. @throws BrokerError if the account can't be read */
  async read(): Promise<Book> {
    const { broker, clock } = this.deps;
    const account = await this.deps.account.current();
    const readAt = clock.now();
    const mark = this.deps.watch.mark();
    this.#stale = false;
    // Before the orders: what is settled in between then shows among them.
    const underWay = await this.#underWay(account);
    const [holdings, listed] = await Promise.all([broker.holdings(account), broker.openOrders(account)]);
    const openOrders = [...listed, ...(await this.#unlisted(account, listed, readAt))];
    const [history, told, ends] = await Promise.all([
      this.#history.since(account, holdings, openOrders),
      this.#quotes(holdings),
      this.#ends(holdings),
    ]);
    const { quotes, marksMissing } = usableQuotes(holdings, told, ends, readAt);
    this.deps.onOrders(openOrders);
    const orders = [...history, ...openOrders];
    const links = await this.#links(account, orders);
    const grouped = groupPositions({ account, holdings, orders, links });
    const positions = await this.#views(account, grouped, { openOrders, underWay, links, quotes, ends });
    const read = { account, readAt, mark, holdings, openOrders, underWay, history };
    this.#last = { ...read, quotes, positions, marksMissing };
    return this.#last;
  }

  /** One position, read now. @throws UserError `POSITION_UNKNOWN` */
  find(book: Book, id: number): PositionView {
    const found = book.positions.find((view) => view.id === id);
    if (found) return found;
    throw new UserError(
      'POSITION_UNKNOWN',
      `There is no open position #${id}. It may have been closed meanwhile.`,
      'Use `/positions` to see what is open.',
    );
  }

  /** From memory, at once: for autocomplete. Reads again in the background when it has become old. */
  remembered(): readonly PositionView[] {
    const age = this.#last ? this.deps.clock.now().getTime() - this.#last.readAt.getTime() : Infinity;
    if (this.#stale || age > FRESH_MS) this.refresh();
    return this.#last?.positions ?? [];
  }

  /** Starts one background read, unless one is under way. */
  refresh(): void {
    this.#refreshing ??= this.read()
      .catch((error: unknown) => this.deps.log.warn({ err: error }, 'could not refresh the positions'))
      .finally(() => {
        this.#refreshing = null;
      });
  }

  /** Orders we placed a moment ago that the broker's list doesn't show yet. */
  async #unlisted(account: string, listed: readonly BrokerOrder[], now: Date): Promise<BrokerOrder[]> {
    const { broker, store } = this.deps;
    const placed = await store.recentlyPlaced(account, new Date(now.getTime() - LIST_LAG_MS));
    const missing = placed.flatMap(({ brokerOrderId: id }) =>
      id && !listed.some((order) => order.id === id) ? id : [],
    );
    const orders = await Promise.all(missing.map((id) => broker.order(account, id)));
    return orders.filter(isOpen);
  }

  /** Resolves when no background read is under way. */
  async idle(): Promise<void> {
    await this.#refreshing;
  }

  #markStale(): void {
    this.#stale = true;
  }

  async #views(
    account: string,
    grouped: Position[],
    {
      openOrders,
      underWay,
      links,
      quotes,
      ends,
    }: Pick<Book, 'openOrders' | 'underWay' | 'quotes'> & { links: Links; ends: LastTrades },
  ): Promise<PositionView[]> {
    const ids = await this.deps.store.rememberPositions(
      grouped.map(({ key, underlying, strategy }) => ({ account, key, underlying, strategy })),
      this.deps.clock.now(),
    );
    const working = attributeWorking(grouped, openOrders, links);
    return grouped.map((position) => ({
      id: idOf(ids, position.key),
      position,
      title: titleOf(position),
      components: componentsOf(position, this.deps.targets),
      working: working.get(position.key) ?? [],
      underWay: position.legs.some(({ instrument }) => underWay.has(instrument.symbol)),
      ends,
      profit: openProfit(position, quotes),
    }));
  }

  async #underWay(account: string): Promise<Set<string>> {
    const { store } = this.deps;
    const plans = new Set((await store.unresolvedIntents()).map(({ planId }) => planId));
    const intents = (await Promise.all([...plans].map((id) => store.intents(id)))).flat();
    const here = intents.filter((intent) => intent.account === account);
    return new Set(here.flatMap(({ legs }) => legs.map(({ symbol }) => symbol)));
  }

  /** Which of these orders we placed ourselves, and for which position. */
  async #links(account: string, orders: BrokerOrder[]): Promise<Links> {
    const { store } = this.deps;
    const intents = await store.intentsByOrderIds(account, [...new Set(orders.map(({ id }) => id))]);
    const ids = [...new Set([...intents.values()].map(({ positionId }) => positionId))];
    const keys = new Map(
      await Promise.all(ids.map(async (id) => [id, (await store.position(id))?.key] as const)),
    );
    const links = new Map<string, string>();
    for (const [orderId, { positionId }] of intents) {
      const key = keys.get(positionId);
      if (key) links.set(orderId, key);
    }
    return links;
  }

  /** When what is held trades last: by the broker, and by the exchanges' rules where it tells nothing now. */
  async #ends(holdings: readonly Holding[]): Promise<Map<string, LastTrade>> {
    const options = holdings.flatMap(({ instrument: { symbol, option } }) =>
      option ? [{ symbol, option }] : [],
    );
    let told = new Map<string, ToldExpiration>();
    try {
      told = await this.deps.broker.expirations(options.map(({ symbol }) => symbol));
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.deps.log.warn({ err: error }, 'could not read when contracts trade last');
    }
    return new Map(
      options.map(({ symbol, option }) => [
        symbol,
        lastTradeOf(option, told.get(symbol) ?? null, fallbackCalendar.day),
      ]),
    );
  }

  /** Marks are good to have, never needed: without them everything else still works and says so. */
  async #quotes(holdings: Holding[]): Promise<Map<string, ToldQuote> | null> {
    const wanted = holdings.map(({ instrument }) => ({
      symbol: instrument.symbol,
      kind: instrument.option ? ('option' as const) : ('equity' as const),
    }));
    try {
      return await this.deps.broker.quotes(wanted);
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.deps.log.warn({ err: error }, 'could not read marks');
      return null;
    }
  }
}

/** Quotes that can be true of what still trades, and in words why marks are missing. */
function usableQuotes(
  holdings: readonly Holding[],
  told: ReadonlyMap<string, ToldQuote> | null,
  ends: LastTrades,
  now: Date,
): Pick<Book, 'quotes' | 'marksMissing'> {
  if (!told) return { quotes: new Map(), marksMissing: 'The broker’s market data doesn’t answer right now' };
  const openedAt = lastOpening(now, exchangeDay(now), fallbackCalendar.day);
  const quotes = new Map<string, Quote>();
  for (const { instrument } of holdings) {
    const { symbol, option } = instrument;
    const end = ends.get(symbol);
    const quote = told.get(symbol);
    if (end && isOver(end, now)) quotes.set(symbol, noQuote('expired'));
    else if (quote) quotes.set(symbol, soundQuote(quote, option ? 'option' : 'other', openedAt));
  }
  const missing = holdings.filter(({ instrument }) => !quotes.get(instrument.symbol)?.mark);
  if (missing.length === 0) return { quotes, marksMissing: null };
  const which = missing.length === holdings.length ? 'these contracts' : `${missing.length} of the contracts`;
  const served = missing.some(({ instrument }) => quotes.get(instrument.symbol)?.doubt);
  const what = served ? 'There is no usable quote' : 'The broker serves no marks';
  return { quotes, marksMissing: `${what} for ${which}` };
}

/** Some units have a working target and some don't. */
export function isPartlyCovered({ components, working }: PositionView): boolean {
  return (
    working.length > 0 && components.some((component) => component.units > unitsCovered(component, working))
  );
}

function idOf(ids: ReadonlyMap<string, number>, key: string): number {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`no id for position ${key}`);
  return id;
}

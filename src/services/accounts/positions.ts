import { setImmediate as breathe } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AccountName } from '../../domain/account-names.js';
import { fallbackCalendar } from '../../domain/calendar/fallback.js';
import { coverage } from '../../domain/coverage.js';
import { exchangeDay } from '../../domain/dates.js';
import { BrokerError, UserError } from '../../domain/errors.js';
import {
  isOver,
  type LastTrade,
  type LastTrades,
  lastTradeOf,
  type ToldExpiration,
} from '../../domain/expiration.js';
import { relevantOrders } from '../../domain/grouping/relevant.js';
import { type Links, optionSymbols, positionsIn } from '../../domain/grouping.js';
import { isOpening } from '../../domain/leg-actions.js';
import { asPast, concernsPosition, isSound, mergedRows, oddOrders } from '../../domain/odd-rows.js';
import { isOpen } from '../../domain/order-fills.js';
import { type PositionCover, positionCover } from '../../domain/position-cover.js';
import { type PositionEnd, type PositionStep, stepOfPosition } from '../../domain/position-life.js';
import { type OpenProfit, openProfit, type Quotes } from '../../domain/profit.js';
import { lastOpening, noQuote, soundQuote, type ToldQuote } from '../../domain/quotes.js';
import type { ToldChain } from '../../domain/rolls.js';
import { componentsOf, type ProfitTargets, titleOf } from '../../domain/strategies/index.js';
import { attributeWorking, type WorkingOrderPart } from '../../domain/targets.js';
import type { BrokerOrder, Component, Holding, OddRow, Position, Quote } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { OrderArchive } from '../../ports/order-archive.js';
import type { OrderIntents } from '../../ports/order-intents.js';
import type { PlacedOrders } from '../../ports/placed-orders.js';
import type { PositionStore } from '../../ports/positions.js';
import type { AccountNames } from './account-names.js';
import type { AccountWatch } from './account-watch.js';
import { OrderHistory } from './order-history.js';
import { PositionIds } from './position-ids.js';
import { PositionLives } from './position-lives.js';
import { Remembered } from './remembered.js';
import { type Tie, tiesOf } from './ties.js';
import { listed, unhurried } from './unhurried.js';

/** A position with its id and everything a screen says about it. */
export interface OpenPosition {
  id: number;
  position: Position;
  /** `Senex Trident`, `Bull put vertical`, … */
  title: string;
  components: Component[];
  /** Working closing orders on its contracts, ours and others, targets or not. */
  working: WorkingOrderPart[];
  /** How much of it has targets, and why the rest has none. */
  cover: PositionCover;
  /** An order of ours on its contracts has no known fate yet: neither missing nor working can be said. */
  underWay: boolean;
  /** When each option held trades last. */
  ends: LastTrades;
  /** The broker's rows on its contracts that can't be read: what it consists of, or was opened for, is not sure. */
  odd: OddRow[];
  /** Where it is on its way. */
  step: PositionStep;
  profit: OpenProfit;
  /** What the rolls it is a part of made; absent where that wasn't asked for, or can't be read. */
  chain?: ToldChain;
  /** Other positions it belongs with by its contracts. */
  ties: Tie[];
  /** Shares held that its long puts protect; 0 if it is no such hedge. */
  hedges: number;
}

type Standing = Omit<OpenPosition, 'ends' | 'profit' | 'step'>;

/** The account as read at one instant. */
export interface Book {
  account: string;
  /** How the account is called in front of people. */
  name: AccountName;
  /** When the reads began: anything that happened later may be missing. */
  readAt: Date;
  /** The account watch's mark from then. */
  mark: string;
  holdings: Holding[];
  /** Those that could be read; `odd` tells of the others. */
  openOrders: BrokerOrder[];
  /** Rows that can't be read, what matters most first. */
  odd: OddRow[];
  /** Contracts that no press can have now: those of every plan with an order of unknown fate. */
  underWay: ReadonlySet<string>;
  /** Orders that may have opened or reduced what is held, ended ones included, oldest first. */
  history: BrokerOrder[];
  quotes: Map<string, Quote>;
  positions: OpenPosition[];
  /** Why marks are missing; null if none is. */
  marksMissing: MarksMissing | null;
}

/** `unusable`: there are quotes, and they can't be true. */
export type MarksMissing =
  | { why: 'no-answer' }
  | { why: 'unusable' | 'not-served'; contracts: 'all' | number };

export interface PositionDeps {
  broker: Broker;
  store: PositionStore & PlacedOrders & OrderIntents;
  archive: OrderArchive;
  clock: Clock;
  /** The account's number. */
  account: string;
  names: AccountNames;
  watch: AccountWatch;
  log: Logger;
  targets: ProfitTargets;
  /** Told every list of orders that is read, so that late discoveries are not left to the stream alone. */
  onOrders(orders: readonly BrokerOrder[]): void;
}

/** Where the account's book is read. */
export interface BookSource {
  /** @throws as `PositionService.read`, and UserError, BrokerError if it isn't known which account that is */
  read(): Promise<Book>;
}

/** How old a remembered book may be for autocomplete before it is read again in the background. */
const FRESH_MS = 30_000;
/** The broker's list of open orders may lag behind its answers by this much. */
const LIST_LAG_MS = 60_000;
/** The broker gives the account's positions once a second: beginning a second read sooner would gain nothing. */
const TURN_MS = 1_000;
/** Positions judged without letting others go first: a few milliseconds. */
const IN_ONE_GO = 10;

/** Reads one account and groups what it holds into positions with lasting ids. */
export class PositionService {
  readonly #history: OrderHistory;
  readonly #ids: PositionIds;
  readonly #lives: PositionLives;
  readonly #grouped = new Remembered<Position[]>();
  readonly #standing = new Remembered<Standing[]>();
  readonly #listeners: ((book: Book) => void)[] = [];
  #last: Book | null = null;
  #stale = true;
  #running: Promise<unknown> | null = null;
  /** The read that hasn't begun yet. */
  #next: Promise<Book> | null = null;
  #refreshing: Promise<unknown> | null = null;

  constructor(private readonly deps: PositionDeps) {
    this.#history = new OrderHistory(deps);
    this.#ids = new PositionIds(deps.store, deps.clock, deps.account);
    this.#lives = new PositionLives(deps);
    deps.watch.listen({ onChange: () => this.#markStale(), onOrder: () => {} });
  }

  /** Called with each book that was read; must not throw. */
  listen(onRead: (book: Book) => void): void {
    this.#listeners.push(onRead);
  }

  /**
   * Reads everything now. Who asks before a read has begun shares it; who asks later gets one that begins later, since
   * what made them ask may have happened in between. One at a time, as long as the one before isn't slow.
   * @throws BrokerError if the account can't be read
   */
  read(): Promise<Book> {
    this.#next ??= this.#inTurn();
    return this.#next;
  }

  async #inTurn(): Promise<Book> {
    await (this.#running ? this.#former(this.#running) : Promise.resolve());
    this.#next = null;
    const reading = this.#readNow();
    const running = reading
      .catch(() => {})
      .finally(() => {
        if (this.#running === running) this.#running = null;
      });
    this.#running = running;
    return reading;
  }

  /** Waits for a read under way, but not longer than it would have to wait for the broker. */
  async #former(running: Promise<unknown>): Promise<void> {
    const waited = new AbortController();
    const patience = this.deps.clock.sleep(TURN_MS, waited.signal).catch(() => {});
    await Promise.race([running, patience]);
    waited.abort();
  }

  async #readNow(): Promise<Book> {
    const { broker, clock, account } = this.deps;
    const readAt = clock.now();
    const mark = this.deps.watch.mark();
    this.#stale = false;
    // Before the orders: what is settled in between then shows among them.
    const underWay = await this.deps.store.contractsUnderWay(account);
    const [rows, list] = await Promise.all([broker.holdings(account), broker.openOrders(account)]);
    const holdings = rows.held;
    const open = [...list, ...(await this.#unlisted(account, list, readAt))];
    const openOrders = open.filter(isSound);
    const [known, told, ends] = await Promise.all([
      // By its id an odd one is asked for again; without one it can't be.
      this.#history.since(
        holdings,
        open.filter(({ odd }) => odd?.name !== null),
      ),
      this.#quotes(holdings),
      this.#ends(holdings),
    ]);
    const { quotes, marksMissing } = usableQuotes(holdings, told, ends, readAt);
    const history = known.filter(isSound);
    const odd = mergedRows([...rows.odd, ...oddOrders(open), ...pastOdd(known, openOrders)]);
    this.deps.onOrders(open);
    const orders = [...history, ...openOrders];
    const links = await this.#links(account, relevantOrders(orders, optionSymbols(holdings)));
    const grouped = await this.#grouped.get([[account], holdings, orders, [...links].flat()], () =>
      unhurried(listed(positionsIn({ account, holdings, orders, links }))),
    );
    const ids = await this.#ids.of(grouped);
    const numbers = grouped.map(({ key }) => ids(key));
    const standing = await this.#standing.get(
      [grouped, numbers, holdings, openOrders, underWay, odd, [...links].flat()],
      () => this.#stand(grouped, ids, { holdings, openOrders, underWay, links, odd }),
    );
    const seen = standing.map(({ id, position, working }) => ({
      positionId: id,
      step: stepOfPosition(position, working),
      at: readAt,
    }));
    const stepOf = await this.#lives.tell(seen);
    const positions = await unhurried(listed(viewed(standing, { quotes, ends, stepOf })));
    const name = this.deps.names.of(account);
    const read = { account, name, readAt, mark, holdings, openOrders, underWay, history, odd };
    const book = { ...read, quotes, positions, marksMissing };
    if (!this.#last || this.#last.readAt <= readAt) this.#last = book;
    for (const onRead of this.#listeners) onRead(book);
    return book;
  }

  /** The account as it would stand without some of its working orders: what they claim would be free. */
  async without(book: Book, orderIds: ReadonlySet<string>): Promise<Book> {
    const openOrders = book.openOrders.filter(({ id }) => !orderIds.has(id));
    const byKey = new Map(book.positions.map((view) => [view.position.key, view]));
    const links = await this.#links(book.account, openOrders);
    const standing = await this.#stand(
      book.positions.map(({ position }) => position),
      (key) => byKey.get(key)?.id ?? 0,
      { ...book, openOrders, links },
    );
    const positions = standing.flatMap((each) => {
      const view = byKey.get(each.position.key);
      return view ? [{ ...view, ...each }] : [];
    });
    return { ...book, openOrders, positions };
  }

  /** The ledger tells how a position ended. */
  async tellEnd(positionId: number, end: PositionEnd, at: Date): Promise<void> {
    await this.#lives.tell([{ positionId, step: end, at }]);
  }

  /** One position, read now. @throws UserError `POSITION_UNKNOWN` */
  find(book: Book, id: number): OpenPosition {
    const found = book.positions.find((view) => view.id === id);
    if (found) return found;
    const [odd] = book.odd.filter(({ what, doubts }) => what === 'holding' && doubts === 'coverage');
    throw new UserError('POSITION_UNKNOWN', { id, odd: odd ?? null });
  }

  /** Whether the last read has it; null before the first. */
  shows(id: number): boolean | null {
    return this.#last?.positions.some((view) => view.id === id) ?? null;
  }

  /** From memory, at once: for autocomplete. Reads again in the background when it has become old. */
  remembered(): readonly OpenPosition[] {
    const age = this.#last ? this.deps.clock.now().getTime() - this.#last.readAt.getTime() : Infinity;
    if (this.#stale || age > FRESH_MS) this.refresh();
    return this.#last?.positions ?? [];
  }

  /** It was read at least once. */
  get isRead(): boolean {
    return this.#last !== null;
  }

  /** Resolves once something is remembered. @throws as `read` */
  async readOnce(): Promise<void> {
    await (this.isRead ? null : this.#refreshing);
    if (!this.isRead) await this.read();
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
    const missing = placed.flatMap(({ brokerOrderId: id, legs }) =>
      id && !listed.some((order) => order.id === id) ? { id, symbols: legs.map(({ symbol }) => symbol) } : [],
    );
    const orders = await Promise.all(
      missing.map(async ({ id, symbols }) => {
        const order = await broker.order(account, id);
        // What we placed we know, whatever of it can't be read.
        return order.odd ? { ...order, odd: { ...order.odd, concern: { symbols, kin: null } } } : order;
      }),
    );
    return orders.filter(isOpen);
  }

  /** Rows that the last read found unreadable. */
  oddRows(): readonly OddRow[] {
    return this.#last?.odd ?? [];
  }

  /** Resolves when no background read is under way and what was read is kept. */
  async idle(): Promise<void> {
    await this.#refreshing;
    await this.#history.idle();
  }

  #markStale(): void {
    this.#stale = true;
  }

  /** All of the positions that neither quotes nor the time of day change. */
  async #stand(
    grouped: readonly Position[],
    ids: (key: string) => number,
    {
      holdings,
      openOrders,
      underWay,
      links,
      odd,
    }: Pick<Book, 'holdings' | 'openOrders' | 'underWay' | 'odd'> & { links: Links },
  ): Promise<Standing[]> {
    const parts = attributeWorking(grouped, openOrders, links);
    const covers = coverage(
      grouped.flatMap(({ legs }) => legs),
      holdings,
      openOrders,
    );
    const tied = tiesOf(grouped, holdings, ids);
    const standing: Standing[] = [];
    for (const [index, position] of grouped.entries()) {
      // Of hundreds of positions this takes a while, and others want their answers meanwhile.
      if (index % IN_ONE_GO === 0) await breathe();
      const components = componentsOf(position, this.deps.targets);
      const working = parts.get(position.key) ?? [];
      standing.push({
        id: ids(position.key),
        position,
        title: titleOf(position),
        components,
        working,
        cover: positionCover({ position, components, working, coverage: covers, underWay }),
        underWay: position.legs.some(({ instrument }) => underWay.has(instrument.symbol)),
        odd: odd.filter((row) => concernsPosition(row, position)),
        ...tied(position),
      });
    }
    return standing;
  }

  /** Which of these orders we placed ourselves, and for which position. */
  async #links(account: string, orders: readonly BrokerOrder[]): Promise<Links> {
    const closing = orders.filter(({ legs }) => legs.some(({ action }) => !isOpening(action)));
    const placed = await this.deps.store.orderLinks(account, [...new Set(closing.map(({ id }) => id))]);
    return new Map([...placed].flatMap(([id, { key }]) => (key === null ? [] : [[id, key] as const])));
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
    // Hundreds of contracts share a few expirations, and asking the calendar is dear, as are dates in words.
    const known = new Map<string, LastTrade>();
    return new Map(
      options.map(({ symbol, option }) => {
        const end = told.get(symbol) ?? null;
        const key = [
          option.root,
          option.expiration,
          end?.stopsTradingAt?.getTime(),
          end?.expiresAt?.getTime(),
          end?.settlement,
        ].join(' ');
        const last = known.get(key) ?? lastTradeOf(option, end, fallbackCalendar.day);
        known.set(key, last);
        return [symbol, last];
      }),
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

function* viewed(
  standing: readonly Standing[],
  { quotes, ends, stepOf }: { quotes: Quotes; ends: LastTrades; stepOf(id: number): PositionStep | null },
): Generator<OpenPosition> {
  for (const each of standing) {
    yield {
      ...each,
      ends,
      step: stepOf(each.id) ?? 'open',
      profit: openProfit(each.position, quotes, each.components),
    };
  }
}

/** What the history can't tell; an order that is read in full elsewhere is no doubt. */
function pastOdd(history: readonly BrokerOrder[], openOrders: readonly BrokerOrder[]): OddRow[] {
  const sound = new Set(openOrders.map(({ id }) => id));
  return oddOrders(history.filter(({ id }) => !sound.has(id))).map(asPast);
}

/** Quotes that can be true of what still trades, and why marks are missing. */
function usableQuotes(
  holdings: readonly Holding[],
  told: ReadonlyMap<string, ToldQuote> | null,
  ends: LastTrades,
  now: Date,
): Pick<Book, 'quotes' | 'marksMissing'> {
  if (!told) return { quotes: new Map(), marksMissing: { why: 'no-answer' } };
  const openedAt = lastOpening(now, exchangeDay(now), fallbackCalendar.day);
  const quotes = new Map<string, Quote>();
  for (const { instrument } of holdings) {
    const { symbol, option } = instrument;
    const end = ends.get(symbol);
    const quote = told.get(symbol);
    if (end && isOver(end, now)) quotes.set(symbol, noQuote('expired'));
    else if (quote) quotes.set(symbol, soundQuote(quote, option ? 'option' : 'other', openedAt));
  }
  // Shares are held beside the positions that are listed.
  const contracts = holdings.filter(({ instrument }) => instrument.option);
  const missing = contracts.filter(({ instrument }) => !quotes.get(instrument.symbol)?.mark);
  if (missing.length === 0) return { quotes, marksMissing: null };
  const served = missing.some(({ instrument }) => quotes.get(instrument.symbol)?.doubt);
  const why = served ? 'unusable' : 'not-served';
  return {
    quotes,
    marksMissing: { why, contracts: missing.length === contracts.length ? 'all' : missing.length },
  };
}

import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { DAY_MS } from '../../domain/dates.js';
import { contractsIn, relevantOrders } from '../../domain/grouping/relevant.js';
import { isOpening } from '../../domain/leg-actions.js';
import { filledLeg, isOpen } from '../../domain/order-fills.js';
import type { BrokerOrder, Holding } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { KeptOrder, OrderArchive } from '../../ports/order-archive.js';
import {
  ArchiveUnreadable,
  changedAt,
  keepOrder,
  keepReach,
  type Reach,
  readKept,
  readReach,
} from './kept-orders.js';
import { knownOrder } from './opening-order.js';
import { listed, unhurried } from './unhurried.js';

/** Each later read overlaps the former by this much: orders show up in the list with a delay. */
const OVERLAP_MS = 10 * 60_000;
/** The search goes by receipt, and a resting opening order can wait this long before it fills. */
const RESTING_MS = 120 * DAY_MS;
/** Where the broker doesn't say since when something is held. */
const DEFAULT_REACH_MS = 400 * DAY_MS;
/** What ended within these days is remembered whether or not anything of it is held: summaries tell of it. */
const RECENT_MS = 7 * DAY_MS;
/** Fills that the broker hasn't listed a day after their order ended don't come any more. */
const LAGGING_MS = DAY_MS;

export interface HistoryDeps {
  broker: Pick<Broker, 'searchOrders' | 'order'>;
  clock: Clock;
  archive: OrderArchive;
  log: Logger;
  /** The account's number. */
  account: string;
  /** Told of orders with a client's mark that are open no more, or new: at least once each. */
  onOrders(orders: readonly BrokerOrder[]): void;
}

/** What is known of one account's orders. */
interface Known {
  generation: string;
  /** The archive holds this generation. */
  begun: boolean;
  /** Null until something was read. */
  reach: { from: Date; until: Date } | null;
  newest: Reach['newest'];
  orders: Map<string, BrokerOrder>;
  /** Orders of which more may be told, also such as are known by their id alone. */
  unsettled: Set<string>;
  /** Orders the archive has. */
  kept: Set<string>;
  /** Symbols of which every kept order is among `orders`. */
  recalled: Set<string>;
}

/**
 * The orders that may have opened or reduced what is held now. Ended orders never change again, so each is read
 * once, by whichever run of the bot, and kept; a later read asks for what is new, and again for those that had not
 * ended. Of what is kept only chains that lead to contracts held now, and what ended lately, are brought to mind.
 */
export class OrderHistory {
  /** Null before the first read. */
  #known: Known | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #keeping: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: HistoryDeps) {}

  /** All that concerns the options held, and all that is new, oldest first. One read at a time. */
  since(holdings: readonly Holding[], openOrders: readonly BrokerOrder[]): Promise<BrokerOrder[]> {
    const read = this.#turn.then(() => this.#read(holdings, openOrders));
    this.#turn = read.catch(() => {});
    return read;
  }

  /** Resolves when what was read is kept, or can't be. */
  async idle(): Promise<void> {
    await this.#turn;
    await this.#keeping;
  }

  async #read(holdings: readonly Holding[], openOrders: readonly BrokerOrder[]): Promise<BrokerOrder[]> {
    try {
      return await this.#brought(holdings, openOrders);
    } catch (error) {
      if (!(error instanceof ArchiveUnreadable)) throw error;
      this.deps.log.warn({ err: error }, 'the kept orders can’t be read; reading the broker’s again');
      this.#known = nothingKnown();
      return this.#brought(holdings, openOrders);
    }
  }

  async #brought(holdings: readonly Holding[], openOrders: readonly BrokerOrder[]): Promise<BrokerOrder[]> {
    const now = this.deps.clock.now();
    const from = oldest(holdings, now);
    let known = this.#known ?? (await this.#recall(now));
    let found = await this.#search(known, from, now);
    if (!(await this.#isSame(known, found))) {
      this.deps.log.warn('the broker knows its former orders no more; reading them anew');
      known = nothingKnown();
      found = await this.#search(known, from, now);
    }
    this.#known = known;
    learn(known, [...found, ...openOrders], now);
    const seen = new Set([...found, ...openOrders].map(({ id }) => id));
    const ended = await this.#reread(known, seen, now);
    this.deps.onOrders([...found, ...ended].filter(({ externalIdentifier }) => externalIdentifier !== null));
    known.newest = newestOf([...found], known.newest);
    known.reach = { from: earlier(known.reach?.from, from), until: now };
    const wanted = await this.#recollect(known, holdings, now);
    const orders = [...known.orders.values()].sort(byReceipt);
    forget(known, wanted, now);
    this.#keep(known);
    return orders;
  }

  /** What an earlier run kept, as far as it matters whatever is held. */
  async #recall(now: Date): Promise<Known> {
    const { archive, account } = this.deps;
    const kept = await archive.reach(account);
    if (!kept) return nothingKnown();
    const { from, until, newest, unsettled } = readReach(kept);
    const recent = await archive.changedSince(account, new Date(now.getTime() - RECENT_MS));
    const known = { ...nothingKnown(), generation: kept.generation, begun: true, newest };
    known.reach = { from, until };
    known.unsettled = new Set(unsettled);
    for (const order of recent) remember(known, readKept(order));
    return known;
  }

  /** The new end, from the newest order known on, and what lies before all that is known. */
  async #search(known: Known, from: Date, now: Date): Promise<BrokerOrder[]> {
    const { broker, account } = this.deps;
    const to = new Date(now.getTime() + DAY_MS);
    const { reach, newest } = known;
    if (!reach) return broker.searchOrders(account, { from, to });
    const end = new Date(
      Math.min(reach.until.getTime() - OVERLAP_MS, newest?.receivedAt.getTime() ?? Infinity),
    );
    const windows = [{ from: end, to }, ...(from < reach.from ? [{ from, to: reach.from }] : [])];
    const found = await Promise.all(windows.map((window) => broker.searchOrders(account, window)));
    return found.flat();
  }

  /**
   * Whether the broker still tells of the newest order known what it told. A sandbox loses every order each night,
   * and may give their ids to others.
   */
  async #isSame({ newest }: Known, found: readonly BrokerOrder[]): Promise<boolean> {
    if (!newest) return true;
    const { broker, account } = this.deps;
    const told = found.find(({ id }) => id === newest.id) ?? (await knownOrder(broker, account, newest.id));
    return told?.receivedAt?.getTime() === newest.receivedAt.getTime();
  }

  /** Orders last seen open that are open no more, and too old for the search: read one by one, once. */
  async #reread(known: Known, seen: ReadonlySet<string>, now: Date): Promise<BrokerOrder[]> {
    const { broker, account } = this.deps;
    const left = [...known.unsettled].filter((id) => !seen.has(id));
    const told = await Promise.all(
      left.map(async (id) => {
        const order = await knownOrder(broker, account, id);
        if (order) learn(known, [order], now);
        else {
          known.unsettled.delete(id);
          known.orders.delete(id);
        }
        return order;
      }),
    );
    return told.filter((order) => order !== null);
  }

  /** Brings every kept order to mind that is in a chain with what is held or was closed lately; the chains' symbols. */
  async #recollect(known: Known, holdings: readonly Holding[], now: Date): Promise<ReadonlySet<string>> {
    const seeds = new Set(holdings.flatMap(({ instrument }) => (instrument.option ? instrument.symbol : [])));
    for (const order of known.orders.values()) {
      if (isRecent(order, now)) for (const symbol of closedBy(order)) seeds.add(symbol);
    }
    for (;;) {
      const chain = relevantOrders([...known.orders.values()], seeds);
      const symbols = new Set([...seeds, ...chain.flatMap((order) => [...contractsIn(order)])]);
      const open = [...symbols].filter((symbol) => !known.recalled.has(symbol));
      if (open.length === 0) return symbols;
      const kept = known.begun ? await this.deps.archive.touching(this.deps.account, open) : [];
      for (const order of kept) if (!known.orders.has(order.id)) remember(known, readKept(order));
      for (const symbol of open) known.recalled.add(symbol);
    }
  }

  /** In the background: whoever reads doesn't wait for what the next start will be glad of. */
  #keep(known: Known): void {
    const fresh = [...known.orders.values()].filter(
      ({ id, odd }) => !odd && !known.kept.has(id) && !known.unsettled.has(id),
    );
    if (!known.reach || (known.begun && fresh.length === 0)) return;
    const { generation, reach, newest } = known;
    const now = keepReach(generation, { ...reach, newest, unsettled: [...known.unsettled] });
    this.#keeping = this.#keeping
      .then(async () => {
        const { archive, account } = this.deps;
        const empty = { from: reach.until, until: reach.until, newest: null, unsettled: [] };
        if (!known.begun) await archive.begin(account, keepReach(generation, empty));
        known.begun = true;
        const mine = await archive.keep(account, await unhurried(listed(keptOf(fresh))), now);
        if (mine) for (const { id } of fresh) known.kept.add(id);
        // Another process began it anew: the next read takes up what that one keeps.
        else if (this.#known === known) this.#known = null;
      })
      .catch((error: unknown) => this.deps.log.warn({ err: error }, 'could not keep ended orders'));
  }
}

/** Years of orders take a while to write down. */
function* keptOf(orders: readonly BrokerOrder[]): Generator<KeptOrder> {
  for (const order of orders) yield keepOrder(order);
}

function nothingKnown(): Known {
  return {
    generation: randomUUID(),
    begun: false,
    reach: null,
    newest: null,
    orders: new Map(),
    unsettled: new Set(),
    kept: new Set(),
    recalled: new Set(),
  };
}

/** From the archive: it had ended, and is there. */
function remember(known: Known, order: BrokerOrder): void {
  known.orders.set(order.id, order);
  known.kept.add(order.id);
}

function learn(known: Known, orders: readonly BrokerOrder[], now: Date): void {
  for (const order of orders) {
    const settled = isSettled(order, now);
    const before = known.orders.get(order.id);
    // An ended order opens no more: a list that says so was read earlier than what is known.
    if (before && !settled && isSettled(before, now)) continue;
    known.orders.set(order.id, order);
    // One without a readable id can't be asked for again.
    if (settled || order.odd?.name === null) known.unsettled.delete(order.id);
    else known.unsettled.add(order.id);
  }
}

/** Ended, and all its fills are listed: nothing more will be told of it. What can't be read may be another time. */
function isSettled(order: BrokerOrder, now: Date): boolean {
  if (isOpen(order) || order.odd) return false;
  const old = changedAt(order).getTime() < now.getTime() - LAGGING_MS;
  return old || order.legs.every((leg) => !filledLeg(order, leg).lagging);
}

/** What an order closes, shares too: a summary of the day tells what it had been opened for. */
function closedBy({ legs }: BrokerOrder): string[] {
  return legs.flatMap(({ action, instrument }) => (isOpening(action) ? [] : instrument.symbol));
}

function isRecent(order: BrokerOrder, now: Date): boolean {
  return changedAt(order).getTime() >= now.getTime() - RECENT_MS;
}

/** What is kept and neither recent nor in a chain can be brought to mind again. */
function forget(known: Known, wanted: ReadonlySet<string>, now: Date): void {
  for (const order of known.orders.values()) {
    if (!known.kept.has(order.id) || isRecent(order, now) || order.id === known.newest?.id) continue;
    if (order.legs.some(({ instrument }) => wanted.has(instrument.symbol))) continue;
    known.orders.delete(order.id);
    known.kept.delete(order.id);
  }
  known.recalled = new Set(wanted);
}

/**
 * Since when orders may explain the options held. Shares don't count: they are told by what is held, and may be
 * older than any order that matters.
 */
function oldest(holdings: readonly Holding[], now: Date): Date {
  const times = holdings
    .filter(({ instrument }) => instrument.option)
    .map(({ createdAt }) => createdAt?.getTime() ?? now.getTime() - DEFAULT_REACH_MS);
  return new Date(Math.min(now.getTime(), ...times) - RESTING_MS);
}

function newestOf(found: readonly BrokerOrder[], before: Reach['newest']): Reach['newest'] {
  let newest = before;
  for (const { id, receivedAt, odd } of found) {
    if (receivedAt && !odd && (!newest || receivedAt > newest.receivedAt)) newest = { id, receivedAt };
  }
  return newest;
}

function earlier(a: Date | undefined, b: Date): Date {
  return a && a < b ? a : b;
}

function byReceipt(a: BrokerOrder, b: BrokerOrder): number {
  return (a.receivedAt?.getTime() ?? 0) - (b.receivedAt?.getTime() ?? 0) || a.id.localeCompare(b.id);
}

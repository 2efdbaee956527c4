import { isOpen } from './domain/orders.js';
import type { BrokerOrder, Holding } from './domain/types.js';
import { BrokerRefusal } from './errors.js';
import type { Broker } from './ports/broker.js';
import type { Clock } from './ports/clock.js';

const DAY_MS = 86_400_000;
/** Each later read overlaps the former by this much: orders show up in the list with a delay. */
const OVERLAP_MS = 10 * 60_000;
/** The search goes by receipt, and a resting opening order can wait this long before it fills. */
const RESTING_MS = 120 * DAY_MS;
/** Where the broker doesn't say since when something is held. */
const DEFAULT_REACH_MS = 400 * DAY_MS;

/**
 * The orders that may have opened or reduced what is held now. Ended orders never change again, so each is read
 * once and kept; a later read asks for what is new, and again for those that had not ended.
 */
export class OrderHistory {
  readonly #orders = new Map<string, BrokerOrder>();
  #from: Date | null = null;
  #readUntil: Date | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
  ) {}

  /** Everything since well before the oldest holding, oldest first. */
  async since(
    account: string,
    holdings: readonly Holding[],
    openOrders: readonly BrokerOrder[],
  ): Promise<BrokerOrder[]> {
    const now = this.clock.now();
    const from = oldest(holdings, now);
    const reaches = this.#from !== null && this.#from <= from;
    const readFrom = reaches && this.#readUntil ? new Date(this.#readUntil.getTime() - OVERLAP_MS) : from;
    const found = await this.broker.searchOrders(account, {
      from: readFrom,
      to: new Date(now.getTime() + DAY_MS),
    });
    this.#keep([...found, ...openOrders]);
    this.#keep(await this.#ended(account, found, openOrders));
    if (!reaches) this.#from = from;
    this.#readUntil = now;
    return [...this.#orders.values()].sort(byReceipt);
  }

  /** Orders last seen open that are open no more, and too old for the search: read one by one, once. */
  async #ended(account: string, ...lists: (readonly BrokerOrder[])[]): Promise<BrokerOrder[]> {
    const seen = new Set(lists.flat().map(({ id }) => id));
    const left = [...this.#orders.values()].filter((order) => isOpen(order) && !seen.has(order.id));
    const read = await Promise.all(left.map(({ id }) => this.#order(account, id)));
    return read.filter((order) => order !== null);
  }

  /** Forgets what the broker knows no more: its sandbox loses every order each night. */
  async #order(account: string, id: string): Promise<BrokerOrder | null> {
    try {
      return await this.broker.order(account, id);
    } catch (error) {
      // A page of something in between says nothing about the broker's orders.
      const gone = error instanceof BrokerRefusal && error.status === 404 && error.code !== 'http_404';
      if (!gone) throw error;
      this.#orders.delete(id);
      return null;
    }
  }

  #keep(orders: readonly BrokerOrder[]): void {
    for (const order of orders) this.#orders.set(order.id, order);
  }
}

function oldest(holdings: readonly Holding[], now: Date): Date {
  const times = holdings.map(({ createdAt }) => createdAt?.getTime() ?? now.getTime() - DEFAULT_REACH_MS);
  return new Date(Math.min(now.getTime(), ...times) - RESTING_MS);
}

function byReceipt(a: BrokerOrder, b: BrokerOrder): number {
  return (a.receivedAt?.getTime() ?? 0) - (b.receivedAt?.getTime() ?? 0) || a.id.localeCompare(b.id);
}

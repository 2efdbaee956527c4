import type { BrokerOrder, Holding } from './domain/types.js';
import type { Broker } from './ports/broker.js';
import type { Clock } from './ports/clock.js';

const DAY_MS = 86_400_000;
/** Each later read overlaps the former by this much, for orders that were still changing then. */
const OVERLAP_MS = 10 * 60_000;
/** Where the broker doesn't say since when something is held. */
const DEFAULT_REACH_MS = 400 * DAY_MS;

/**
 * The orders that may have opened or reduced what is held now. Filled orders never change again, so each is read
 * once and kept; a later read asks only for what is new.
 */
export class OrderHistory {
  readonly #orders = new Map<string, BrokerOrder>();
  #from: Date | null = null;
  #readUntil: Date | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
  ) {}

  /** Everything since before the oldest holding, oldest first. */
  async since(account: string, holdings: readonly Holding[]): Promise<BrokerOrder[]> {
    const now = this.clock.now();
    const from = oldest(holdings, now);
    const reaches = this.#from !== null && this.#from <= from;
    const readFrom = reaches && this.#readUntil ? new Date(this.#readUntil.getTime() - OVERLAP_MS) : from;
    const orders = await this.broker.searchOrders(account, {
      from: readFrom,
      to: new Date(now.getTime() + DAY_MS),
    });
    for (const order of orders) this.#orders.set(order.id, order);
    if (!reaches) this.#from = from;
    this.#readUntil = now;
    return [...this.#orders.values()].sort(byReceipt);
  }
}

function oldest(holdings: readonly Holding[], now: Date): Date {
  const times = holdings.map(({ createdAt }) => createdAt?.getTime() ?? now.getTime() - DEFAULT_REACH_MS);
  // A day of slack: an order is received before the holding it makes appears.
  return new Date(Math.min(now.getTime(), ...times) - DAY_MS);
}

function byReceipt(a: BrokerOrder, b: BrokerOrder): number {
  return (a.receivedAt?.getTime() ?? 0) - (b.receivedAt?.getTime() ?? 0) || a.id.localeCompare(b.id);
}

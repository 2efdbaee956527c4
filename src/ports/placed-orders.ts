import type { BrokerOrder } from '../domain/types.js';
import type { OrderIntent } from './order-intents.js';

/** The position one of our orders was placed for. */
export interface OrderLink {
  positionId: number;
  key: string | null;
}

/** How many there were, and the last of them. */
export interface OddSteps {
  count: number;
  last: { of: 'order' | 'position'; id: string; from: string; to: string; at: Date } | null;
}

/** Our orders that the broker has, and what it says of them. */
export interface PlacedOrders {
  /**
   * Updates status of our orders and adds their fills (by fill id, once). Unknown orders are ignored.
   * Where one traded by this, its fill is owed to the channel, by a message of its own or, among many, by a digest; where one traded or ended of which the channel was told,
   * its result is owed again, to whoever asked for this first. Likewise of any order whose cancel was asked for.
   * @param telling the plan that was about to be told as they were read, if any: to that one they are no news
   * @returns the plans whose result is owed again by this
   */
  recordOrders(orders: BrokerOrder[], now: Date, telling?: string): Promise<string[]>;
  /** The orders (as numbers of their intents) whose fills a digest tells, in the order they came. */
  digestedFills(digest: string): Promise<number[]>;
  /** Steps of our orders, and of positions, that can't be, told since an instant (see `domain/order-life.ts`, `position-life.ts`). */
  oddSteps(since: Date): Promise<OddSteps>;
  /** Intents whose order is placed, by broker order id. */
  intentsByOrderIds(account: string, orderIds: string[]): Promise<Map<string, OrderIntent>>;
  /** Which position each of our placed orders was for, by broker order id. `key` is null if the position is unknown. */
  orderLinks(account: string, orderIds: string[]): Promise<Map<string, OrderLink>>;
  /** Our orders that work or are on their way as far as was told, and those of unknown fate; the earliest first. */
  workingIntents(account: string): Promise<OrderIntent[]>;
  /** Placed intents settled since an instant: guards against a broker list that lags behind. */
  recentlyPlaced(account: string, since: Date): Promise<OrderIntent[]>;
}

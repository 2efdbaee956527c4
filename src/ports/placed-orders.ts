import type { BrokerOrder } from '../domain/types.js';
import type { OrderIntent } from './order-intents.js';

/** The position one of our orders was placed for. */
export interface OrderLink {
  positionId: number;
  key: string | null;
}

/** Our orders that the broker has, and what it says of them. */
export interface PlacedOrders {
  /**
   * Updates status of our orders and adds their fills (by fill id, once). Unknown orders are ignored.
   * @param tellAt where an order traded or ended by this of which the channel was told, its result is owed again, from then on
   * @returns the plans whose result is owed again by this
   */
  recordOrders(orders: BrokerOrder[], tellAt: Date): Promise<string[]>;
  /** Intents whose order is placed, by broker order id. */
  intentsByOrderIds(account: string, orderIds: string[]): Promise<Map<string, OrderIntent>>;
  /** Which position each of our placed orders was for, by broker order id. `key` is null if the position is unknown. */
  orderLinks(account: string, orderIds: string[]): Promise<Map<string, OrderLink>>;
  /** Placed intents settled since an instant: guards against a broker list that lags behind. */
  recentlyPlaced(account: string, since: Date): Promise<OrderIntent[]>;
}

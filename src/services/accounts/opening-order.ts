import { BrokerRefusal } from '../../domain/errors.js';
import { Latest } from '../../domain/latest.js';
import { filledLeg } from '../../domain/order-fills.js';
import { orderOfKey } from '../../domain/position-key.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { PositionStore } from '../../ports/positions.js';

/** What the looks at one message ask for again and again, many times over; an order is a few kilobytes. */
const MOST_KEPT = 500;

/** The broker's orders, one by one. What has filled whole doesn't change any more: it is asked for once, while it is of the latest. */
export class KnownOrders {
  readonly #filled = new Latest<string, BrokerOrder>(MOST_KEPT);

  constructor(private readonly broker: Pick<Broker, 'order'>) {}

  async order(account: string, id: string): Promise<BrokerOrder> {
    const key = `${account} ${id}`;
    const order = this.#filled.get(key) ?? (await this.broker.order(account, id));
    if (isFilledWhole(order)) this.#filled.keep(key, order);
    return order;
  }
}

/** With every fill of it listed. What can't be read may be another time. */
function isFilledWhole(order: BrokerOrder): boolean {
  return order.state === 'filled' && !order.odd && order.legs.every((leg) => !filledLeg(order, leg).lagging);
}

/**
 * The order that opened a position; null where none explains it, or the broker doesn't know that one (any more).
 * @throws BrokerError while the broker can't be asked
 */
export async function openingOrder(
  { broker, store }: { broker: Pick<Broker, 'order'>; store: Pick<PositionStore, 'positionKey'> },
  account: string,
  positionId: number,
): Promise<BrokerOrder | null> {
  const id = orderOfKey(await store.positionKey(positionId));
  return id === null ? null : knownOrder(broker, account, id);
}

/**
 * Null where the broker doesn't know it (any more).
 * @throws BrokerError while the broker can't be asked
 */
export async function knownOrder(
  broker: Pick<Broker, 'order'>,
  account: string,
  id: string,
): Promise<BrokerOrder | null> {
  try {
    return await broker.order(account, id);
  } catch (error) {
    // A page of something in between says nothing about the broker's orders, nor does a missing right.
    const gone = error instanceof BrokerRefusal && error.status === 404 && error.code !== 'http_404';
    if (!gone) throw error;
    return null;
  }
}

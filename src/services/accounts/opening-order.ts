import { BrokerRefusal } from '../../domain/errors.js';
import { orderOfKey } from '../../domain/position-key.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { PositionStore } from '../../ports/positions.js';

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

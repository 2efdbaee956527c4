import type { BrokerOrder } from '../../domain/types.js';
import type { Book, OpenPosition } from '../accounts/positions.js';

/** The positions that a working order closes; null for none. */
export function closedBy({ id }: BrokerOrder, { positions }: Book): number[] | null {
  const closed = positions.filter(({ working }) =>
    working.some(({ order, others }) => [order, ...others].some((each) => each.id === id)),
  );
  return closed.length > 0 ? closed.map((view) => view.id) : null;
}

/** What these orders' end leaves with fewer targets. */
export function baredBy(orders: readonly BrokerOrder[], before: Book, { positions }: Book): OpenPosition[] {
  const closed = new Set(orders.flatMap((order) => closedBy(order, before) ?? []));
  return positions.filter(({ id, cover }) => closed.has(id) && cover.state !== 'full');
}

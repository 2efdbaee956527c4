import { coversOf, isStop } from '../../domain/covers.js';
import { UserError } from '../../domain/errors.js';
import { isOpening } from '../../domain/leg-actions.js';
import { isOpen, untraded } from '../../domain/order-fills.js';
import { flawsOfOrder } from '../../domain/target-rules.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { Book } from '../accounts/positions.js';

/** An order that a preview is in place of: it works, and is cancelled first, or has ended with something left. */
export interface Instead {
  order: BrokerOrder;
  /** Contracts that it hasn't closed, by symbol: the new order closes no more. */
  contracts: ReadonlyMap<string, number>;
}

/**
 * The order that is to be placed anew at another price, or again.
 * @throws UserError `CHANGE_IMPOSSIBLE` where it can't be
 */
export function insteadOf({ openOrders, history }: Book, id: string): Instead {
  const order = [...openOrders, ...history].find((each) => each.id === id);
  if (!order) throw impossible(id, 'unknown');
  if (order.odd || order.legs.some(({ action }) => isOpening(action))) throw impossible(id, 'no-target');
  if (isOpen(order)) {
    const cover = coversOf(openOrders).find(({ lead, others }) => [lead, ...others].includes(order));
    if (order.complex !== null || (cover?.others.length ?? 0) > 0) throw impossible(id, 'linked');
    if (flawsOfOrder(order).length > 0) throw impossible(id, 'no-target');
    if (order.cancellable === false) throw impossible(id, 'stuck');
  } else if (order.replacedBy) throw impossible(id, 'replaced');
  if (isStop(order)) throw impossible(id, 'no-target');
  const contracts = untraded(order);
  if ([...contracts.values()].some((left) => left <= 0)) throw impossible(id, 'filled');
  return { order, contracts };
}

export function impossible(
  orderId: string,
  why: 'unknown' | 'no-target' | 'linked' | 'stuck' | 'filled' | 'replaced',
): UserError {
  return new UserError('CHANGE_IMPOSSIBLE', { orderId, why });
}

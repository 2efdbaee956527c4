import { filledLeg, isOpening, sideHeld, tradedAt } from '../orders.js';
import type { BrokerOrder } from '../types.js';
import { allocate, type Demand } from './allocate.js';
import { byTrade, type Draft } from './draft.js';

/** Which position a closing order of ours was placed for, by order id. */
export type Links = ReadonlyMap<string, string>;

/**
 * Takes what closing orders have filled off the positions, in the order they traded.
 *
 * @param drafts oldest first
 */
export function applyClosings(orders: readonly BrokerOrder[], drafts: readonly Draft[], links: Links): void {
  for (const order of orders.toSorted(byTrade)) {
    const demand = closedBy(order);
    if (demand.length === 0) continue;
    const link = links.get(order.id);
    // Placed for a position whose opening order fell out of reach, it says nothing about its look-alikes.
    const candidates = drafts.filter((draft) => (link ? draft.key === link : mayClose(order, draft)));
    for (const draft of allocate(demand, candidates).contested) {
      draft.doubts.add(
        `Closing order ${order.id} fits more than one position with the same contracts; the oldest was taken.`,
      );
    }
  }
}

function closedBy(order: BrokerOrder): Demand[] {
  return order.legs
    .filter(({ action, instrument }) => !isOpening(action) && instrument.option)
    .map((leg) => ({
      symbol: leg.instrument.symbol,
      side: sideHeld(leg.action),
      quantity: filledLeg(order, leg).quantity,
    }))
    .filter(({ quantity }) => quantity > 0);
}

/** An order closes only what was opened before it. */
function mayClose(order: BrokerOrder, draft: Draft): boolean {
  const closedAt = tradedAt(order).last;
  return !draft.openedAt || !closedAt || draft.openedAt <= closedAt;
}

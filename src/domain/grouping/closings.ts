import { isOpening, sideHeld } from '../leg-actions.js';
import { filledLeg } from '../order-fills.js';
import type { BrokerOrder } from '../types.js';
import { allocate, type Demand, Holders } from './allocate.js';
import { addDoubt, type Draft, inTradeOrder, sideKey } from './draft.js';

/** Which position a closing order of ours was placed for, by order id. */
export type Links = ReadonlyMap<string, string>;

/**
 * Takes what closing orders have filled off the positions, in the order they traded.
 *
 * @param drafts oldest first
 */
export function applyClosings(orders: readonly BrokerOrder[], drafts: readonly Draft[], links: Links): void {
  const holders = new Holders(drafts);
  const byKey = new Map(drafts.map((draft) => [draft.key, draft]));
  const guessed = new Set<string>();
  for (const { order, last } of inTradeOrder(orders)) {
    const demand = closedBy(order);
    if (demand.length === 0) continue;
    const link = links.get(order.id);
    const meant = link ? byKey.get(link) : undefined;
    // Placed for a position whose opening order fell out of reach, it says nothing about its look-alikes.
    const candidates = link
      ? meant
        ? [meant]
        : []
      : holders.having(demand, (draft) => mayClose(last, draft));
    const { takes, contested } = allocate(demand, candidates);
    for (const { holder } of takes) holder.closedBy.add(order.id);
    for (const draft of contested) {
      addDoubt(draft, { code: 'CLOSES_ONE_OF_SEVERAL', orderId: order.id });
    }
    const keys = demand.map(({ symbol, side }) => sideKey(symbol, side));
    // Who has how much of these was guessed before, so a choice that looks clear now may not be.
    const unclear = !link && keys.some((key) => guessed.has(key));
    if (unclear) {
      for (const draft of candidates) {
        addDoubt(draft, { code: 'CLOSES_PERHAPS_ANOTHER', orderId: order.id });
      }
    }
    if (unclear || contested.length > 0) for (const key of keys) guessed.add(key);
  }
}

function closedBy(order: BrokerOrder): Demand[] {
  return order.legs
    .filter(({ action, instrument }) => !isOpening(action) && instrument.option)
    .map((leg) => ({
      symbol: leg.instrument.symbol,
      side: sideHeld(leg.action),
      quantity: filledLeg(order, leg).quantity,
      ordered: leg.quantity,
    }))
    .filter(({ quantity }) => quantity > 0);
}

/** An order closes only what was opened before it. */
function mayClose(closedAt: Date | null, draft: Draft): boolean {
  return !draft.openedAt || !closedAt || draft.openedAt <= closedAt;
}

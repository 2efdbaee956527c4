import { findPosition } from '../account/ledger.js';
import { type BrokerState, isClosing, isTerminal, type LegAction, type OrderRecord } from '../state.js';

/** What stands against a closing leg. */
export interface Coverage {
  /** Contracts held on the side the leg would close; 0 if the position is the other way round. */
  held: number;
  /** Of these, not tradable. */
  restricted: number;
  /** Already spoken for by working closing orders of the same symbol. */
  working: number;
}

/** Orders whose remaining quantity still claims a position. A waiting replacement claims through its original. */
function claims(order: OrderRecord): boolean {
  if (order.status === 'Contingent') return order.complexOrderId !== undefined;
  return !isTerminal(order) || order.status === 'Filled';
}

/** How much of a position a closing leg may still take, leaving aside one order (the one being replaced). */
export function coverage(
  state: BrokerState,
  leg: { symbol: string; action: LegAction },
  except?: number,
): Coverage {
  const position = findPosition(state, leg.symbol);
  const wanted = leg.action === 'Buy to Close' ? -1 : 1;
  const held = position && Math.sign(position.quantity) === wanted ? Math.abs(position.quantity) : 0;
  const claimed = new Map<string, number>();
  for (const order of state.orders) {
    if (order.id === except || !claims(order)) continue;
    // Of an OCO only one order fills, so its orders claim the same contracts.
    const claim =
      order.complexOrderId === undefined ? `order ${order.id}` : `complex ${order.complexOrderId}`;
    const own = order.legs
      .filter((each) => each.symbol === leg.symbol && isClosing(each.action))
      .reduce((sum, each) => sum + each.remaining, 0);
    claimed.set(claim, Math.max(claimed.get(claim) ?? 0, own));
  }
  const working = [...claimed.values()].reduce((sum, each) => sum + each, 0);
  return { held, restricted: position?.restricted ?? 0, working };
}

import type { Doubt } from '../doubts.js';
import { exactOrNull } from '../exact.js';
import { isOpening, sideHeld } from '../leg-actions.js';
import { describeTerse } from '../occ.js';
import { averagePrice, type FilledLeg, filledLeg, isOpen, tradedAt } from '../order-fills.js';
import { keyOfOrder } from '../position-key.js';
import { isRoll } from '../rolls.js';
import { gcd } from '../strategies/shape.js';
import type { BrokerOrder, OrderLeg, PositionLeg } from '../types.js';
import { addDoubt, type Draft, type Held, holdingOf } from './draft.js';

/** Contracts by symbol that fills of a still working order explain without making a whole unit yet. */
export type Strays = Map<string, number>;

export interface Opening {
  draft: Draft | null;
  strays: Strays;
}

interface LegFill {
  leg: OrderLeg;
  filled: FilledLeg;
  /** Contracts of this leg in one unit of the order. */
  ratio: number;
}

/**
 * The position an order opened, by its fills; null if it opened none. Of an order that is partly filled only
 * complete units count. Stock is left out: whether shares cover a call is decided by what is held.
 */
export function openingOf(order: BrokerOrder, held: Held): Opening {
  const legs = order.legs.filter((leg) => isOpening(leg.action) && leg.instrument.option);
  const units = gcd(legs.map(({ quantity }) => quantity));
  const fills = legs.map((leg) => ({ leg, filled: filledLeg(order, leg), ratio: leg.quantity / units }));
  const complete = Math.min(...fills.map(({ filled, ratio }) => Math.floor(filled.quantity / ratio)));
  if (legs.length === 0 || fills.every(({ filled }) => filled.quantity === 0)) {
    return { draft: null, strays: new Map() };
  }
  const uneven = fills.filter(({ filled, ratio }) => filled.quantity > complete * ratio);
  const strays = new Map(
    uneven.map(({ leg, filled, ratio }) => [leg.instrument.symbol, filled.quantity - complete * ratio]),
  );
  const draft = complete > 0 ? draftOf(order, fills, complete, held) : null;
  if (draft && uneven.length > 0) addDoubt(draft, strayDoubt(order, uneven, complete));
  // Once the order has ended no fill can complete the unit: the stray contracts are leftovers like any other.
  return { draft, strays: isOpen(order) ? strays : new Map() };
}

function draftOf(order: BrokerOrder, fills: LegFill[], units: number, held: Held): Draft {
  const draft: Draft = {
    key: keyOfOrder(order.id),
    legs: [],
    inferred: false,
    openedAt: tradedAt(order).first,
    openingOrderId: order.id,
    opening: isOpen(order) && fills.some(({ leg, ratio }) => leg.quantity > units * ratio),
    rolled: isRoll(order),
    closedBy: new Set(),
    doubts: new Map(),
  };
  for (const { leg, filled, ratio } of fills) draft.legs.push(legOf(leg, filled, units * ratio, held, draft));
  return draft;
}

function legOf(
  { instrument, action }: OrderLeg,
  filled: FilledLeg,
  quantity: number,
  held: Held,
  draft: Draft,
): PositionLeg {
  const side = sideHeld(action);
  const holding = holdingOf(held, instrument.symbol, side);
  // An order's JSON doesn't state a contract's size, the position does.
  const leg = { instrument: holding?.instrument ?? instrument, side, opened: quantity, held: quantity };
  const price = averagePrice(filled);
  if (price && !filled.lagging) return { ...leg, openPrice: price };
  const average = exactOrNull(holding?.averageOpenPrice);
  const contract = describeTerse(instrument);
  addDoubt(draft, { code: 'FILLS_NOT_LISTED', contract, average: average !== null });
  return { ...leg, openPrice: average };
}

function strayDoubt(order: BrokerOrder, uneven: LegFill[], complete: number): Doubt {
  const beyond = uneven.map(({ leg, filled, ratio }) => ({
    contracts: filled.quantity - complete * ratio,
    contract: describeTerse(leg.instrument),
  }));
  return { code: 'FILLED_UNEVENLY', orderId: order.id, beyond };
}

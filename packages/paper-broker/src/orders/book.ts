import { randomUUID } from 'node:crypto';
import { notFound } from '../errors.js';
import { text } from '../money.js';
import { isTerminal, type OrderRecord, type OrderStatus, type TimeInForce } from '../state.js';
import type { World } from '../world.js';
import type { Preflight } from './preflight.js';
import type { OrderDraft } from './request.js';

/** The order a draft becomes once accepted, with the next id, not yet on its way. */
export function newOrder(world: World, draft: OrderDraft, plan: Preflight, id: number): OrderRecord {
  const now = world.clock.now();
  return {
    id,
    size: plan.size,
    underlying: plan.underlying,
    timeInForce: draft.timeInForce as TimeInForce,
    orderType: draft.orderType as OrderRecord['orderType'],
    price: draft.price && text(draft.price),
    priceEffect: draft.priceEffect,
    stopTrigger: draft.stopTrigger && text(draft.stopTrigger),
    triggered: false,
    gtcDate: draft.gtcDate,
    legs: plan.legs.map((leg) => ({ ...leg, remaining: leg.quantity, fills: [] })),
    status: 'Received',
    source: draft.source,
    externalIdentifier: draft.externalIdentifier,
    globalRequestId: randomUUID(),
    strict: draft.strict,
    receivedAt: now,
    receivedReal: Date.now(),
    inFlightAt: null,
    liveAt: null,
    cancelledAt: null,
    terminalAt: null,
    updatedAt: now,
    rejectReason: null,
    edited: false,
    replacesOrderId: null,
    replacingOrderId: null,
    rested: false,
    executing: 0,
    dayEndAt: world.sessions.dayOrderEnd(now),
    tasks: [],
  };
}

/** @throws ApiError 404 */
export function findOrder(world: World, id: number): OrderRecord {
  const order = world.state.orders.find((each) => each.id === id);
  if (!order) throw notFound(`order ${id}`);
  return order;
}

/** Tells everybody what the order is now; `updated-at` always grows, even while the market's clock stands. */
export function announce(world: World, order: OrderRecord): void {
  order.updatedAt = Math.max(Math.floor(world.clock.now()), order.updatedAt + 1);
  world.publish({ type: 'Order', order });
}

/** Gives the order a status and tells everybody. */
export function setStatus(world: World, order: OrderRecord, status: OrderStatus): void {
  order.status = status;
  announce(world, order);
}

/** Ends the order for good; nothing that was under way for it happens any more. */
export function end(world: World, order: OrderRecord, status: OrderStatus, reason?: string): void {
  const now = world.clock.now();
  order.tasks = order.tasks.filter((task) => task.kind === 'attach');
  order.terminalAt = now;
  if (status === 'Cancelled') order.cancelledAt = now;
  if (reason !== undefined) order.rejectReason = reason;
  setStatus(world, order, status);
  if (!order.edited) abandonReplacement(world, order);
  if (status === 'Filled') endSiblings(world, order);
}

/** The fill of one order of an OCO ends the other. */
export function endSiblings(world: World, { id, complexOrderId }: OrderRecord): void {
  if (complexOrderId === undefined) return;
  for (const sibling of world.state.orders) {
    const other = sibling.complexOrderId === complexOrderId && sibling.id !== id;
    if (other && !isTerminal(sibling)) end(world, sibling, 'Cancelled');
  }
}

/** A replacement is never sent if its original ended otherwise than by giving way to it. */
function abandonReplacement(world: World, order: OrderRecord): void {
  const replacement = world.state.orders.find((each) => each.id === order.replacingOrderId);
  if (replacement?.status === 'Contingent') end(world, replacement, 'Cancelled', 'The original order ended');
}

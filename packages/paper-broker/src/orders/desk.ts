import { ApiError, notFound, refusedOrder } from '../errors.js';
import { dec } from '../money.js';
import { isTerminal, type OrderRecord } from '../state.js';
import type { World } from '../world.js';
import { announce, end, findOrder, newOrder, setStatus } from './book.js';
import { unitsLeft } from './execution.js';
import { type Preflight, preflight } from './preflight.js';
import type { OrderChange, OrderDraft } from './request.js';
import { DELAYS, route } from './venue.js';

/** An accepted order and what the checks said about it. */
export interface Accepted {
  order: OrderRecord;
  plan: Preflight;
}

/** Checks an order as {@link submit} would, without placing it; the order has id 0. @throws ApiError 422 */
export function dryRun(world: World, draft: OrderDraft): Accepted {
  const plan = passed(preflight(draft, world));
  return { order: newOrder(world, draft, plan, 0), plan };
}

/** Takes an order in: Routed at once in an open market, otherwise Received until it opens. @throws ApiError 422 */
export function submit(world: World, draft: OrderDraft): Accepted {
  const plan = passed(preflight(draft, world));
  const order = newOrder(world, draft, plan, world.state.nextId.order++);
  world.state.orders.push(order);
  announce(world, order);
  if (world.sessions.isOpen(world.clock.now())) route(world, order);
  return { order, plan };
}

/** An OCO and what the checks said about each of its orders. */
export interface AcceptedPair {
  /** 0 of a trial. */
  id: number;
  parts: Accepted[];
}

/** Checks an OCO as {@link submitOco} would, without placing it. @throws ApiError 422 */
export function dryRunOco(world: World, drafts: readonly OrderDraft[]): AcceptedPair {
  return { id: 0, parts: checkedPair(world, drafts).map((plan) => part(world, plan, 0, 0)) };
}

/**
 * Takes in two orders of which the fill of one cancels the other: a limit and a stop or stop limit. Both are Contingent
 * until they go out, a moment later.
 * @throws ApiError 422 `invalid_oco_order_type_combo`, or what {@link submit} refuses of either
 */
export function submitOco(world: World, drafts: readonly OrderDraft[]): AcceptedPair {
  const plans = checkedPair(world, drafts);
  const { nextId } = world.state;
  const id = nextId.order++;
  const parts = plans.map((plan) => part(world, plan, nextId.order++, id));
  for (const { order } of parts) {
    world.state.orders.push(order);
    order.tasks.push({ kind: 'release', due: world.clock.venue() });
    announce(world, order);
  }
  return { id, parts };
}

interface CheckedDraft {
  draft: OrderDraft;
  plan: Preflight;
}

function checkedPair(world: World, drafts: readonly OrderDraft[]): CheckedDraft[] {
  const types = drafts.map(({ orderType }) => orderType).sort();
  if (types.length !== 2 || types[0] !== 'Limit' || !(types[1] ?? '').startsWith('Stop')) {
    throw refusedOrder([
      { code: 'invalid_oco_order_type_combo', message: 'An OCO is one Limit and one Stop or Stop Limit.' },
    ]);
  }
  if (world.state.hands.brackets?.refuseSpreads && drafts.some(({ legs }) => legs.length > 1)) {
    throw refusedOrder([
      { code: 'oco_no_multi_leg', message: 'OCO orders are not available for multi-leg options.' },
    ]);
  }
  // Both are checked before either is there: they may claim the same contracts.
  return drafts.map((draft) => ({ draft, plan: passed(preflight(draft, world)) }));
}

function part(world: World, { draft, plan }: CheckedDraft, id: number, complexOrderId: number): Accepted {
  const order = newOrder(world, draft, plan, id);
  return { plan, order: { ...order, status: 'Contingent', complexOrderId, complexOrderTag: 'OCO::order' } };
}

function passed(plan: Preflight): Preflight {
  if (plan.errors.length > 0) throw refusedOrder(plan.errors);
  return plan;
}

function cannotUpdate(order: OrderRecord): ApiError {
  return new ApiError(
    422,
    'cannot_update_order',
    `Order ${order.id} is ${order.status} and cannot be changed.`,
  );
}

/**
 * Asks for an order's end; it may still fill before that. What never went to the venue ends at once.
 * @throws ApiError 404, 422 `cannot_update_order`
 */
export function requestCancel(world: World, id: number): OrderRecord {
  const order = findOrder(world, id);
  if (isTerminal(order)) throw cannotUpdate(order);
  if (order.status === 'Contingent' || order.status === 'Received') {
    end(world, order, 'Cancelled');
    return order;
  }
  if (order.status === 'Cancel Requested') return order;
  order.tasks = order.tasks.filter((task) => task.kind !== 'replace' && task.kind !== 'live');
  order.tasks.push({ kind: 'cancel', due: world.clock.venue() + DELAYS.cancel });
  setStatus(world, order, 'Cancel Requested');
  return order;
}

/** The parts of each complex order, in the order they were placed. */
export function complexOrders({ state }: World): ReadonlyMap<number, OrderRecord[]> {
  const found = new Map<number, OrderRecord[]>();
  for (const order of state.orders) {
    if (order.complexOrderId === undefined) continue;
    found.set(order.complexOrderId, [...(found.get(order.complexOrderId) ?? []), order]);
  }
  return found;
}

/** The parts of a complex order. @throws ApiError 404 */
export function findComplex(world: World, id: number): OrderRecord[] {
  const parts = complexOrders(world).get(id);
  if (!parts) throw notFound(`complex order ${id}`);
  return parts;
}

/** Asks for the end of each part that works still. @throws ApiError 404, 422 `cannot_update_order` if none does */
export function requestComplexCancel(world: World, id: number): OrderRecord[] {
  const parts = findComplex(world, id);
  const open = parts.filter((part) => !isTerminal(part));
  if (open.length === 0) throw cannotUpdate(parts[0] as OrderRecord);
  for (const part of open) requestCancel(world, part.id);
  return parts;
}

/** The order that would replace `original`: its terms with the changes, for what is left of it. */
function merged(original: OrderRecord, change: OrderChange): OrderDraft {
  const left = unitsLeft(original);
  const legs = original.legs.map((leg) => ({
    instrumentType: leg.instrumentType,
    symbol: leg.symbol,
    action: leg.action,
    quantity: dec((leg.quantity / original.size) * left),
  }));
  return {
    timeInForce: original.timeInForce,
    orderType: original.orderType,
    price: original.price === null ? null : dec(original.price),
    priceEffect: original.priceEffect,
    value: null,
    stopTrigger: original.stopTrigger === null ? null : dec(original.stopTrigger),
    gtcDate: original.gtcDate,
    source: original.source,
    externalIdentifier: original.externalIdentifier,
    strict: original.strict,
    ...change,
    legs,
  };
}

function refuseOtherLegs(original: OrderRecord, change: OrderChange): void {
  const same = (change.legs ?? []).every((leg) =>
    original.legs.some(
      (each) => each.symbol === leg.symbol && each.action === leg.action && leg.quantity.eq(each.quantity),
    ),
  );
  if (!same || (change.legs && change.legs.length !== original.legs.length)) {
    throw refusedOrder([
      { code: 'legs_cannot_change', message: 'A replacement cannot change legs or quantities.' },
    ]);
  }
}

/** Checks a replacement without making it. @throws ApiError 404, 422 */
export function dryRunReplacement(world: World, id: number, change: OrderChange): Accepted {
  const original = findOrder(world, id);
  if (isTerminal(original) || unitsLeft(original) === 0) throw cannotUpdate(original);
  refuseOtherLegs(original, change);
  const draft = merged(original, change);
  const plan = passed(preflight(draft, world, id));
  return { order: newOrder(world, draft, plan, 0), plan };
}

/**
 * Replaces a working order: the new one has its own id and stays Contingent until the old one is cancelled.
 * @throws ApiError 404, 422 `cannot_update_order` or a failed preflight
 */
export function replace(world: World, id: number, change: OrderChange): OrderRecord {
  const original = findOrder(world, id);
  const busy = original.status === 'Cancel Requested' || original.status === 'Replace Requested';
  if (busy || original.status === 'Contingent') throw cannotUpdate(original);
  const { order } = dryRunReplacement(world, id, change);
  order.id = world.state.nextId.order++;
  order.status = 'Contingent';
  order.replacesOrderId = id;
  world.state.orders.push(order);
  original.replacingOrderId = order.id;
  original.tasks.push({ kind: 'replace', due: world.clock.venue() + DELAYS.cancel });
  setStatus(world, original, 'Replace Requested');
  announce(world, order);
  return order;
}

/**
 * Fills units of an order now (all that is left by default), at its limit or the natural price, whatever the
 * market says. For tests and the panel. @throws ApiError 404, 422
 */
export function forceFill(world: World, id: number, units?: number): OrderRecord {
  const order = findOrder(world, id);
  if (isTerminal(order) || order.status === 'Contingent') throw cannotUpdate(order);
  order.tasks = order.tasks.filter((task) => task.kind !== 'execute');
  const done = Math.max(
    ...order.legs.map((leg) => (leg.quantity - leg.remaining) / (leg.quantity / order.size)),
  );
  const left = order.size - done;
  const filling = Math.min(units ?? left, left);
  order.executing = done + filling;
  order.liveAt ??= world.clock.now();
  if (order.status === 'Received' || order.status === 'Routed' || order.status === 'In Flight') {
    order.tasks = [];
    order.status = 'Live';
  }
  order.rested = true;
  order.tasks.push({ kind: 'execute', due: world.clock.venue(), units: filling, net: null });
  return order;
}

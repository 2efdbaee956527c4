import { instant, sessionOn } from '../calendar.js';
import { findContract } from '../market/listing.js';
import { isAtVenue, isBuy, isTerminal, type OrderRecord, type OrderTask } from '../state.js';
import type { World } from '../world.js';
import { announce, end, findOrder, setStatus } from './book.js';
import { attachFills, execute, unitsLeft } from './execution.js';
import { crosses, isOnTick, naturalLegPrices, netOf } from './prices.js';

/** Venue milliseconds from acceptance to each step. */
export const DELAYS = { inFlight: 60, live: 160, deadPrice: 2_000, fill: 120, cancel: 120 } as const;

/** Sends an order on its way. What is wrong with it there shows only later. */
export function route(world: World, order: OrderRecord): void {
  const now = world.clock.venue();
  const rejection = world.faults.forOrder('venue-reject');
  const reason = rejection?.reason ?? (isOnTick(order) ? undefined : 'Price is not a valid increment');
  order.tasks.push({ kind: 'in-flight', due: now + DELAYS.inFlight });
  if (reason !== undefined) order.tasks.push({ kind: 'reject', due: now + DELAYS.deadPrice, reason });
  else order.tasks.push({ kind: 'live', due: now + DELAYS.live });
  setStatus(world, order, 'Routed');
}

/** The venue instant at which something is due next; undefined if nothing is. */
export function nextDue(world: World): number | undefined {
  const dues = world.state.orders.flatMap((order) => order.tasks.map((task) => task.due));
  return dues.length === 0 ? undefined : Math.min(...dues);
}

/** Brings every order up to the present: steps that are due, the market's crossings, ends of days and options. */
export function pumpOrders(world: World): void {
  if (world.sessions.isOpen(world.clock.now())) {
    for (const order of world.state.orders) {
      if (order.status === 'Received' && order.tasks.length === 0) route(world, order);
    }
  }
  runTasks(world);
  expireOrders(world);
  if (!world.sessions.isOpen(world.clock.now())) {
    takeBack(world);
    return;
  }
  for (const order of world.state.orders) if (isAtVenue(order)) match(world, order);
  runTasks(world);
}

/** After the close what outlives the day waits at the broker again, and is sent anew at the next open. */
function takeBack(world: World): void {
  for (const order of world.state.orders) {
    if (order.status === 'Live' && order.timeInForce !== 'Day' && order.tasks.length === 0)
      setStatus(world, order, 'Received');
  }
}

/** Runs what is due, oldest first, including what those steps make due. */
function runTasks(world: World): void {
  const venue = world.clock.venue();
  for (;;) {
    const due = world.state.orders
      .flatMap((order) => order.tasks.map((task) => ({ order, task })))
      .filter(({ task }) => task.due <= venue)
      .sort((a, b) => a.task.due - b.task.due)[0];
    if (!due) return;
    due.order.tasks = due.order.tasks.filter((each) => each !== due.task);
    runTask(world, due.order, due.task);
  }
}

function runTask(world: World, order: OrderRecord, task: OrderTask): void {
  if (task.kind === 'attach') {
    const leg = order.legs[task.leg];
    if (leg) attachFills(world, order, leg, task.fills);
    announce(world, order);
    return;
  }
  if (isTerminal(order)) return;
  switch (task.kind) {
    case 'in-flight':
      order.inFlightAt = world.clock.now();
      setStatus(world, order, order.status === 'Routed' ? 'In Flight' : order.status);
      return;
    case 'live':
      order.liveAt = world.clock.now();
      setStatus(world, order, order.status === 'In Flight' ? 'Live' : order.status);
      if (order.timeInForce === 'IOC' && !crosses(order, world.market)) end(world, order, 'Cancelled');
      return;
    case 'reject':
      end(world, order, 'Rejected', task.reason);
      return;
    case 'release':
      if (world.sessions.isOpen(world.clock.now())) route(world, order);
      else setStatus(world, order, 'Received');
      return;
    case 'cancel':
      if (unitsLeft(order) > 0 && world.faults.forOrder('beat-cancel')) fillRest(world, order);
      else end(world, order, 'Cancelled');
      return;
    case 'replace':
      completeReplacement(world, order);
      return;
    case 'execute':
      execute(world, order, task);
      return;
  }
}

function fillRest(world: World, order: OrderRecord): void {
  const units = unitsLeft(order);
  order.executing = order.size;
  order.rested = true;
  execute(world, order, { kind: 'execute', due: world.clock.venue(), units, net: null });
}

/** The original is gone and its replacement goes out, unless it filled on in the meantime. */
function completeReplacement(world: World, order: OrderRecord): void {
  const replacement = findOrder(world, order.replacingOrderId ?? 0);
  if (replacement.status !== 'Contingent') {
    end(world, order, 'Cancelled');
    return;
  }
  if (unitsLeft(order) < replacement.size) {
    end(world, replacement, 'Cancelled', 'The original order filled meanwhile');
    setStatus(world, order, 'Live');
    return;
  }
  order.edited = true;
  end(world, order, 'Cancelled');
  if (world.sessions.isOpen(world.clock.now())) route(world, replacement);
  else setStatus(world, replacement, 'Received');
}

function touchesStop(world: World, order: OrderRecord): boolean {
  if (order.stopTrigger === null || order.triggered) return true;
  const [leg, ...more] = order.legs;
  const mark = leg && world.market.quote(leg.symbol)?.mark;
  if (!mark) return false;
  // Of a spread the trigger is the net of what the other side shows, paid or received.
  const net = netOf(order, naturalLegPrices(order, world.market));
  const buys = more.length > 0 ? net.isNegative() : isBuy(leg.action);
  const price = more.length > 0 ? net.abs() : mark;
  order.triggered = buys ? price.gte(order.stopTrigger) : price.lte(order.stopTrigger);
  return order.triggered;
}

/** Schedules the execution of an order that the market has come to. */
function match(world: World, order: OrderRecord): void {
  const units = unitsLeft(order);
  if (units === 0 || !touchesStop(world, order)) return;
  if (!crosses(order, world.market)) {
    order.rested = true;
    return;
  }
  const late = world.faults.forOrder('late-fill')?.ms ?? 0;
  const split = units > 1 ? world.faults.forOrder('split-fill') : undefined;
  const parts = Math.min(units, split?.parts ?? 1);
  const first = world.clock.venue() + DELAYS.fill + late;
  for (let part = 0; part < parts; part += 1) {
    const share = Math.floor(units / parts) + (part < units % parts ? 1 : 0);
    order.tasks.push({ kind: 'execute', due: first + part * (split?.ms ?? 0), units: share, net: null });
  }
  order.executing = order.size;
}

/** GTC orders end with their options, Day orders with the day, GTD orders with their date. */
function expireOrders(world: World): void {
  const now = world.clock.now();
  for (const order of world.state.orders) {
    if (isTerminal(order)) continue;
    const optionsEnd = order.legs.some(
      (leg) => now >= (findContract(leg.symbol)?.stopsTradingAt ?? Infinity),
    );
    const dayOver = order.timeInForce === 'Day' && now >= order.dayEndAt;
    if (optionsEnd || dayOver || (order.gtcDate !== null && now >= endOf(order.gtcDate))) {
      end(world, order, 'Expired');
    }
  }
}

function endOf(date: string): number {
  return sessionOn(date)?.closeAt ?? instant(date, 16);
}

import { bookFill } from '../account/ledger.js';
import { Decimal, dec, text } from '../money.js';
import type { FillRecord, OrderLeg, OrderRecord, OrderTask } from '../state.js';
import type { World } from '../world.js';
import { announce, end, endSiblings } from './book.js';
import { legPricesFor, limitOf, naturalLegPrices, netOf } from './prices.js';

/** Between the legs of a complete multi-leg fill, venue ms: the order is Filled before all of them are there. */
const LEG_GAP_MS = 120;

/** Units of the order that nothing has executed or is about to. */
export function unitsLeft(order: OrderRecord): number {
  return order.size - order.executing;
}

function executionNet(order: OrderRecord, world: World): Decimal {
  const natural = netOf(order, naturalLegPrices(order, world.market));
  const limit = limitOf(order);
  if (limit === null) return natural;
  return order.rested ? limit : Decimal.max(limit, natural);
}

function fillOf(world: World, order: OrderRecord, leg: OrderLeg, units: number, price: Decimal): FillRecord {
  const number = world.state.nextId.fill++;
  return {
    id: `${number}_PAPER::${order.id}`,
    execId: String(number),
    quantity: (leg.quantity / order.size) * units,
    price: text(price),
    filledAt: world.clock.now(),
  };
}

/** Puts fills on a leg and books them: position, cash, transaction. */
export function attachFills(
  world: World,
  order: OrderRecord,
  leg: OrderLeg,
  fills: readonly FillRecord[],
): void {
  for (const fill of fills) {
    leg.fills.push(fill);
    leg.remaining -= fill.quantity;
    const { position, transaction } = bookFill(world.state, order, leg, fill);
    world.publish({ type: 'CurrentPosition', position });
    world.publish({ type: 'ExternalTransaction', transaction });
  }
  world.publish({ type: 'AccountBalance' });
}

/**
 * Executes units of an order. A part leaves it Live with less remaining; the last part makes it Filled, and of a
 * multi-leg order only the first leg's fills are there at that moment.
 */
export function execute(world: World, order: OrderRecord, task: OrderTask & { kind: 'execute' }): void {
  const net = task.net === null ? executionNet(order, world) : dec(task.net);
  const prices = legPricesFor(order, net, world.market);
  const fills = order.legs.map((leg, i) => fillOf(world, order, leg, task.units, prices[i] ?? dec(0)));
  const pending = order.tasks.some((each) => each.kind === 'execute');
  const complete = unitsLeft(order) === 0 && !pending;
  order.legs.forEach((leg, i) => {
    const fill = fills[i];
    if (fill && (i === 0 || !complete)) attachFills(world, order, leg, [fill]);
  });
  if (!complete) {
    announce(world, order);
    if (!world.state.hands.brackets?.partsKeep) endSiblings(world, order);
    return;
  }
  end(world, order, 'Filled');
  const gap = world.faults.forOrder('slow-legs')?.ms ?? LEG_GAP_MS;
  const now = world.clock.venue();
  fills.slice(1).forEach((fill, i) => {
    order.tasks.push({ kind: 'attach', due: now + gap * (i + 1), leg: i + 1, fills: [fill] });
  });
}

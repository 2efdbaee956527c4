import { z } from 'zod';
import type { BrokerOrder, Fill, LegAction, OrderLeg, OrderState } from '../../services/domain/types.js';
import { BrokerProtocolError } from '../../services/errors.js';
import { type ContractSizes, instrumentOf, isOurs } from './contract-sizes.js';
import { count, decimal, effect, instant, magnitude, maybe, read, text } from './wire.js';

/** tastytrade's order JSON, the same in REST answers and stream messages, turned into the services' order. */

const STATES = new Map<string, OrderState>([
  ['Received', 'submitted'],
  ['Routed', 'submitted'],
  ['In Flight', 'submitted'],
  ['Contingent', 'submitted'],
  ['Live', 'working'],
  ['Cancel Requested', 'working'],
  ['Replace Requested', 'working'],
  ['Remove Pending', 'working'],
  ['Filled', 'filled'],
  ['Cancelled', 'cancelled'],
  ['Canceled', 'cancelled'],
  ['Removed', 'cancelled'],
  ['Partially Removed', 'cancelled'],
  ['Rejected', 'rejected'],
  ['Expired', 'expired'],
]);

/** Our word for the broker's; one we don't know counts as still open, never as over. */
export function stateOf(status: string): OrderState {
  return STATES.get(status) ?? 'unrecognised';
}

/** Whether an order can still fill. */
export function isOpen({ state }: BrokerOrder): boolean {
  return state === 'submitted' || state === 'working' || state === 'unrecognised';
}

const ACTIONS = new Map<string, LegAction>([
  ['Buy to Open', 'buy-to-open'],
  ['Sell to Open', 'sell-to-open'],
  ['Buy to Close', 'buy-to-close'],
  ['Sell to Close', 'sell-to-close'],
]);

const fillShape = z.object({
  'fill-id': maybe(text),
  quantity: magnitude,
  'fill-price': decimal,
  'filled-at': instant,
});

const legShape = z.object({
  'instrument-type': text,
  symbol: text,
  action: text,
  quantity: maybe(magnitude),
  'remaining-quantity': maybe(magnitude),
  fills: maybe(z.array(fillShape)),
});

const orderShape = z.object({
  // A dry run has no id, or a placeholder.
  id: text.refine((value) => value !== '' && value !== '0', 'expected an order id'),
  'account-number': maybe(text),
  'underlying-symbol': maybe(text),
  status: text,
  'time-in-force': maybe(text),
  'order-type': maybe(text),
  price: maybe(magnitude),
  'price-effect': effect,
  'stop-trigger': maybe(magnitude),
  'contingent-status': maybe(text),
  'complex-order-id': maybe(text),
  'complex-order-tag': maybe(text),
  'replaces-order-id': maybe(text),
  size: maybe(count),
  legs: z.array(legShape).min(1),
  'external-identifier': maybe(text),
  'reject-reason': maybe(text),
  'received-at': instant,
  'updated-at': instant,
});

export type WireOrder = z.output<typeof orderShape>;
type WireLeg = z.output<typeof legShape>;

const legTypes = z.object({ legs: maybe(z.array(z.object({ 'instrument-type': maybe(text) }))) });

/** Whether all legs are stock or equity options. Orders in futures or crypto are none of our business. */
export function concernsUs(value: unknown): boolean {
  const parsed = legTypes.safeParse(value);
  // What can't even be looked at is let through, so that reading it in full says what is wrong.
  if (!parsed.success || parsed.data.legs === null) return true;
  return parsed.data.legs.every((leg) => isOurs(leg['instrument-type'] ?? 'Equity'));
}

/**
 * The order in an answer, its fields checked and not yet made ours: what a contract's size is may have to be asked.
 * @throws BrokerProtocolError naming the field
 */
export function readOrder(value: unknown): WireOrder {
  return read(orderShape, value, 'an order');
}

/** Symbols in an order's legs. */
export function symbolsIn(order: WireOrder): string[] {
  return order.legs.map((leg) => leg.symbol);
}

/**
 * Reads one order.
 *
 * @param account used where the JSON leaves the account number out
 * @throws BrokerProtocolError naming the order and the field
 */
export function toOrder(value: unknown, sizes: ContractSizes, account: string): BrokerOrder {
  return ourOrder(readOrder(value), sizes, account);
}

/** The same of an order whose fields were read. @throws BrokerProtocolError naming the order */
export function ourOrder(order: WireOrder, sizes: ContractSizes, account: string): BrokerOrder {
  return {
    id: order.id,
    account: order['account-number'] ?? account,
    underlying: order['underlying-symbol'] ?? toLeg(order, order.legs[0], sizes).instrument.underlying,
    state: stateOf(order.status),
    status: order.status,
    timeInForce: order['time-in-force'] ?? '',
    orderType: order['order-type'] ?? '',
    price: order.price,
    effect: order['price-effect'],
    stopTrigger: order['stop-trigger'],
    contingent: order.status === 'Contingent' || order['contingent-status'] !== null,
    complex: order['complex-order-id']
      ? { id: order['complex-order-id'], tag: order['complex-order-tag'] }
      : null,
    replaces: order['replaces-order-id'],
    size: order.size,
    legs: order.legs.map((leg) => toLeg(order, leg, sizes)),
    externalIdentifier: order['external-identifier'],
    rejectReason: order['reject-reason'],
    receivedAt: order['received-at'],
    updatedAt: order['updated-at'],
  };
}

function toLeg(order: WireOrder, leg: WireLeg | undefined, sizes: ContractSizes): OrderLeg {
  if (leg === undefined) throw unreadable(order, 'no legs');
  const { symbol } = leg;
  const type = leg['instrument-type'];
  const instrument = instrumentOf(type, symbol, order['underlying-symbol'], sizes.of(symbol));
  if (instrument === null) throw unreadable(order, `${symbol} is no stock or option`);
  const action = ACTIONS.get(leg.action);
  if (action === undefined) throw unreadable(order, `an action "${leg.action}"`);
  const quantity = contracts(order, leg, leg.quantity);
  const fills = toFills(order, leg);
  const filled = fills.reduce((total, fill) => total + fill.quantity, 0);
  const told = leg['remaining-quantity'];
  const remaining = told === null ? Math.max(quantity - filled, 0) : contracts(order, leg, told);
  return { instrument, action, quantity, remaining, fills };
}

/** Option legs count whole contracts. Stock may be ordered in fractions, or by value without a count. */
function contracts(order: WireOrder, leg: WireLeg, quantity: WireLeg['quantity']): number {
  const isOption = leg['instrument-type'] === 'Equity Option';
  if (isOption && !quantity?.isInteger()) throw unreadable(order, `${leg.symbol} without a whole quantity`);
  return quantity?.toNumber() ?? 0;
}

/** In time order, each once: the broker may repeat a fill in several messages. */
function toFills(order: WireOrder, leg: WireLeg): Fill[] {
  const byId = new Map<string, Fill>();
  for (const [index, fill] of (leg.fills ?? []).entries()) {
    const at = fill['filled-at'] ?? order['updated-at'] ?? order['received-at'];
    if (at === null) throw unreadable(order, 'a fill without a time');
    const id = fill['fill-id'] ?? `${order.id}:${leg.symbol}:${index}`;
    const quantity = contracts(order, leg, fill.quantity);
    byId.set(id, { id, quantity, price: fill['fill-price'].abs(), at });
  }
  return [...byId.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function unreadable(order: WireOrder, why: string): BrokerProtocolError {
  return new BrokerProtocolError(`The broker sent order ${order.id}, which we can't read: ${why}.`);
}

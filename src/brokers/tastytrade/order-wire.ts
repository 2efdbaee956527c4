import { z } from 'zod';
import { stateOfStep } from '../../domain/order-life.js';
import type { CodedFault, Wrong } from '../../domain/row-faults.js';
import type { BrokerOrder, Fill, LegAction, OrderLeg, OrderState } from '../../domain/types.js';
import { type ContractSizes, instrumentOf, isForeign, isKnownType, tickerOf } from './contract-sizes.js';
import { oddOrder } from './odd-order.js';
import { stepOfStatus } from './order-state.js';
import {
  quantity as amount,
  count,
  effect,
  fieldOf,
  instant,
  isOf,
  magnitude,
  maybe,
  paid,
  text,
  textIn,
  tried,
} from './wire.js';
import { faultAt, inShort, nameIn } from './wrong-fields.js';

/** tastytrade's order JSON, the same in REST answers and stream messages, turned into the services' order. */

export const ACTIONS: ReadonlyMap<string, LegAction> = new Map<string, LegAction>([
  ['Buy to Open', 'buy-to-open'],
  ['Sell to Open', 'sell-to-open'],
  ['Buy to Close', 'buy-to-close'],
  ['Sell to Close', 'sell-to-close'],
]);

const fillShape = z.object({
  'fill-id': maybe(text),
  quantity: amount,
  'fill-price': paid,
  'filled-at': instant,
});

const legShape = z.object({
  'instrument-type': text,
  symbol: text,
  action: text,
  quantity: maybe(amount),
  'remaining-quantity': maybe(amount),
  fills: maybe(z.array(fillShape)),
});

const orderShape = z.object({
  // A dry run has no id, or a placeholder.
  id: text.refine((value) => value !== '' && value !== '0', 'no-order-id' satisfies Wrong),
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
  'replacing-order-id': maybe(text),
  // Only ever asked whether it is clearly one or the other.
  cancellable: z.unknown().optional(),
  edited: z.unknown().optional(),
  // Of a fraction of a share it is one too; nothing is decided by it.
  size: z.unknown().optional(),
  legs: z.array(legShape).min(1),
  'external-identifier': maybe(text),
  'reject-reason': maybe(text),
  'received-at': instant,
  'updated-at': instant,
});

type WireOrder = z.output<typeof orderShape>;
type WireLeg = z.output<typeof legShape>;

/** Whether all legs are of futures, crypto and the like, which are none of our business. */
export function isForeignOrder(value: unknown): boolean {
  const legs = fieldOf(value, 'legs');
  if (!Array.isArray(legs) || legs.length === 0) return false;
  return legs.every((leg) => isForeign(fieldOf(leg, 'instrument-type'), fieldOf(leg, 'symbol')));
}

/** Symbols in an order's legs, as far as it has any. */
export function symbolsIn(value: unknown): string[] {
  const legs = fieldOf(value, 'legs');
  return Array.isArray(legs) ? legs.flatMap((leg) => textIn(leg, 'symbol') ?? []) : [];
}

/** Reads one order; what can't be read in full becomes an odd one, never nothing. */
export function readOrder(value: unknown, sizes: ContractSizes, account: string): BrokerOrder {
  try {
    return toOrder(value, sizes, account);
  } catch (error) {
    if (!(error instanceof OddField)) throw error;
    return oddOrder(value, error.fault, account);
  }
}

/** What makes an order odd. */
class OddField extends Error {
  constructor(readonly fault: CodedFault) {
    super(fault.code);
  }
}

function toOrder(value: unknown, sizes: ContractSizes, account: string): BrokerOrder {
  const row = tried(orderShape, value);
  if (!('data' in row)) throw new OddField(row.fault);
  if (!isOf(account, value)) throw new OddField({ code: 'OF_ANOTHER_ACCOUNT' });
  const order = row.data;
  const step = stepOfStatus(order.status);
  const state = stateOfStep(step);
  const legs = order.legs.map((leg) => toLeg(order, leg, state, sizes));
  if (new Set(order.legs.map(({ symbol }) => symbol)).size < legs.length) {
    throw new OddField({ code: 'CONTRACT_TWICE' });
  }
  const size = tried(count, order.size);
  return {
    id: order.id,
    account,
    underlying: order['underlying-symbol'] ?? legs[0]?.instrument.underlying ?? '',
    state,
    status: order.status,
    step,
    ...(typeof order.cancellable === 'boolean' ? { cancellable: order.cancellable } : {}),
    ...replacement(order),
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
    size: 'data' in size ? size.data : null,
    legs,
    externalIdentifier: order['external-identifier'],
    rejectReason: order['reject-reason'],
    receivedAt: order['received-at'],
    updatedAt: order['updated-at'],
  };
}

/** One that came to nothing, because the order filled on meanwhile, is named as well; `edited` tells. */
function replacement({ edited, 'replacing-order-id': id }: WireOrder): Pick<BrokerOrder, 'replacedBy'> {
  return id === null || edited === false ? {} : { replacedBy: id };
}

function toLeg(order: WireOrder, leg: WireLeg, state: OrderState, sizes: ContractSizes): OrderLeg {
  const { symbol } = leg;
  const name = nameIn(symbol);
  const type = leg['instrument-type'];
  const instrument = instrumentOf(type, symbol, order['underlying-symbol'], sizes.of(symbol));
  if (instrument === null)
    throw new OddField({ code: 'ODD_KIND', symbol: name, kind: inShort(type), known: isKnownType(type) });
  if (sizes.isUnclear(symbol)) throw new OddField({ code: 'SIZE_UNTOLD', symbol: name });
  // Positions are put together by it.
  if (instrument.option && tickerOf(instrument.underlying) === null)
    throw new OddField(faultAt(order, ['underlying-symbol'], 'no-ticker' satisfies Wrong));
  const action = ACTIONS.get(leg.action);
  if (action === undefined) throw new OddField(legFault(leg, 'action', null));
  const ordered = contracts(leg, 'quantity');
  const fills = toFills(order, leg);
  const filled = fills.reduce((total, fill) => total + fill.quantity, 0);
  const told = leg['remaining-quantity'];
  const remaining = told === null ? Math.max(ordered - filled, 0) : contracts(leg, 'remaining-quantity');
  if (instrument.option) assertPossible(name, { ordered, filled, remaining }, state);
  return { instrument, action, quantity: ordered, remaining, fills };
}

/** Counts that can't all be true would leave unsure how many contracts the order still covers. */
function assertPossible(
  symbol: string,
  { ordered, filled, remaining }: Record<'ordered' | 'filled' | 'remaining', number>,
  state: OrderState,
): void {
  if (ordered < 1) throw new OddField({ code: 'NONE_ORDERED', symbol });
  if (filled > ordered) throw new OddField({ code: 'TOO_MANY_FILLED', symbol, count: filled, ordered });
  if (remaining > ordered) throw new OddField({ code: 'TOO_MANY_LEFT', symbol, count: remaining, ordered });
  const works = state === 'working' || state === 'submitted' || state === 'unrecognised';
  if (works && remaining === 0 && filled < ordered) throw new OddField({ code: 'NONE_LEFT', symbol });
}

/** Option legs count whole contracts. Stock may be ordered in fractions, or by value without a count. */
function contracts(leg: WireLeg, field: 'quantity' | 'remaining-quantity'): number {
  const quantity = leg[field];
  const isOption = leg['instrument-type'] === 'Equity Option';
  if (isOption && !quantity?.isInteger()) throw new OddField(legFault(leg, field, PART));
  return quantity?.toNumber() ?? 0;
}

const PART = 'no-whole-contracts' satisfies Wrong;

function legFault(leg: WireLeg, field: keyof WireLeg, wrong: Wrong | null): CodedFault {
  return faultAt({ legs: [leg] }, ['legs', 0, field], wrong);
}

/** In time order, each once: the broker may repeat a fill in several messages. */
function toFills(order: WireOrder, leg: WireLeg): Fill[] {
  const byId = new Map<string, Fill>();
  for (const [index, fill] of (leg.fills ?? []).entries()) {
    const at = fill['filled-at'] ?? order['updated-at'] ?? order['received-at'];
    if (at === null) throw new OddField({ code: 'FILL_WITHOUT_TIME', symbol: nameIn(leg.symbol) });
    const id = fill['fill-id'] ?? `${order.id}:${leg.symbol}:${index}`;
    const { quantity } = fill;
    if (leg['instrument-type'] === 'Equity Option' && !quantity.isInteger())
      throw new OddField(faultAt({ legs: [leg] }, ['legs', 0, 'fills', index, 'quantity'], PART));
    byId.set(id, { id, quantity: quantity.toNumber(), price: fill['fill-price'], at });
  }
  return [...byId.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
}

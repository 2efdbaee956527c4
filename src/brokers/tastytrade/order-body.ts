import type { OrderFault } from '../../domain/broker-troubles.js';
import { BrokerRefusal } from '../../domain/errors.js';
import type { Effect, LegAction } from '../../domain/types.js';
import type { OrderPair, OrderRequest, OrderRequestLeg, StopRequest } from '../../ports/broker.js';

const ACTION: Record<LegAction, string> = {
  'buy-to-open': 'Buy to Open',
  'sell-to-open': 'Sell to Open',
  'buy-to-close': 'Buy to Close',
  'sell-to-close': 'Sell to Close',
};
const EFFECT: Record<Effect, string> = { debit: 'Debit', credit: 'Credit' };
const TYPE: Record<OrderRequestLeg['kind'], string> = { option: 'Equity Option', equity: 'Equity' };
const MAX_LEGS = 4;

/**
 * The JSON of a GTC limit order. The price is an unsigned plain decimal string and its direction stands in
 * `price-effect`; a signed price once turned closing debits into credits. Strict validation makes the broker
 * refuse a close that has no position, which it would otherwise turn into an open without a word.
 *
 * @param externalIdentifier our own mark, echoed by the broker; left out of dry runs
 * @throws BrokerRefusal with status 0, before anything is sent, if the order can't be put in these terms
 */
export function orderBody(order: OrderRequest, source: string, externalIdentifier?: string) {
  refuse(faultOf(order));
  return { 'order-type': 'Limit', ...termsOf(order, source, externalIdentifier) };
}

/**
 * The JSON of an OCO: exactly one limit and one stop limit, because the broker takes no GTC stop market order of an option. The
 * trigger has no direction: of a spread it is the amount of the net price.
 *
 * @throws as `orderBody`
 */
export function pairBody(
  { target, stop }: OrderPair,
  source: string,
  externalIdentifiers?: Record<keyof OrderPair, string>,
) {
  refuse(faultOf(stop) ?? triggerFault(stop));
  const asleep = { 'order-type': 'Stop Limit', 'stop-trigger': stop.trigger.toFixed() };
  return {
    type: 'OCO',
    source,
    orders: [
      orderBody(target, source, externalIdentifiers?.target),
      { ...asleep, ...termsOf(stop, source, externalIdentifiers?.stop) },
    ],
  };
}

function termsOf(order: OrderRequest, source: string, externalIdentifier?: string) {
  return {
    'time-in-force': 'GTC',
    price: order.price.toFixed(),
    'price-effect': EFFECT[order.effect],
    source,
    ...(externalIdentifier === undefined ? {} : { 'external-identifier': externalIdentifier }),
    'advanced-instructions': { 'strict-position-effect-validation': true },
    legs: order.legs.map((leg) => ({
      'instrument-type': TYPE[leg.kind],
      symbol: leg.symbol,
      quantity: leg.quantity,
      action: ACTION[leg.action],
    })),
  };
}

function refuse(fault: OrderFault | null): void {
  if (fault !== null) throw new BrokerRefusal(0, 'invalid_order', { code: 'ORDER_IMPOSSIBLE', fault });
}

function triggerFault({ trigger }: StopRequest): OrderFault | null {
  return trigger.isFinite() && trigger.gt(0) ? null : { is: 'trigger-not-positive' };
}

function faultOf({ legs, price, effect }: OrderRequest): OrderFault | null {
  if (!price.isFinite() || price.lte(0)) return { is: 'price-not-positive' };
  if (EFFECT[effect] === undefined) return { is: 'no-effect' };
  if (legs.length < 1 || legs.length > MAX_LEGS) return { is: 'legs', legs: legs.length };
  if (new Set(legs.map((leg) => leg.symbol)).size < legs.length) return { is: 'symbol-twice' };
  if (legs.some((leg) => !Number.isSafeInteger(leg.quantity) || leg.quantity < 1)) {
    return { is: 'odd-quantity' };
  }
  return null;
}

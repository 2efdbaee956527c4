import { findUnderlying } from '../market/catalog.js';
import type { Market } from '../market/market.js';
import { onGrid } from '../market/ticks.js';
import { Decimal, dec, signed } from '../money.js';
import { isBuy, type OrderRecord } from '../state.js';

/** Net limit per unit, Credit positive; null for orders that take any price. */
export function limitOf(order: OrderRecord): Decimal | null {
  const priced = order.orderType === 'Limit' || order.orderType === 'Stop Limit';
  if (!priced || order.price === null || order.priceEffect === null) return null;
  return signed(order.price, order.priceEffect);
}

function ratio(order: OrderRecord, quantity: number): number {
  return quantity / order.size;
}

/** What the other side of the market would give for each leg: its ask for buys, its bid for sales. */
export function naturalLegPrices(order: OrderRecord, market: Market): Decimal[] {
  return order.legs.map((leg) => {
    const quote = market.quote(leg.symbol);
    if (!quote) throw new Error(`No market in ${leg.symbol}`);
    return isBuy(leg.action) ? quote.ask : quote.bid;
  });
}

/** Net of leg prices per unit of the order, Credit positive. */
export function netOf(order: OrderRecord, prices: readonly Decimal[]): Decimal {
  return order.legs.reduce((sum, leg, i) => {
    const amount = dec(prices[i] ?? 0).times(ratio(order, leg.quantity));
    return isBuy(leg.action) ? sum.minus(amount) : sum.plus(amount);
  }, dec(0));
}

/** Whether what the other side shows is at least as good as the limit. Nothing can be sold to a bid of zero. */
export function crosses(order: OrderRecord, market: Market): boolean {
  const prices = naturalLegPrices(order, market);
  if (order.legs.length === 1 && prices[0]?.isZero()) return false;
  const limit = limitOf(order);
  return limit === null || netOf(order, prices).gte(limit);
}

/** Leg prices that add up to a net: the market's own, with the difference put on one leg that stays above zero. */
export function legPricesFor(order: OrderRecord, net: Decimal, market: Market): Decimal[] {
  const prices = naturalLegPrices(order, market);
  const missing = net.minus(netOf(order, prices));
  if (missing.isZero()) return prices;
  const raised = order.legs.findIndex((leg) => isBuy(leg.action) === missing.isNegative());
  const index = Math.max(raised, 0);
  const leg = order.legs[index];
  if (!leg) return prices;
  const change = missing.abs().div(ratio(order, leg.quantity));
  const old = prices[index] ?? dec(0);
  const moved = raised >= 0 ? old.plus(change) : Decimal.max(0, old.minus(change));
  return prices.map((price, i) => (i === index ? moved : price));
}

/**
 * Whether the venue takes the price and the trigger: one leg by the underlying's option schedule, several by the class's net
 * increment (0.05 for most cash-settled indexes, a penny otherwise). Stock goes by its own schedule.
 */
export function isOnTick(order: OrderRecord): boolean {
  return [order.price, order.stopTrigger].every((price) => price === null || fits(order, dec(price)));
}

function fits(order: OrderRecord, price: Decimal): boolean {
  const underlying = findUnderlying(order.underlying);
  if (!underlying || order.legs[0]?.instrumentType === 'Equity') return price.decimalPlaces() <= 2;
  if (order.legs.length > 1) return price.mod(underlying.multiLegTick).isZero();
  return onGrid(underlying.ticks, price);
}

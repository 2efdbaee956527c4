import { type Exact, sumExact } from './domain/exact.js';
import type { Decimal } from './domain/money.js';
import { filledLeg } from './domain/orders.js';
import type { BrokerOrder, Effect, OrderState } from './domain/types.js';
import type { IntentLeg, IntentState, OrderIntent } from './ports/store.js';

/** One order of a plan and what became of it. */
export interface ReportLine {
  positionId: number;
  label: string;
  underlying: string;
  legs: IntentLeg[];
  units: number;
  price: Decimal;
  effect: Effect;
  percent: Exact | null;
  profit: Exact | null;
  state: IntentState;
  orderId: string | null;
  /** The broker's own word, such as `Live`; null until it gave one. */
  status: string | null;
  orderState: OrderState | null;
  reason: string | null;
  /** How it filled; null until every leg's fills are listed. */
  fill: { price: Exact; profit: Exact | null } | null;
  /** Where the broker's echo differs from what was shown: red. */
  mismatches: string[];
  /** The broker showed this order in the read that this report tells of. */
  read: boolean;
}

/**
 * What the channel is told about a plan.
 * - `sent`: straight after the answers
 * - `checked`: each placed order was read once more
 */
export interface Report {
  planId: string;
  userId: string;
  account: string;
  phase: 'sent' | 'checked';
  lines: ReportLine[];
  /** Set when orders wait for the market: when it opens next, if the broker tells. */
  waitsForOpen: { opensAt: Date | null } | null;
}

/** @param former what was told before; an order that can't be read now keeps what was known of it */
export function reportLine(
  intent: OrderIntent,
  order: BrokerOrder | null,
  former: ReportLine | null = null,
): ReportLine {
  return {
    positionId: intent.positionId,
    label: intent.label,
    underlying: intent.underlying,
    legs: intent.legs,
    units: intent.units,
    price: intent.price,
    effect: intent.effect,
    percent: intent.percent,
    profit: intent.profit,
    state: intent.state,
    orderId: intent.brokerOrderId,
    status: order?.status ?? intent.brokerStatus,
    orderState: order?.state ?? intent.brokerState,
    reason: order?.rejectReason ?? intent.reason,
    fill: order ? fillOf(intent, order) : (former?.fill ?? null),
    mismatches: order ? echoMismatches(intent, order) : (former?.mismatches ?? []),
    read: order !== null,
  };
}

/**
 * The net price per unit that a filled order really got, in the direction it was sent, and the dollars it made: the
 * profit at its limit, and whatever it filled better.
 */
function fillOf({ units, price, effect, profit }: OrderIntent, order: BrokerOrder): ReportLine['fill'] {
  if (order.state !== 'filled') return null;
  const legs = order.legs.map((leg) => ({ ...leg, filled: filledLeg(order, leg) }));
  if (legs.some(({ filled }) => filled.lagging || filled.listed === 0)) return null;
  const received = sumExact(
    legs.map(({ action, filled }) => (action.startsWith('sell') ? filled.paid : filled.paid.negated())),
  ).div(units);
  const net = effect === 'credit' ? received : received.negated();
  const better = net.minus(price).times(effect === 'credit' ? 1 : -1);
  const multiplier = order.legs[0]?.instrument.multiplier ?? 100;
  return { price: net, profit: profit?.plus(better.times(multiplier).times(units)) ?? null };
}

/** Compares the broker's echo with what was shown and confirmed; each difference in words. */
export function echoMismatches(intent: OrderIntent, order: BrokerOrder): string[] {
  const differences: string[] = [];
  const compare = (what: string, planned: string, echoed: string) => {
    if (planned !== echoed) differences.push(`${what}: planned ${planned}, the broker has ${echoed}`);
  };
  compare(
    'legs',
    legsText(intent.legs),
    legsText(order.legs.map((leg) => ({ ...leg, symbol: leg.instrument.symbol }))),
  );
  compare('price', intent.price.toString(), order.price?.toString() ?? 'none');
  compare('effect', intent.effect, order.effect ?? 'none');
  compare('time in force', 'GTC', order.timeInForce);
  compare('order type', 'Limit', order.orderType);
  return differences;
}

function legsText(legs: readonly { symbol: string; action: string; quantity: number }[]): string {
  return legs
    .map(({ symbol, action, quantity }) => `${action} ${quantity} ${symbol.replace(/ +/, ' ')}`)
    .sort()
    .join(', ');
}

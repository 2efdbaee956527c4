import type { Decimal } from './domain/money.js';
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
  percent: Decimal | null;
  profit: Decimal | null;
  state: IntentState;
  orderId: string | null;
  /** The broker's own word, such as `Live`; null until it gave one. */
  status: string | null;
  orderState: OrderState | null;
  reason: string | null;
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
    mismatches: order ? echoMismatches(intent, order) : (former?.mismatches ?? []),
    read: order !== null,
  };
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

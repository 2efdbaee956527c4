import { type Fees, totalFees } from '../account/fees.js';
import { type Decimal, text, withEffect } from '../money.js';
import type { Accepted, AcceptedPair } from '../orders/desk.js';
import type { Preflight } from '../orders/preflight.js';
import { isTerminal, type OrderLeg, type OrderRecord } from '../state.js';
import { compact, offsetIso, type Wire } from './common.js';

const VENUE = 'PAPER_MARKET_SIMULATOR';

function legWire(leg: OrderLeg): Wire {
  return {
    'instrument-type': leg.instrumentType,
    symbol: leg.symbol,
    quantity: leg.quantity,
    'remaining-quantity': leg.remaining,
    action: leg.action,
    fills: leg.fills.map((fill) => ({
      'ext-group-fill-id': fill.execId,
      'ext-exec-id': fill.execId,
      'fill-id': fill.id,
      quantity: fill.quantity,
      'fill-price': fill.price,
      'filled-at': offsetIso(fill.filledAt),
      'destination-venue': VENUE,
    })),
  };
}

function at(instant: number | null): string | null {
  return instant === null ? null : offsetIso(instant);
}

/** An order as every route and the streamer show it. A dry-run's (id 0) has no id and was never received. */
export function orderWire(order: OrderRecord, accountNumber: string): Wire {
  const placed = order.id !== 0;
  const ending = order.status === 'Cancel Requested' || order.status === 'Replace Requested';
  const open = !isTerminal(order) && !ending;
  return compact({
    id: placed ? order.id : null,
    'account-number': accountNumber,
    'time-in-force': order.timeInForce,
    'gtc-date': order.gtcDate,
    'order-type': order.orderType,
    size: order.size,
    'underlying-symbol': order.underlying,
    'underlying-instrument-type': 'Equity',
    price: order.price,
    'price-effect': order.priceEffect,
    'stop-trigger': order.stopTrigger,
    status: order.status,
    'contingent-status': order.status === 'Contingent' ? 'Pending Order' : null,
    cancellable: open,
    editable: open && order.status !== 'Contingent',
    edited: order.edited,
    source: order.source,
    'external-identifier': order.externalIdentifier,
    'ext-client-order-id': placed ? `a${order.id.toString(16)}` : null,
    'ext-exchange-order-number': order.liveAt === null ? null : String(order.id * 7),
    'global-request-id': placed ? order.globalRequestId : null,
    'destination-venue': order.inFlightAt === null ? null : VENUE,
    'received-at': placed ? offsetIso(order.receivedAt) : null,
    'in-flight-at': at(order.inFlightAt),
    'live-at': at(order.liveAt),
    'cancelled-at': at(order.cancelledAt),
    'terminal-at': at(order.terminalAt),
    'updated-at': placed ? order.updatedAt : 0,
    'reject-reason': order.rejectReason,
    'complex-order-id': order.complexOrderId ?? null,
    'complex-order-tag': order.complexOrderTag ?? null,
    'replaces-order-id': order.replacesOrderId,
    'replacing-order-id': order.replacingOrderId,
    legs: order.legs.map(legWire),
  });
}

function breakdown(entries: Record<string, Decimal>): Wire[] {
  return Object.entries(entries).map(([name, cost]) => ({
    name,
    value: text(cost),
    effect: cost.isZero() ? 'None' : 'Debit',
  }));
}

function cost(name: string, amount: Decimal): Wire {
  return withEffect(name, amount.negated());
}

function feesWire(fees: Fees): Wire {
  const zero = fees.commission.times(0);
  return {
    ...cost('regulatory-fees', fees.orf.plus(fees.taf)),
    'regulatory-fees-breakdown': breakdown({
      exchange: zero,
      nfa: zero,
      orf: fees.orf,
      sec: zero,
      taf: fees.taf,
    }),
    ...cost('clearing-fees', fees.clearing),
    'clearing-fees-breakdown': breakdown({ 'Clearing Fees': fees.clearing }),
    ...cost('commission', fees.commission),
    'commission-breakdown': breakdown({ Commission: fees.commission }),
    ...cost('proprietary-index-option-fees', fees.proprietary),
    'proprietary-fees-breakdown': breakdown({ 'Proprietary Index Option Fees': fees.proprietary }),
    ...cost('rebates', zero),
    'rebates-breakdown': [],
    ...cost('total-fees', totalFees(fees)),
    'per-quantity': false,
  };
}

function buyingPowerWire(plan: Preflight): Wire {
  const { buyingPower: effect } = plan;
  return {
    ...withEffect('change-in-margin-requirement', effect.changeInMarginRequirement.negated()),
    ...withEffect('change-in-buying-power', effect.changeInBuyingPower),
    ...withEffect('current-buying-power', effect.currentBuyingPower),
    ...withEffect('new-buying-power', effect.newBuyingPower),
    ...withEffect('isolated-order-margin-requirement', effect.isolatedRequirement.negated()),
    'is-spread': plan.legs.length > 1,
    impact: text(effect.changeInBuyingPower.abs()),
    effect: effect.changeInBuyingPower.isNegative() ? 'Debit' : 'Credit',
  };
}

/** The answer to a dry-run or a submit. */
export function placedWire({ order, plan }: Accepted, accountNumber: string): Wire {
  return {
    order: orderWire(order, accountNumber),
    'buying-power-effect': buyingPowerWire(plan),
    'fee-calculation': feesWire(plan.fees),
    'closing-fee-calculation': cost('total-fees', totalFees(plan.closingFees)),
    warnings: plan.warnings,
    errors: [],
    notes: [],
  };
}

/** A complex order with its parts; a trial's has no id. */
export function complexWire(id: number, parts: readonly Wire[], accountNumber: string): Wire {
  return compact({ id: id || null, 'account-number': accountNumber, type: 'OCO', orders: parts });
}

/** The answer to a trial or a submit of an OCO. Only one of its orders fills, so its costs are those of one. */
export function placedPairWire({ id, parts }: AcceptedPair, accountNumber: string): Wire {
  const [first] = parts;
  if (!first) throw new Error('an OCO without orders');
  const { order: _order, ...rest } = placedWire(first, accountNumber);
  const orders = parts.map(({ order }) => orderWire(order, accountNumber));
  return { 'complex-order': complexWire(id, orders, accountNumber), ...rest };
}

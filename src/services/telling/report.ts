import { createHash } from 'node:crypto';
import { fallbackCalendar } from '../../domain/calendar/fallback.js';
import { executionOf } from '../../domain/execution.js';
import { isOver, lastTradeOf } from '../../domain/expiration.js';
import { parseOcc } from '../../domain/occ.js';
import { filledLeg, isOpen, tradedAt } from '../../domain/order-fills.js';
import type { BrokerOrder } from '../../domain/types.js';
import { partnerOf } from '../../ports/order-intents.js';
import type { Difference, Mismatch, Report, ReportLine } from '../../ports/report.js';
import { type OrderIntent, UNRESOLVED } from '../../ports/store.js';

/** @param former what was told before; an order that can't be read now keeps what was known of it */
export function reportLine(
  intent: OrderIntent,
  order: BrokerOrder | null,
  former: ReportLine | null = null,
): ReportLine {
  const fill = order ? fillOf(intent, order) : (former?.fill ?? null);
  return {
    intentId: intent.id,
    kind: intent.kind,
    positionId: intent.positionId,
    targetKey: intent.targetKey,
    label: intent.label,
    underlying: intent.underlying,
    legs: intent.legs,
    units: intent.units,
    price: intent.price,
    stopTrigger: intent.stopTrigger,
    effect: intent.effect,
    percent: intent.percent,
    profit: intent.profit,
    state: intent.state,
    orderId: intent.brokerOrderId,
    status: order?.status || intent.brokerStatus,
    orderState: order?.state ?? intent.brokerState,
    reason: order?.rejectReason ?? intent.reason,
    lookalikes: intent.lookalikes,
    replacedBy: order?.replacedBy ?? intent.replacedBy,
    cancelled: former?.cancelled ?? null,
    partner: null,
    fill,
    tradedAt: order ? fill && tradedAt(order).first : (former?.tradedAt ?? null),
    endedAt: order && !isOpen(order) ? order.updatedAt : (former?.endedAt ?? null),
    mismatches: order ? echoMismatches(intent, order) : (former?.mismatches ?? []),
    read: order !== null,
  };
}

/** The lines of one plan, each with how the other order of its pair stands. */
export function paired(lines: readonly ReportLine[]): ReportLine[] {
  return lines.map((line) => {
    const partner = partnerOf(line, lines);
    if (!partner) return line;
    const { orderId, orderState, state, fill, tradedAt: since } = partner;
    const works = (state === 'placed' && !hasEnded(partner)) || isUnknown(partner);
    const filled = orderState === 'filled';
    const units = fill?.units ?? (filled ? partner.units : 0);
    const beside = { orderId, works, traded: fill !== null || filled, units, since };
    const replacedBy = orderState === 'cancelled' ? partner.replacedBy : null;
    return { ...line, partner: { ...beside, replacedBy } };
  });
}

/**
 * What is news about a plan and gets a message of its own: which orders were placed and which not, and what is asked.
 * A short digest; not of its words: after a restart the same news reads a little differently.
 */
export function newsOf({ lines }: Report): string {
  const news = lines.map(({ state, orderId, lookalikes }) => [state, orderId, ...lookalikes]);
  return createHash('sha256').update(JSON.stringify(news)).digest('base64url').slice(0, 8);
}

/** Each order that is placed was read back, so nothing is missing that was seen before. */
export function isComplete({ lines }: Report): boolean {
  return lines.every(({ orderId, read }) => orderId === null || read);
}

/** What a message must say to be true: the news, which orders have died since, and what has traded. Without spaces. */
export function saysOf(report: Report): string {
  const dead = report.lines.filter(isDead).map(({ orderId }) => orderId);
  const traded = report.lines.flatMap(({ orderId, orderState, fill }) =>
    fill || orderState === 'filled' ? [[orderId, orderState, fill?.units ?? null, fill?.price ?? null]] : [],
  );
  return JSON.stringify(traded.length > 0 ? [newsOf(report), dead, traded] : [newsOf(report), dead]);
}

/** Whether an order may exist of which nobody knows the id. */
export function isUnknown({ state }: ReportLine): boolean {
  return UNRESOLVED.includes(state);
}

/** Whether an order that was read can trade no more. */
export function hasEnded({ orderState }: ReportLine): boolean {
  return orderState !== null && !isOpen({ state: orderState });
}

export function isDead({ orderState }: ReportLine): boolean {
  return orderState === 'rejected' || orderState === 'cancelled' || orderState === 'expired';
}

/** The order that goes on for one that is cancelled: the broker's replacement, or what the same press placed. */
export function successorOf({ orderState, replacedBy, cancelled }: ReportLine): string | null {
  return orderState === 'cancelled' ? (replacedBy ?? cancelled?.successor ?? null) : null;
}

/** It gave way to another order. */
export function isReplaced(line: ReportLine): boolean {
  return successorOf(line) !== null;
}

/** What the broker does together it may date a little apart. */
const TOGETHER_MS = 5_000;

/**
 * The fill of the other order of its pair ended it, as was meant; not somebody who had it cancelled before that. A stop whose
 * target goes on was lost, whatever ended it.
 */
export function endedWithPartner(line: ReportLine): boolean {
  const { orderState, cancelled, endedAt, partner } = line;
  if (orderState !== 'cancelled' || cancelled !== null || !partner?.traded || isUnstopped(line)) return false;
  const before = endedAt && partner.since && partner.since.getTime() - endedAt.getTime();
  return before === null || before <= TOGETHER_MS;
}

/** A stop that works no more, beside a target that does. */
export function isUnstopped(line: ReportLine): boolean {
  return line.stopTrigger !== null && isDead(line) && line.partner?.works === true;
}

/** Both orders of a pair have filled, and so closed more than was meant. */
export function closedTwice({ fill, units, partner }: ReportLine): boolean {
  return partner !== null && (fill?.units ?? 0) + partner.units > units;
}

/** It ended otherwise than by its fill or its pair's, and nothing stands in its place. */
export function isLost(line: ReportLine): boolean {
  return isDead(line) && !isReplaced(line) && !endedWithPartner(line);
}

/** What it was to close had traded for the last time when it expired: nothing can be set in its place. */
export function expiredWithContracts({ orderState, endedAt, legs }: ReportLine): boolean {
  if (orderState !== 'expired' || !endedAt) return false;
  return legs.every(({ symbol }) => {
    const option = parseOcc(symbol);
    return option !== null && isOver(lastTradeOf(option, null, fallbackCalendar.day), endedAt);
  });
}

/** It was lost, and what it was to close can still be closed. */
export function leavesUncovered(line: ReportLine): boolean {
  return isLost(line) && !expiredWithContracts(line);
}

/** Null while nothing of it has traded. */
function fillOf(intent: OrderIntent, order: BrokerOrder): ReportLine['fill'] {
  if (order.odd) return null;
  const legs = order.legs.map((leg) => ({
    action: leg.action,
    multiplier: leg.instrument.multiplier,
    quantity: leg.quantity,
    filled: filledLeg(order, leg),
  }));
  return executionOf(intent, legs);
}

/** Compares the broker's echo with what was shown and confirmed. */
export function echoMismatches(intent: OrderIntent, order: BrokerOrder): Mismatch[] {
  if (order.odd) return [{ what: 'unreadable', why: order.odd.why }];
  const differences: Mismatch[] = [];
  const compare = (what: Difference['what'], planned: string, echoed: string | null) => {
    if (planned !== echoed) differences.push({ what, planned, echoed });
  };
  compare(
    'legs',
    legsText(intent.legs),
    legsText(order.legs.map((leg) => ({ ...leg, symbol: leg.instrument.symbol }))),
  );
  compare('price', intent.price.toString(), order.price?.toString() ?? null);
  compare('effect', intent.effect, order.effect);
  compare('time in force', 'GTC', order.timeInForce);
  compare('order type', intent.stopTrigger ? 'Stop Limit' : 'Limit', order.orderType);
  // Of what is no stop nobody knows what the broker shows there.
  if (intent.stopTrigger)
    compare('trigger', intent.stopTrigger.toString(), order.stopTrigger?.toString() ?? null);
  return differences;
}

function legsText(legs: readonly { symbol: string; action: string; quantity: number }[]): string {
  return legs
    .map(({ symbol, action, quantity }) => `${action} ${quantity} ${symbol.replace(/ +/, ' ')}`)
    .sort()
    .join(', ');
}

import { closingEffect, entryDoubt, openedFor, profitAt } from './entry.js';
import { UserError } from './errors.js';
import { Exact } from './exact.js';
import type { Failures } from './failures.js';
import { Decimal, HUNDRED } from './money.js';
import { assertManual } from './pricing.js';
import { type Grid, roundToGrid } from './ticks.js';
import type { Effect, Entry } from './types.js';

/*
 * A stop limit beside a target: it wakes up once closing costs as much, or brings as little, as its trigger says, and then
 * is a limit order. Both prices are net per unit per share, unsigned, in the direction in which the position is closed.
 */

/** How much of the credit or debit may be lost before it wakes up, in percent, or the closing price at which it does. */
export type StopWish = { percent: Decimal } | { price: Decimal };

export interface StopRequest {
  /** What it is of, for a refusal. */
  label: string;
  entry: Entry;
  grid: Grid;
  /** Shares per contract. */
  multiplier: number;
  /** Units in the order. */
  units: number;
  wish: StopWish;
  /** The limit of the target beside it. */
  target: Decimal;
  /** What closing a unit costs at what the other side shows now, negative where it brings something; null is not known. */
  natural: Decimal | null;
}

export interface PricedStop {
  effect: Effect;
  trigger: Decimal;
  limit: Decimal;
  requestedPercent: Decimal | null;
  /** Dollars of the whole order closed at the trigger, before fees; negative is a loss, null is not known. */
  atTrigger: Exact | null;
  /** The same at the limit: no fill is worse. */
  atLimit: Exact | null;
  /** Whether the market is past it already couldn't be seen. */
  unseen: boolean;
}

/**
 * How far behind its trigger the limit lies, of the trigger's price. Without such room the next quote may be past the limit
 * already, and the order would rest while the loss grows.
 */
const ROOM = new Decimal('0.1');
const ONE = new Decimal(1);

/**
 * The stop beside a target. Of what was asked for in percent the trigger is rounded to the side of the smaller loss, so that
 * waking up never costs more than was agreed to; the limit is rounded away from the trigger, so that it has all of its
 * room, but never to more than the position can cost.
 *
 * @throws UserError `STOP_IMPOSSIBLE`, `ENTRY_IMPLAUSIBLE`, `PRICE_OFF_TICK`, `PRICE_ABOVE_WIDTH`
 */
export function priceStop(request: StopRequest): PricedStop {
  const { label, entry, grid, wish, target, natural, multiplier, units } = request;
  const effect = closingEffect(entry);
  const trigger =
    'price' in wish ? assertManual({ entry, grid }, wish.price) : triggerFor(request, wish.percent);
  assertBelowWidth(request, trigger);
  const worse = worseThan(effect);
  if (!worse(trigger, target)) throw impossible(label, { why: 'target', trigger, target });
  const now = natural && (effect === 'debit' ? natural : natural.negated());
  if (now && !worse(trigger, now)) throw impossible(label, { why: 'past', trigger, now });
  const limit = limitBehind(trigger, entry, grid);
  const dollars = (price: Decimal) => profitAt(entry, price)?.times(multiplier).times(units) ?? null;
  return {
    effect,
    trigger,
    limit,
    requestedPercent: 'percent' in wish ? wish.percent : null,
    atTrigger: dollars(trigger),
    atLimit: dollars(limit),
    unseen: natural === null,
  };
}

/** Credit C: C(1 + p/100). Debit D, of a vertical too: D(1 - p/100). */
function triggerFor({ label, entry, grid }: StopRequest, percent: Decimal): Decimal {
  const doubt = entryDoubt(entry);
  const opened = openedFor(entry);
  if (doubt || !opened)
    throw new UserError('ENTRY_IMPLAUSIBLE', { doubt: doubt ?? { kind: 'credit', why: 'unknown' } });
  const buys = closingEffect(entry) === 'debit';
  // Of a debit there is no more to lose, and for nothing nothing can be sold.
  if (percent.lte(0) || (!buys && percent.gte(HUNDRED)))
    throw impossible(label, { why: 'percent', percent, of: buys ? 'credit' : 'debit' });
  const lost = opened.times(percent).div(HUNDRED);
  const raw = buys ? opened.plus(lost) : opened.minus(lost);
  return roundToGrid(grid, raw, buys ? 'down' : 'up');
}

/** Closing never costs more than the width, so at that price or beyond nothing would ever wake up. */
function assertBelowWidth({ label, entry }: StopRequest, trigger: Decimal): void {
  const { width } = entry;
  if (entry.kind !== 'credit' || !width || trigger.lt(width)) return;
  const opened = entry.credit?.gt(0) ? entry.credit : null;
  const highest = opened && Exact.of(width).minus(opened).times(HUNDRED).div(opened).ceilTo(ONE).minus(ONE);
  throw impossible(label, { why: 'width', trigger, width, highest: highest?.gt(0) ? highest : null });
}

function limitBehind(trigger: Decimal, entry: Entry, grid: Grid): Decimal {
  if (closingEffect(entry) === 'credit') return roundToGrid(grid, trigger.minus(trigger.times(ROOM)), 'down');
  const limit = roundToGrid(grid, trigger.plus(trigger.times(ROOM)), 'up');
  const most = entry.width && roundToGrid(grid, entry.width, 'down');
  return most?.lt(limit) ? Decimal.max(most, trigger) : limit;
}

/** Paying more is worse, and so is receiving less. */
function worseThan(effect: Effect): (price: Decimal, than: Decimal) => boolean {
  return (price, than) => (effect === 'debit' ? price.gt(than) : price.lt(than));
}

function impossible(label: string, why: Failures['STOP_IMPOSSIBLE']['because']): UserError {
  return new UserError('STOP_IMPOSSIBLE', { label, because: why });
}

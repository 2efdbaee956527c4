import type { EntryDoubt } from './doubts.js';
import { UserError } from './errors.js';
import { type Amount, Exact } from './exact.js';
import { Decimal, HUNDRED } from './money.js';
import type { Effect, Entry } from './types.js';

/** What was opened for a credit is bought back (you pay), what was opened for a debit is sold. */
export function closingEffect(entry: Entry): Effect {
  return entry.kind === 'credit' ? 'debit' : 'credit';
}

/** What a percentage is a percentage of, in words. */
export function percentOf(entry: Entry): 'credit' | 'maximum profit' | 'debit' {
  return entry.kind === 'debit-vertical' ? 'maximum profit' : entry.kind;
}

/** What one unit was opened for, per share; null where that is not known. */
export function openedFor(entry: Entry): Exact | null {
  return entry.kind === 'credit' ? entry.credit : entry.debit;
}

/** The amount that 100 % of profit means, per share; null where it can't be true (`entryDoubt`), else positive. */
export function fullProfit(entry: Entry): Exact | null {
  const amount = openedFor(entry);
  if (!amount || entryDoubt(entry)) return null;
  return entry.kind === 'debit-vertical' ? Exact.of(entry.width).minus(amount) : amount;
}

/**
 * Why an entry cannot be true of a fair fill, such as a vertical sold for more than its width; null if
 * nothing is odd. A percentage of such an entry would be nonsense, so none is computed from it.
 */
export function entryDoubt(entry: Entry): EntryDoubt | null {
  const amount = openedFor(entry);
  const kind = entry.kind === 'credit' ? 'credit' : 'debit';
  if (!amount) return { kind, why: 'unknown' };
  if (amount.lte(0)) return { kind, why: 'not-above-zero', amount };
  const { width } = entry;
  return width && amount.gte(width) ? { kind, why: 'not-below-width', amount, width } : null;
}

/**
 * The exact closing price per share for a profit target, before any rounding to ticks. Credit C: C(1 - p/100);
 * debit vertical D of width W: D + (W - D)p/100; other debit D: D(1 + p/100).
 *
 * @throws UserError `ENTRY_IMPLAUSIBLE`, `PERCENT_OUT_OF_RANGE`
 */
export function rawPrice(entry: Entry, percent: Decimal): Exact {
  const doubt = entryDoubt(entry);
  if (doubt) throw new UserError('ENTRY_IMPLAUSIBLE', { doubt });
  const [amount, full] = [openedFor(entry), fullProfit(entry)];
  if (!amount || !full) throw new RangeError('an entry without a doubt has an amount');
  assertPercent(entry, percent);
  const gain = full.times(percent).div(HUNDRED);
  return entry.kind === 'credit' ? amount.minus(gain) : amount.plus(gain);
}

/** Profit per share when closed at `price`; negative is a loss, null is not known. */
export function profitAt(entry: Entry, price: Amount): Exact | null {
  const gain = openedFor(entry)?.minus(price) ?? null;
  return entry.kind === 'credit' ? gain : (gain?.negated() ?? null);
}

/** The percentage a closing price realises; null where the entry is implausible. The inverse of `rawPrice`. */
export function percentAt(entry: Entry, price: Amount): Exact | null {
  const full = fullProfit(entry);
  return (full && profitAt(entry, price)?.times(HUNDRED).div(full)) ?? null;
}

/** A credit or a vertical cannot earn more than all of it; a bought option can, and 1000 % is a typo's fence. */
function percentLimit(entry: Entry): Decimal {
  return entry.kind === 'debit' ? new Decimal(1000) : HUNDRED;
}

function assertPercent(entry: Entry, percent: Decimal): void {
  const limit = percentLimit(entry);
  if (percent.gt(0) && percent.lte(limit)) return;
  throw new UserError('PERCENT_OUT_OF_RANGE', { percent, of: percentOf(entry), most: limit });
}

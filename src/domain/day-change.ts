import { exchangeDay } from './dates.js';
import { type Amount, type Exact, sumExact } from './exact.js';
import type { Quotes } from './profit.js';
import { isOptionLeg } from './strategies/shape.js';
import type { IsoDate, Position, PositionLeg, Quote } from './types.js';

/**
 * What a day at the exchange has changed of an open profit, in dollars at the marks: since the close before it, or since
 * the position was opened on that very day. Over the option legs held now, as the open profit is; null where a mark, an
 * earlier close or the day of opening isn't known.
 */
export function dayChange({ legs, openedAt }: Position, quotes: Quotes, day: IsoDate): Exact | null {
  if (!openedAt) return null;
  const fresh = exchangeDay(openedAt) === day;
  const changes: Exact[] = [];
  for (const leg of legs) {
    if (!isOptionLeg(leg) || leg.held === 0) continue;
    const quote = quotes.get(leg.instrument.symbol);
    const before = fresh ? leg.openPrice : closeBefore(quote, day);
    if (!quote?.mark || !before) return null;
    changes.push(moved(leg, quote.mark, before));
  }
  return changes.length > 0 ? sumExact(changes) : null;
}

/** A close of that day itself is no earlier one: after the session some feeds have moved on already. */
function closeBefore(quote: Quote | undefined, day: IsoDate): Amount | null {
  const close = quote?.previousClose;
  return close && close.day < day ? close.price : null;
}

function moved({ instrument, side, held }: PositionLeg, mark: Amount, before: Amount): Exact {
  const perShare = sumExact([mark]).minus(before);
  return perShare.times(side === 'long' ? held : -held).times(instrument.multiplier);
}

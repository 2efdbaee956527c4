import { DAY_MS } from './dates.js';
import type { SessionOf } from './expiration.js';
import { Decimal } from './money.js';
import type { IsoDate, PreviousClose, Quote, QuoteDoubt } from './types.js';

/** A quote as the broker told it; each field null where it tells none. */
export interface ToldQuote {
  bid: Decimal | null;
  ask: Decimal | null;
  mark: Decimal | null;
  /** When it last changed. */
  at: Date | null;
  halted: boolean;
  previousClose?: PreviousClose | null;
}

/**
 * From this ask on an option without a bid is not quoted but held open: the middle of nothing and so much is no
 * price. Below it, nobody bidding for an option that is nearly worthless is usual.
 */
const WIDE_ASK = new Decimal('0.25');

/**
 * What of a quote can be true. One that can't be is no quote at all, with the reason: whatever is computed from it
 * (profit, distance, "fills at once") would be made up.
 *
 * @param openedAt when the present session opened, or outside of one the last; what is older tells nothing
 */
export function soundQuote(told: ToldQuote, kind: 'option' | 'other', openedAt: Date | null): Quote {
  const doubt = doubtOf(told, kind, openedAt);
  if (doubt) return noQuote(doubt);
  const { bid, ask, mark, at, previousClose } = told;
  const sound = previousClose?.price.gte(0) ? previousClose : null;
  return { bid, ask, mark, ...(at && { at }), ...(sound && { previousClose: sound }) };
}

export function noQuote(doubt: QuoteDoubt): Quote {
  return { bid: null, ask: null, mark: null, doubt };
}

function doubtOf(
  { bid, ask, mark, at, halted }: ToldQuote,
  kind: 'option' | 'other',
  openedAt: Date | null,
): QuoteDoubt | null {
  if (halted) return 'halted';
  if (at && openedAt && at < openedAt) return 'old';
  if ([bid, ask, mark].some((price) => price?.lt(0))) return 'impossible';
  if (bid && ask && bid.gt(ask)) return 'crossed';
  if (kind === 'other') return null;
  if (ask && !bid?.gt(0) && (ask.isZero() || ask.gt(WIDE_ASK))) return 'no-bid';
  if (bid && ask && mark && (mark.lt(bid) || mark.gt(ask))) return 'impossible';
  return null;
}

/** When the session opened that runs at this instant, or the last one before it; null if none is found. */
export function lastOpening(now: Date, today: IsoDate, sessionOf: SessionOf): Date | null {
  for (let back = 0; back <= 10; back += 1) {
    const day = new Date(Date.parse(today) - back * DAY_MS).toISOString().slice(0, 10);
    const open = sessionOf(day)?.open;
    if (open && open <= now) return open;
  }
  return null;
}

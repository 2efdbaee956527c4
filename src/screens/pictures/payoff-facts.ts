import type { Exact } from '../../domain/exact.js';
import type { Decimal } from '../../domain/money.js';
import { type Payoff, payoffOf, profitNow } from '../../domain/payoff.js';
import type { Quotes } from '../../domain/profit.js';
import type { OpenPosition } from '../../services/accounts/positions.js';
import { heading } from '../position.js';
import type { TargetMark } from './target-marks.js';

export interface PayoffFacts {
  id: number;
  /** `#37 QQQ Senex Trident`. */
  heading: string;
  underlying: string;
  payoff: Payoff;
  /** The underlying's price now; null if not known. */
  price: Decimal | null;
  /** Dollars at the marks; null if not known. */
  now: Exact | null;
  targets: readonly TargetMark[];
}

/**
 * Null where a picture would be made up: what it was opened for isn't known, or a row of the broker's about it can't be
 * read.
 */
export function payoffFacts(
  view: OpenPosition,
  { quotes, price, targets }: { quotes: Quotes; price: Decimal | null; targets: readonly TargetMark[] },
): PayoffFacts | null {
  const { id, position, odd } = view;
  const payoff = odd.length > 0 ? null : payoffOf(position.legs);
  if (!payoff) return null;
  const now = profitNow(position.legs, quotes);
  return { id, heading: heading(view), underlying: position.underlying, payoff, price, now, targets };
}

import { dte } from '../../domain/dates.js';
import { Decimal, ZERO } from '../../domain/money.js';
import { isAdjusted } from '../../domain/occ.js';
import type { Quotes } from '../../domain/profit.js';
import type { IsoDate, OptionTerms, PositionLeg } from '../../domain/types.js';
import type { Market, UnderlyingFacts } from './market.js';

/**
 * Something to know about one short option leg. What can't be told is a mark of its own, so that silence always means
 * "looked at, and fine".
 *
 * - `in-the-money`: by how much, at which price of the underlying
 * - `early-assignment`: so little would be lost by exercising that its holder may do it any day
 * - `assigned-at-expiration`: near expiration; stays in the money, gets assigned
 * - `ex-dividend`: a call whose holder may exercise to get a dividend; `likely` where it is worth more to him than what
 *   exercising gives up, null where the amounts aren't known
 */
export type Mark =
  | { kind: 'in-the-money'; by: Decimal; price: Decimal }
  | { kind: 'early-assignment'; extrinsic: Decimal }
  | { kind: 'assigned-at-expiration'; cash: boolean }
  | { kind: 'ex-dividend'; date: IsoDate; amount: Decimal | null; likely: boolean | null }
  | { kind: 'ex-dividend-unknown' }
  | { kind: 'extrinsic-unknown' }
  | { kind: 'price-unknown' }
  | { kind: 'adjusted' };

export interface MarkedLeg {
  leg: PositionLeg;
  marks: Mark[];
}

/** At or below this per share, holding on is worth so little to the other side that early exercise is usual. */
const LITTLE_EXTRINSIC = new Decimal('0.10');
/** So near to expiration an option in the money is mostly a matter of days. */
const NEAR_DAYS = 7;
/** Cash-settled index options are European, with this exception (Cboe, "S&P 100 Index Options"). */
const AMERICAN_INDEXES = new Set(['OEX']);

/**
 * The short option legs held, with what is risky about them now. Early exercise by what a holder gives up, its
 * extrinsic value, and for calls the dividend (The Options Industry Council, "Options Assignment" and "Dividends and
 * Options").
 */
export function markedShorts(
  legs: readonly PositionLeg[],
  market: Market,
  quotes: Quotes,
  now: Date,
): MarkedLeg[] {
  return legs
    .filter(({ side, held, instrument }) => side === 'short' && held > 0 && instrument.option)
    .map((leg) => {
      const facts = market.get(leg.instrument.underlying) ?? null;
      return { leg, marks: marksOf(leg, facts, quotes.get(leg.instrument.symbol)?.mark ?? null, now) };
    });
}

/** How far an option is in the money per share; zero or less is not. */
function moneyness({ type, strike }: OptionTerms, price: Decimal): Decimal {
  return type === 'call' ? price.minus(strike) : strike.minus(price);
}

function marksOf(
  { instrument: { option } }: PositionLeg,
  facts: UnderlyingFacts | null,
  optionMark: Decimal | null,
  now: Date,
): Mark[] {
  if (!option) return [];
  // A changed deliverable makes the strike incomparable with the stock's price.
  if (isAdjusted(option)) return [{ kind: 'adjusted' }];
  if (!facts?.price) return [{ kind: 'price-unknown' }];
  const by = moneyness(option, facts.price);
  if (by.lte(0)) return [];
  const extrinsic = optionMark && Decimal.max(ZERO, optionMark.minus(by));
  const left = dte(now, option.expiration);
  const cash = facts.isIndex === true;
  const marks: Mark[] = [{ kind: 'in-the-money', by, price: facts.price }];
  if (left <= NEAR_DAYS) marks.push({ kind: 'assigned-at-expiration', cash });
  const european = cash && !AMERICAN_INDEXES.has(facts.symbol);
  if (european) return marks;
  if (extrinsic === null) marks.push({ kind: 'extrinsic-unknown' });
  else if (extrinsic.lte(LITTLE_EXTRINSIC)) marks.push({ kind: 'early-assignment', extrinsic });
  if (option.type === 'call' && !cash) marks.push(...dividendMarks(option, facts, extrinsic, now));
  return marks;
}

function dividendMarks(
  { expiration }: OptionTerms,
  { dividend }: UnderlyingFacts,
  extrinsic: Decimal | null,
  now: Date,
): Mark[] {
  if (!dividend) return [{ kind: 'ex-dividend-unknown' }];
  const { date, amount } = dividend;
  // Who exercises on the day before still gets it, so the day itself is too late to be assigned for it.
  const ahead = date !== null && dte(now, date) > 0 && date <= expiration;
  if (!ahead) return [];
  const likely = amount && extrinsic ? amount.gt(extrinsic) : null;
  return [{ kind: 'ex-dividend', date, amount, likely }];
}

import type { PositionLeg, Side } from '../types.js';
import { allEqual, byStrike, sameSeries, strikeOf, typeOf } from './shape.js';
import { simple } from './strategy.js';

/**
 * Two strikes of one type, unequal numbers. The usual percentage is for more sold than bought, and a credit. A back
 * ratio is a trade on a large move, whatever it brought in; of it, and of a debit, a percentage must be given.
 */
export const ratio = simple({
  id: 'ratio',
  name: 'Ratio spread',
  defaultPercents: [50],
  percentOf: 'credit',
  meantFor: (legs) => moreOf(legs) === 'short',
  recognise(legs) {
    const [low, high, ...rest] = byStrike(legs) ?? [];
    if (!low || !high || rest.length > 0) return false;
    return (
      sameSeries([low, high]) &&
      allEqual([low, high], typeOf) &&
      strikeOf(low).lt(strikeOf(high)) &&
      low.side !== high.side &&
      low.opened !== high.opened
    );
  },
  title(legs) {
    return moreOf(legs) === 'short' ? 'Front ratio spread' : 'Back ratio spread';
  },
});

/** The side with more contracts. */
function moreOf(legs: readonly PositionLeg[]): Side | undefined {
  return legs.toSorted((a, b) => b.opened - a.opened)[0]?.side;
}

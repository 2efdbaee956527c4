import { allEqual, byStrike, sameSeries, strikeOf, typeOf } from './shape.js';
import { simple } from './strategy.js';

/** Two strikes of one type, unequal numbers. Opened for a credit 50 % of it; else a percentage must be given. */
export const ratio = simple({
  id: 'ratio',
  name: 'Ratio spread',
  defaultPercents: [50],
  percentOf: 'credit',
  defaultsFor: 'credit',
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
    const [fewer, more] = legs.toSorted((a, b) => a.opened - b.opened);
    if (!fewer || !more) return 'Ratio spread';
    return more.side === 'short' ? 'Front ratio spread' : 'Back ratio spread';
  },
});

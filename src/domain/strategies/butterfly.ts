import { allEqual, byStrike, sameSeries, strikeOf, typeOf } from './shape.js';
import { simple } from './strategy.js';

/**
 * Three strikes of one type, 1:2:1, the middle on the other side; broken wings count too. The percentage is of
 * the debit: a butterfly's maximum is reached at one single price and makes a poor yardstick. One opened for a
 * credit (sold, or with a broken wing) has its profit elsewhere, so a percentage has to be given.
 */
export const butterfly = simple({
  id: 'butterfly',
  name: 'Butterfly',
  defaultPercents: [25],
  percentOf: 'debit',
  recognise(legs) {
    const [low, middle, high, ...rest] = byStrike(legs) ?? [];
    if (!low || !middle || !high || rest.length > 0) return false;
    const all = [low, middle, high];
    return (
      sameSeries(all) &&
      allEqual(all, typeOf) &&
      strikeOf(low).lt(strikeOf(middle)) &&
      strikeOf(middle).lt(strikeOf(high)) &&
      low.side === high.side &&
      low.side !== middle.side &&
      low.opened === high.opened &&
      middle.opened === 2 * low.opened
    );
  },
  title(legs) {
    const [low, middle, high] = byStrike(legs) ?? [];
    if (!low || !middle || !high) return 'Butterfly';
    const even = strikeOf(middle)
      .times(2)
      .eq(strikeOf(low).plus(strikeOf(high)));
    return `${low.side === 'long' ? 'Long' : 'Short'} ${typeOf(low)} ${even ? '' : 'broken-wing '}butterfly`;
  },
});

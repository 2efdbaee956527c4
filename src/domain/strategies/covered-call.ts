import { isOptionLeg, typeOf } from './shape.js';
import { simple } from './strategy.js';

/** A short call over at least as many shares as it can call away. A target buys back the call only. */
export const coveredCall = simple({
  id: 'covered-call',
  name: 'Covered call',
  defaultPercents: [50],
  percentOf: 'credit',
  recognise(legs) {
    const [stock, ...moreStock] = legs.filter((leg) => !isOptionLeg(leg));
    const [call, ...moreOptions] = legs.filter(isOptionLeg);
    if (!stock || !call || moreStock.length + moreOptions.length > 0) return false;
    const shares = call.opened * call.instrument.multiplier;
    return (
      stock.side === 'long' && call.side === 'short' && typeOf(call) === 'call' && stock.opened >= shares
    );
  },
});

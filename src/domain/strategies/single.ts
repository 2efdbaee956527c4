import type { PositionLeg, Side } from '../types.js';
import { isOptionLeg, type OptionLeg, typeOf } from './shape.js';
import { simple } from './strategy.js';

/** One bought call or put; the usual target doubles the money. */
export const singleLong = simple({
  id: 'single-long',
  name: 'Long option',
  defaultPercents: [100],
  percentOf: 'debit',
  recognise: (legs) => only(legs, 'long') !== null,
  title: (legs) => title('Long', legs),
});

/** One sold call or put. Whether a short put is secured by cash is the account's affair, not the legs'. */
export const singleShort = simple({
  id: 'single-short',
  name: 'Short option',
  defaultPercents: [50],
  percentOf: 'credit',
  recognise: (legs) => only(legs, 'short') !== null,
  title: (legs) => title('Short', legs),
});

function only(legs: readonly PositionLeg[], side: Side): OptionLeg | null {
  const [leg, ...rest] = legs;
  return leg && rest.length === 0 && isOptionLeg(leg) && leg.side === side ? leg : null;
}

function title(word: 'Long' | 'Short', legs: readonly PositionLeg[]): string {
  const leg = legs.find(isOptionLeg);
  return leg ? `${word} ${typeOf(leg)}` : `${word} option`;
}

import type { PositionLeg } from '../types.js';
import { allEqual, byStrike, type OptionLeg, strikeOf, typeOf } from './shape.js';
import { simple } from './strategy.js';

/** One strike, two expirations. The default is for bought ones; a sold one needs a percentage. */
export const calendar = simple({
  id: 'calendar',
  name: 'Calendar',
  defaultPercents: [25],
  percentOf: 'debit',
  recognise(legs) {
    const pair = twoExpirations(legs);
    return pair !== null && allEqual(pair, (leg) => strikeOf(leg).toString());
  },
});

/** Two strikes, two expirations. */
export const diagonal = simple({
  id: 'diagonal',
  name: 'Diagonal',
  defaultPercents: [25],
  percentOf: 'debit',
  recognise: (legs) => twoExpirations(legs) !== null && !calendar.recognise(legs),
});

/** One bought and one sold of a type, in equal number. Roots may differ: a monthly against a weekly. */
function twoExpirations(legs: readonly PositionLeg[]): OptionLeg[] | null {
  const options = byStrike(legs);
  if (options?.length !== 2) return null;
  const alike = allEqual(options, (leg) => `${typeOf(leg)} ${leg.opened} ${leg.instrument.multiplier}`);
  const apart = !allEqual(options, ({ instrument }) => instrument.option.expiration);
  return alike && apart && !allEqual(options, ({ side }) => side) ? options : null;
}

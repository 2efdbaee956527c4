import type { PositionLeg } from '../types.js';
import {
  allEqual,
  byStrike,
  componentOf,
  gcd,
  isOptionLeg,
  type OptionLeg,
  pick,
  sameSeries,
  strikeOf,
  typeOf,
} from './shape.js';
import { decimals, type Strategy } from './strategy.js';

const ID = 'senex-trident';
const NAME = 'Senex Trident';
const PERCENTS = [40, 60, 50];

/**
 * Two equal bull put verticals and one bear call vertical of one expiration, opened 2:2:1:1 in one order. The
 * strategy's textbook form has equal short strikes and equal wings, but fills after an adjustment, or one
 * opened a strike off, are traded just the same: what matters here is that put and call verticals don't
 * overlap (short put strike at or below the short call's).
 *
 * Its verticals are closed apart, each at percentages of its own credit: of a list the last is for the call
 * verticals, those before share the put verticals.
 */
export const senexTrident: Strategy = {
  id: ID,
  name: NAME,
  defaultPercents: PERCENTS,
  percentOf: 'credit',
  title: () => NAME,
  recognise(legs) {
    const options = byStrike(legs);
    if (options?.length !== 4 || !sameSeries(options)) return false;
    const [longPut] = pick(options, 'long', 'put');
    const [shortPut] = pick(options, 'short', 'put');
    const [shortCall] = pick(options, 'short', 'call');
    const [longCall] = pick(options, 'long', 'call');
    if (!longPut || !shortPut || !shortCall || !longCall) return false;
    return (
      allEqual([longPut, shortPut], ({ opened }) => opened) &&
      allEqual([shortCall, longCall], ({ opened }) => opened) &&
      shortPut.opened === 2 * shortCall.opened &&
      strikeOf(longPut).lt(strikeOf(shortPut)) &&
      strikeOf(shortPut).lte(strikeOf(shortCall)) &&
      strikeOf(shortCall).lt(strikeOf(longCall))
    );
  },
  components(legs, percents) {
    const list = percents ?? decimals(PERCENTS);
    const options = legs.filter(isOptionLeg);
    const puts = ofType(options, 'put');
    const calls = ofType(options, 'call');
    const plural = gcd(calls.map(({ opened }) => opened)) > 1;
    return [
      componentOf('puts', 'Put verticals', puts, list.slice(0, -1)),
      componentOf('calls', plural ? 'Call verticals' : 'Call vertical', calls, list.slice(-1)),
    ];
  },
};

function ofType(legs: readonly OptionLeg[], type: 'call' | 'put'): PositionLeg[] {
  return legs.filter((leg) => typeOf(leg) === type);
}

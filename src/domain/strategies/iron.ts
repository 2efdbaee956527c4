import type { PositionLeg } from '../types.js';
import { allEqual, byStrike, type OptionLeg, pick, sameSeries, strikeOf } from './shape.js';
import { simple } from './strategy.js';

/** A put and a call vertical, both sold, around the market. The bought (reverse) form is left as custom. */
export const ironCondor = simple({
  id: 'iron-condor',
  name: 'Iron condor',
  defaultPercents: [50],
  percentOf: 'credit',
  recognise(legs) {
    const shorts = shortStrikesOf(legs);
    return shorts !== null && strikeOf(shorts.put).lt(strikeOf(shorts.call));
  },
});

/** An iron condor whose short strikes meet. */
export const ironButterfly = simple({
  id: 'iron-butterfly',
  name: 'Iron butterfly',
  defaultPercents: [25],
  percentOf: 'credit',
  recognise(legs) {
    const shorts = shortStrikesOf(legs);
    return shorts !== null && strikeOf(shorts.put).eq(strikeOf(shorts.call));
  },
});

function shortStrikesOf(legs: readonly PositionLeg[]): { put: OptionLeg; call: OptionLeg } | null {
  const options = byStrike(legs);
  if (options?.length !== 4 || !sameSeries(options) || !allEqual(options, ({ opened }) => opened))
    return null;
  const [longPut] = pick(options, 'long', 'put');
  const [put] = pick(options, 'short', 'put');
  const [call] = pick(options, 'short', 'call');
  const [longCall] = pick(options, 'long', 'call');
  if (!longPut || !put || !call || !longCall) return null;
  return strikeOf(longPut).lt(strikeOf(put)) && strikeOf(call).lt(strikeOf(longCall)) ? { put, call } : null;
}

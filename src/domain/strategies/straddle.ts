import type { PositionLeg, Side } from '../types.js';
import { byStrike, pick, sameSeries, strikeOf } from './shape.js';
import { simple } from './strategy.js';

/** 25 % of the credit is the common practice for sold straddles. */
export const shortStraddle = simple({
  id: 'short-straddle',
  name: 'Short straddle',
  defaultPercents: [25],
  percentOf: 'credit',
  recognise: (legs) => strikes(legs, 'short') === 0,
});

/** Bought ones are sold at one and a half times their debit. */
export const longStraddle = simple({
  id: 'long-straddle',
  name: 'Long straddle',
  defaultPercents: [50],
  percentOf: 'debit',
  recognise: (legs) => strikes(legs, 'long') === 0,
});

export const shortStrangle = simple({
  id: 'short-strangle',
  name: 'Short strangle',
  defaultPercents: [50],
  percentOf: 'credit',
  recognise: (legs) => strikes(legs, 'short') === -1,
});

/** As the long straddle. */
export const longStrangle = simple({
  id: 'long-strangle',
  name: 'Long strangle',
  defaultPercents: [50],
  percentOf: 'debit',
  recognise: (legs) => strikes(legs, 'long') === -1,
});

/** For a put and a call on one side in equal number: how their strikes compare, put to call. */
function strikes(legs: readonly PositionLeg[], side: Side): number | null {
  const options = byStrike(legs);
  if (options?.length !== 2 || !sameSeries(options)) return null;
  const [put] = pick(options, side, 'put');
  const [call] = pick(options, side, 'call');
  return put && call && put.opened === call.opened ? strikeOf(put).cmp(strikeOf(call)) : null;
}

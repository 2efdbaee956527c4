import type { PositionLeg } from '../types.js';
import { entryOf, isOptionLeg, isVertical, typeOf } from './shape.js';
import { simple } from './strategy.js';

/** Sold for a credit: the short strike is nearer the money than the long one. */
export const creditVertical = simple({
  id: 'credit-vertical',
  name: 'Credit vertical',
  defaultPercents: [50],
  percentOf: 'credit',
  recognise: (legs) => isVertical(legs) && entryOf(legs).kind === 'credit',
  title: (legs) => (isPut(legs) ? 'Bull put vertical' : 'Bear call vertical'),
});

/** Bought for a debit. Its percentage is of the maximum profit, the width less the debit. */
export const debitVertical = simple({
  id: 'debit-vertical',
  name: 'Debit vertical',
  defaultPercents: [50],
  percentOf: 'maximum profit',
  recognise: (legs) => isVertical(legs) && entryOf(legs).kind !== 'credit',
  title: (legs) => (isPut(legs) ? 'Bear put vertical' : 'Bull call vertical'),
});

function isPut(legs: readonly PositionLeg[]): boolean {
  return legs.some((leg) => isOptionLeg(leg) && typeOf(leg) === 'put');
}

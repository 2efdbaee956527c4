import type { Decimal } from '../money.js';
import type { Component, Position, PositionLeg } from '../types.js';
import { butterfly } from './butterfly.js';
import { calendar, diagonal } from './calendar.js';
import { coveredCall } from './covered-call.js';
import { custom } from './custom.js';
import { ironButterfly, ironCondor } from './iron.js';
import { ratio } from './ratio.js';
import { senexTrident } from './senex-trident.js';
import { singleLong, singleShort } from './single.js';
import { longStraddle, longStrangle, shortStraddle, shortStrangle } from './straddle.js';
import type { Strategy } from './strategy.js';
import { creditVertical, debitVertical } from './vertical.js';

/** In order: the first that recognises the legs wins. To add a strategy, write its module and list it here. */
export const STRATEGIES: readonly Strategy[] = [
  senexTrident,
  ironCondor,
  ironButterfly,
  coveredCall,
  singleLong,
  singleShort,
  creditVertical,
  debitVertical,
  shortStraddle,
  longStraddle,
  shortStrangle,
  longStrangle,
  calendar,
  diagonal,
  butterfly,
  ratio,
  custom,
];

/** Percentages from the settings, by strategy id. */
export type ProfitTargets = ReadonlyMap<string, readonly Decimal[]>;

/** The strategy of these legs, judged by the quantities opened. */
export function recognise(
  legs: readonly PositionLeg[],
  strategies: readonly Strategy[] = STRATEGIES,
): Strategy {
  return strategies.find((strategy) => strategy.recognise(legs)) ?? custom;
}

/** Custom for an id that no (longer) exists. */
export function strategyOf({ strategy }: Pick<Position, 'strategy'>): Strategy {
  return STRATEGIES.find(({ id }) => id === strategy) ?? custom;
}

/** `Bull put vertical`, `Senex Trident`, … */
export function titleOf(position: Pick<Position, 'strategy' | 'legs'>): string {
  return strategyOf(position).title(position.legs);
}

/** The separately closed parts of a position with their default percentages; closed parts have no units. */
export function componentsOf(
  position: Pick<Position, 'strategy' | 'legs'>,
  targets: ProfitTargets = new Map(),
): Component[] {
  const strategy = strategyOf(position);
  return strategy.components(position.legs, targets.get(strategy.id) ?? null);
}

import type { Decimal } from '../money.js';
import type { Component, Position, PositionLeg } from '../types.js';
import { butterfly } from './butterfly.js';
import { calendar, diagonal } from './calendar.js';
import { coveredCall } from './covered-call.js';
import { custom } from './custom.js';
import { ironButterfly, ironCondor } from './iron.js';
import { ratio } from './ratio.js';
import { restsOf } from './rest.js';
import { senexTrident } from './senex-trident.js';
import { areAsOpened } from './shape.js';
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

/**
 * `Bull put vertical`, `Senex Trident`; `Bear call vertical × 2, rest of an iron condor` where not all of its parts are
 * left; `Bull put vertical + Short put` where more of some legs is held than of the others.
 */
export function titleOf(position: Pick<Position, 'strategy' | 'legs'>): string {
  const strategy = strategyOf(position);
  const { own, rests } = partsOf(position, NO_TARGETS);
  const living = own.filter(({ units }) => units > 0);
  const whole = strategy.title(position.legs);
  if (living.length === own.length) return [whole, ...rests.map(countedLabel)].join(' + ');
  const parts = [...living, ...rests].map(countedLabel).join(' + ');
  return parts === '' ? whole : `${parts}, rest of ${oneOf(strategy, whole)}`;
}

/** Some of the parts it was opened with are gone. */
export function isRest(position: Pick<Position, 'strategy' | 'legs'>): boolean {
  return partsOf(position, NO_TARGETS).own.some(({ units }) => units === 0);
}

/**
 * The separately closed parts of a position with their default percentages: those it was opened with, which have no
 * units once closed, and what is left of them beyond whole units. Every contract held is in one of them.
 */
export function componentsOf(
  position: Pick<Position, 'strategy' | 'legs'>,
  targets: ProfitTargets = NO_TARGETS,
): Component[] {
  const { own, rests } = partsOf(position, targets);
  return [...own, ...rests];
}

/** The parts a position was opened with, and what is left of them beyond whole units. */
interface Parts {
  own: readonly Component[];
  rests: readonly Component[];
}

interface KnownParts extends Parts {
  strategy: string;
  targets: ProfitTargets;
  legs: readonly PositionLeg[];
}

const NO_TARGETS: ProfitTargets = new Map();

/** Each look asks for them a dozen times: to recognise, name, judge, cover, price and show. */
const PARTS = new WeakMap<readonly PositionLeg[], KnownParts[]>();
/** With the percentages of the settings, and without any. */
const MOST_PARTS = 2;

function partsOf({ strategy: id, legs }: Pick<Position, 'strategy' | 'legs'>, told: ProfitTargets): Parts {
  const targets = told.size === 0 ? NO_TARGETS : told;
  const known = PARTS.get(legs) ?? [];
  const found = known.find(
    (each) =>
      each.strategy === id &&
      each.targets === targets &&
      areAsOpened(each.legs, legs) &&
      legs.every(({ held }, index) => held === each.legs[index]?.held),
  );
  if (found) return found;
  const strategy = strategyOf({ strategy: id });
  const own = strategy.components(legs, targets.get(strategy.id) ?? null);
  const rests = own.flatMap((component) =>
    restsOf(component, legs, recognise, (other, held) =>
      other.components(held, targets.get(other.id) ?? null),
    ),
  );
  const now = { strategy: id, targets, legs: legs.map((leg) => ({ ...leg })), own, rests };
  PARTS.set(legs, [now, ...known].slice(0, MOST_PARTS));
  return { own, rests };
}

function countedLabel({ label, units }: Component): string {
  return units > 1 ? `${label} × ${units}` : label;
}

/** `an iron condor`, `a Senex Trident`, `a custom position`. */
function oneOf({ id }: Strategy, title: string): string {
  if (id === custom.id) return 'a custom position';
  const name = id === senexTrident.id ? title : title.charAt(0).toLowerCase() + title.slice(1);
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
}

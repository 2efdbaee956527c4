import { describeTerse } from '../occ.js';
import type { Component, PositionLeg } from '../types.js';
import { custom } from './custom.js';
import { isOptionLeg, type OptionLeg, typeOf } from './shape.js';
import type { Strategy } from './strategy.js';

/**
 * What is held beyond a component's complete units: an iron condor that lost its puts leaves a call vertical, a
 * vertical of two that lost one long leg a short put beside the other. Recognised by what is held, priced by its own
 * fills. Of what no strategy knows as a whole, calls and puts are looked at apart; what still nobody knows stays
 * together, so that no leg of it is closed alone.
 *
 * @param legs those of the component, as opened
 * @param recognise finds the strategy of some legs
 * @param componentsOf the parts of a strategy's legs
 */
export function restsOf(
  { key, units, legs: unitLegs }: Component,
  legs: readonly PositionLeg[],
  recognise: (legs: readonly PositionLeg[]) => Strategy,
  componentsOf: (strategy: Strategy, legs: readonly PositionLeg[]) => Component[],
): Component[] {
  const waiting = [...unitLegs];
  const ratioOf = ({ instrument, side }: PositionLeg) => {
    const at = waiting.findIndex((leg) => leg.instrument.symbol === instrument.symbol && leg.side === side);
    return at < 0 ? 0 : (waiting.splice(at, 1)[0]?.ratio ?? 0);
  };
  // What never had a place in a unit, such as shares under a call, is nobody's rest.
  const beyond = legs.filter(isOptionLeg).flatMap((leg) => {
    const ratio = ratioOf(leg);
    const whole = units * ratio;
    return leg.held > whole && ratio > 0 ? [{ leg, opened: leg.opened - whole, held: leg.held - whole }] : [];
  });
  const held: OptionLeg[] = beyond.map((each) => ({ ...each.leg, opened: each.held, held: each.held }));
  const openedOf = new Map(beyond.map(({ leg, opened }) => [leg.instrument.symbol, opened]));
  return piecesOf(held, recognise).flatMap(({ pieceLegs, strategy }) =>
    componentsOf(strategy, pieceLegs).map((component) => ({
      ...component,
      key: `${key}/${pieceLegs.map(({ instrument }) => describeTerse(instrument)).join('/')}/${component.key}`,
      openedUnits: Math.min(
        ...component.legs.map(({ instrument, ratio }) =>
          Math.floor((openedOf.get(instrument.symbol) ?? 0) / ratio),
        ),
      ),
    })),
  );
}

interface Piece {
  pieceLegs: PositionLeg[];
  strategy: Strategy;
}

function piecesOf(
  held: readonly OptionLeg[],
  recognise: (legs: readonly PositionLeg[]) => Strategy,
): Piece[] {
  if (held.length === 0) return [];
  const whole: Piece = { pieceLegs: [...held], strategy: recognise(held) };
  if (whole.strategy.id !== custom.id) return [whole];
  const apart = (['put', 'call'] as const)
    .map((type) => held.filter((leg) => typeOf(leg) === type))
    .filter((legs) => legs.length > 0)
    .map((legs): Piece => ({ pieceLegs: legs, strategy: recognise(legs) }));
  return apart.some(({ strategy }) => strategy.id === custom.id) ? [whole] : apart;
}

import { bondsOf, sharesHedged } from '../../domain/bonds.js';
import type { Holding, Instrument, Position } from '../../domain/types.js';

/** A leg of one position covers a leg of another, as far as their contracts tell. */
export interface Tie {
  /** Whether this position's long leg covers the other's short one, or the other way round. */
  role: 'covers' | 'covered';
  contracts: number;
  own: Instrument;
  other: { id: number; instrument: Instrument };
}

/** How a position belongs to others and to shares held: what a `OpenPosition` says of it. */
export interface Ties {
  ties: Tie[];
  hedges: number;
}

/** All it holds is there to protect: long legs that cover shorts elsewhere, or a put over shares. No target is missed. */
export function onlyProtects({ position, ties, hedges }: Ties & { position: Position }): boolean {
  if (hedges > 0) return true;
  const held = position.legs.filter((leg) => leg.held > 0 && leg.instrument.option);
  return held.every(({ instrument, side, held: count }) => {
    const covering = ties.filter(({ role, own }) => role === 'covers' && own.symbol === instrument.symbol);
    return side === 'long' && covering.reduce((total, { contracts }) => total + contracts, 0) >= count;
  });
}

/** By position key. @param idOf the lasting id of a position */
export function tiesOf(
  positions: readonly Position[],
  holdings: readonly Holding[],
  idOf: (key: string) => number,
): (position: Position) => Ties {
  const found = new Map<string, Tie[]>();
  const add = (key: string, tie: Tie) => {
    const ties = found.get(key) ?? [];
    if (ties.push(tie) === 1) found.set(key, ties);
  };
  for (const { contracts, long, short } of bondsOf(positions)) {
    add(long.key, {
      role: 'covers',
      contracts,
      own: long.instrument,
      other: { id: idOf(short.key), instrument: short.instrument },
    });
    add(short.key, {
      role: 'covered',
      contracts,
      own: short.instrument,
      other: { id: idOf(long.key), instrument: long.instrument },
    });
  }
  const shares = new Map<string, Holding>();
  for (const holding of holdings) {
    const { option, underlying } = holding.instrument;
    if (!option && !shares.has(underlying)) shares.set(underlying, holding);
  }
  return (position) => ({
    ties: found.get(position.key) ?? [],
    hedges: sharesHedged(position, (underlying) => shares.get(underlying)),
  });
}

import { isAdjusted } from './occ.js';
import { byNeed, coverGroup, livesAsLong } from './protection.js';
import type { Holding, Instrument, Position, PositionLeg } from './types.js';

/** A long leg of one position covers a short leg of another: seen from the contracts, told by no order. */
export interface Bond {
  contracts: number;
  long: { key: string; instrument: Instrument };
  short: { key: string; instrument: Instrument };
}

interface Open {
  key: string;
  instrument: Instrument;
  left: number;
}

/**
 * Which positions belong together by contract though orders of their own opened them: a wing that was rolled, a put
 * bought later under a short put, a calendar put together leg by leg. Within a position legs cover each other first.
 */
export function bondsOf(positions: readonly Position[]): Bond[] {
  const groups = new Map<string, { longs: Open[]; shorts: Open[] }>();
  for (const position of positions) {
    for (const [key, open] of uncoveredOf(position)) {
      const group = groups.get(key) ?? { longs: [], shorts: [] };
      groups.set(key, group);
      group.longs.push(...open.longs.filter(({ left }) => left > 0));
      group.shorts.push(...open.shorts.filter(({ left }) => left > 0));
    }
  }
  return [...groups.values()].flatMap(({ longs, shorts }) => paired(longs, shorts));
}

/**
 * Long puts of a position that holds nothing else, while the account holds enough shares for one: how many shares.
 *
 * @param sharesOf the holding of an underlying's shares
 */
export function sharesHedged(
  { legs, underlying }: Position,
  sharesOf: (underlying: string) => Holding | undefined,
): number {
  const held = legs.filter((leg) => leg.held > 0);
  const only = held.every(
    ({ instrument: { option }, side }) => option?.type === 'put' && side === 'long' && !isAdjusted(option),
  );
  const shares = only ? sharesOf(underlying) : undefined;
  if (shares?.side !== 'long') return 0;
  const lots = held.map(({ instrument: { multiplier }, held: count }) => {
    return Math.min(count, Math.floor(shares.quantity / multiplier)) * multiplier;
  });
  return Math.min(
    shares.quantity,
    lots.reduce((total, count) => total + count, 0),
  );
}

/** What a position's own legs don't cover, and don't need as cover, by kind of contract. */
function uncoveredOf({ key, legs }: Position): Map<string, { longs: Open[]; shorts: Open[] }> {
  const groups = new Map<string, { longs: Open[]; shorts: Open[] }>();
  let shares = legs.reduce((total, leg) => total + (leg.instrument.option ? 0 : leg.held), 0);
  for (const leg of legs) {
    const kind = coverGroup(leg.instrument);
    const covered = underShares(leg, shares);
    shares -= covered * leg.instrument.multiplier;
    const left = leg.held - covered;
    if (kind === null || left <= 0) continue;
    const group = groups.get(kind) ?? { longs: [], shorts: [] };
    groups.set(kind, group);
    (leg.side === 'long' ? group.longs : group.shorts).push({ key, instrument: leg.instrument, left });
  }
  // Counts down what covers each other within the position.
  for (const { longs, shorts } of groups.values()) paired(longs, shorts);
  return groups;
}

function underShares({ instrument, side, held }: PositionLeg, shares: number): number {
  const call = instrument.option?.type === 'call' && side === 'short';
  return call ? Math.min(held, Math.floor(shares / instrument.multiplier)) : 0;
}

/** Each short with the long nearest in time that lives as long. Counts both down. */
function paired(longs: readonly Open[], shorts: readonly Open[]): Bond[] {
  const bonds: Bond[] = [];
  if (longs.length === 0 || shorts.length === 0) return bonds;
  const nearest = longs.toSorted((a, b) => byNeed(b.instrument, a.instrument));
  for (const short of shorts.toSorted((a, b) => byNeed(a.instrument, b.instrument))) {
    for (const long of nearest) {
      if (short.left === 0) break;
      const contracts = Math.min(long.left, short.left);
      if (contracts === 0 || !livesAsLong(long.instrument, short.instrument)) continue;
      long.left -= contracts;
      short.left -= contracts;
      bonds.push({
        contracts,
        long: { key: long.key, instrument: long.instrument },
        short: { key: short.key, instrument: short.instrument },
      });
    }
  }
  return bonds;
}

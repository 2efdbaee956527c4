import { gcd } from '../strategies/shape.js';
import type { Instrument, Side } from '../types.js';
import { sideKey } from './draft.js';

/** Something that holds contracts which a closing order can take from. `held` is counted down by `allocate`. */
export interface Holder {
  legs: { instrument: Instrument; side: Side; held: number }[];
}

/** Contracts of one symbol that an order closes, and the side they must be held on. */
export interface Demand {
  symbol: string;
  side: Side;
  quantity: number;
  /** Contracts the order was for, where only part of it is filled: who never had as many was not meant. */
  ordered?: number;
}

interface Take<H> {
  holder: H;
  /** Contracts by symbol. */
  contracts: Map<string, number>;
}

export interface Allocation<H> {
  takes: Take<H>[];
  /** Holders that could as well have been meant, the chosen one among them; empty if the choice was clear. */
  contested: H[];
}

/**
 * Decides which holders a closing order takes from, and takes it. The oldest that has enough of every leg is
 * meant, by what was ordered or failing that by what is taken; failing that, whole units from each that has all legs, then leg by leg, oldest first.
 *
 * @param holders oldest first
 */
export function allocate<H extends Holder>(demand: readonly Demand[], holders: readonly H[]): Allocation<H> {
  if (demand.length === 0) return { takes: [], contested: [] };
  const having = (count: (want: Demand) => number) =>
    holders.filter((holder) => demand.every((want) => heldOf(holder, want) >= count(want)));
  const able = having(({ ordered, quantity }) => ordered ?? quantity);
  const enough = able.length > 0 ? able : having(({ quantity }) => quantity);
  const [first] = enough;
  if (first) return { takes: [take(first, copyOf(demand))], contested: enough.length > 1 ? enough : [] };
  const rivals = demand.map((want) => ({ want, owners: holders.filter((each) => heldOf(each, want) > 0) }));
  const left = copyOf(demand);
  const takes = holders.map((holder) => takeUnits(holder, left));
  takes.push(...holders.map((holder) => take(holder, left)));
  // With something left at one of several holders, another split would have been just as good.
  const contested = rivals.flatMap(({ want, owners }) =>
    owners.length > 1 && owners.some((holder) => heldOf(holder, want) > 0) ? owners : [],
  );
  return { takes: takes.filter(({ contracts }) => contracts.size > 0), contested: [...new Set(contested)] };
}

interface Ranked<H> {
  holder: H;
  rank: number;
}

/**
 * Finds who has what an order closes, without asking everybody: in an account with years of history nearly all
 * holders have nothing left, and nothing in common with the order.
 */
export class Holders<H extends Holder> {
  readonly #byLeg = new Map<string, Ranked<H>[]>();

  /** @param holders oldest first; what they hold may only ever be counted down from here on */
  constructor(holders: readonly H[]) {
    for (const [rank, holder] of holders.entries()) {
      const keys = new Set(holder.legs.map(({ instrument, side }) => sideKey(instrument.symbol, side)));
      for (const key of keys) {
        const having = this.#byLeg.get(key) ?? [];
        if (having.push({ holder, rank }) === 1) this.#byLeg.set(key, having);
      }
    }
  }

  /**
   * Those that still hold any of what is wanted, oldest first.
   * @param old whether a holder is old enough to be meant; once one isn't, the younger ones aren't either
   */
  having(demand: readonly Demand[], old: (holder: H) => boolean = () => true): H[] {
    const found = new Map<H, number>();
    for (const want of demand) {
      for (const { holder, rank } of this.#living(want, old)) found.set(holder, rank);
    }
    return [...found].sort(([, a], [, b]) => a - b).map(([holder]) => holder);
  }

  /** Forgets on the way who has nothing left. */
  #living(want: Demand, old: (holder: H) => boolean): Ranked<H>[] {
    const all = this.#byLeg.get(sideKey(want.symbol, want.side)) ?? [];
    const young = all.findIndex(({ holder }) => !old(holder));
    const asked = young < 0 ? all.length : young;
    const living = all.slice(0, asked).filter(({ holder }) => heldOf(holder, want) > 0);
    if (living.length < asked) all.splice(0, asked, ...living);
    return living;
  }
}

/** Contracts a holder has of what is wanted. */
export function heldOf(holder: Holder, { symbol, side }: Omit<Demand, 'quantity'>): number {
  const legs = holder.legs.filter((leg) => leg.instrument.symbol === symbol && leg.side === side);
  return legs.reduce((total, { held }) => total + held, 0);
}

/** Takes only whole units, so that no holder is left lopsided. Counts `left` down. */
function takeUnits<H extends Holder>(holder: H, left: Demand[]): Take<H> {
  const total = gcd(left.map(({ quantity }) => quantity));
  if (total === 0) return { holder, contracts: new Map() };
  const possible = left.map((want) => Math.floor(heldOf(holder, want) / (want.quantity / total)));
  const units = Math.min(total, ...possible);
  const part = left.map((want) => ({ ...want, quantity: (want.quantity / total) * units }));
  for (const [index, { quantity }] of part.entries()) {
    const want = left[index];
    if (want) want.quantity -= quantity;
  }
  return take(holder, part);
}

/** Takes whatever it has of what is wanted. Counts both `wanted` and what is held down. */
function take<H extends Holder>(holder: H, wanted: Demand[]): Take<H> {
  const contracts = new Map<string, number>();
  for (const want of wanted) {
    for (const leg of holder.legs) {
      if (leg.instrument.symbol !== want.symbol || leg.side !== want.side) continue;
      const quantity = Math.min(want.quantity, leg.held);
      if (quantity === 0) continue;
      leg.held -= quantity;
      want.quantity -= quantity;
      contracts.set(want.symbol, (contracts.get(want.symbol) ?? 0) + quantity);
    }
  }
  return { holder, contracts };
}

function copyOf(demand: readonly Demand[]): Demand[] {
  return demand.map((want) => ({ ...want }));
}

import type { Coverage } from './coverage.js';
import { takeUnits, wholeUnits } from './target-rules.js';
import type { Component, Instrument, Position, Side } from './types.js';
import type { WorkingOrderPart } from './working.js';

/** Where contracts or units held stand. The four never add up to more than is held. */
interface Shares {
  held: number;
  /** With a working target. */
  target: number;
  /** Claimed by working orders that are no target for it. */
  reserved: number;
  /** Not tradable now. */
  restricted: number;
  /** Neither: a target could be placed. */
  free: number;
  /** An order of ours on it has no known fate yet. */
  underWay: boolean;
}

interface ContractCover extends Shares {
  instrument: Instrument;
  side: Side;
}

/** In units of the component. */
export interface ComponentCover extends Shares {
  component: Component;
}

/**
 * - `full`: every contract held has a working target
 * - `part`: some have
 * - `reserved`: none has, and working orders that are no targets claim some
 * - `none`: nothing works
 */
type CoverState = 'full' | 'part' | 'reserved' | 'none';

/** How covered a position is. Everything that speaks of it takes it from here. */
export interface PositionCover {
  state: CoverState;
  /** Option legs still held. */
  contracts: ContractCover[];
  components: ComponentCover[];
}

export interface CoverRequest {
  position: Position;
  components: readonly Component[];
  /** This position's, from `attributeWorking`. */
  working: readonly WorkingOrderPart[];
  /** Of the position's legs, over the whole account. */
  coverage: ReadonlyMap<string, Coverage>;
  /** Contracts on which an order of ours has no known fate yet. */
  underWay?: ReadonlySet<string>;
}

/** Says how covered a position is, by contract and by the components as they are closed. */
export function positionCover(request: CoverRequest): PositionCover {
  const contracts = contractCovers(request);
  return {
    state: stateOf(contracts),
    contracts,
    components: componentCovers(request, contracts),
  };
}

/** Whether a target could be placed for any part of it. */
export function hasFree({ components }: PositionCover): boolean {
  return components.some(({ free }) => free > 0);
}

function stateOf(contracts: readonly ContractCover[]): CoverState {
  if (contracts.length > 0 && contracts.every(({ target, held }) => target >= held)) return 'full';
  if (contracts.some(({ target }) => target > 0)) return 'part';
  return contracts.some(({ reserved }) => reserved > 0) ? 'reserved' : 'none';
}

function contractCovers({
  position,
  components,
  working,
  coverage,
  underWay,
}: CoverRequest): ContractCover[] {
  const targets = targetContracts(components, working);
  return position.legs
    .filter(({ instrument, held }) => instrument.option && held > 0)
    .map(({ instrument, side, held }) => {
      const { symbol } = instrument;
      const claimed = working.reduce((total, { contracts }) => total + (contracts.get(symbol) ?? 0), 0);
      const target = Math.min(held, targets.get(symbol) ?? 0);
      const cover = coverage.get(symbol);
      const free = Math.max(0, Math.min(held - claimed, cover?.free ?? 0));
      // What is left is locked, or claimed by orders that fit no position.
      const rest = Math.max(0, held - claimed - free);
      const restricted = Math.min(rest, cover?.restricted ?? 0);
      const reserved = held - target - free - restricted;
      return {
        instrument,
        side,
        held,
        target,
        reserved,
        restricted,
        free,
        underWay: underWay?.has(symbol) ?? false,
      };
    });
}

/** Contracts by symbol that working targets close. */
function targetContracts(
  components: readonly Component[],
  working: readonly WorkingOrderPart[],
): Map<string, number> {
  const total = new Map<string, number>();
  for (const { key, legs } of components) {
    const count = unitsWithTarget(key, working);
    for (const { instrument, ratio } of legs) {
      total.set(instrument.symbol, (total.get(instrument.symbol) ?? 0) + count * ratio);
    }
  }
  return total;
}

function unitsWithTarget(key: string, working: readonly WorkingOrderPart[]): number {
  return working.reduce((total, { units }) => total + (units.get(key) ?? 0), 0);
}

/** Parts may share contracts (a vertical, and what is left of its short leg): what is free is dealt out once. */
function componentCovers(
  { components, working }: CoverRequest,
  contracts: readonly ContractCover[],
): ComponentCover[] {
  const bySymbol = new Map(contracts.map((cover) => [cover.instrument.symbol, cover]));
  const freeLeft = new Map(contracts.map(({ instrument, free }) => [instrument.symbol, free]));
  return components.map((component) => {
    const { legs, units: held } = component;
    const target = Math.min(held, unitsWithTarget(component.key, working));
    const free = Math.min(held - target, wholeUnits(legs, freeLeft));
    takeUnits(legs, free, freeLeft);
    const rest = held - target - free;
    const own = legs.map(({ instrument, ratio }) => ({ cover: bySymbol.get(instrument.symbol), ratio }));
    const locked = Math.max(...own.map(({ cover, ratio }) => Math.ceil((cover?.restricted ?? 0) / ratio)));
    const restricted = Math.min(rest, locked);
    return {
      component,
      held,
      target,
      reserved: rest - restricted,
      restricted,
      free,
      underWay: own.some(({ cover }) => cover?.underWay),
    };
  });
}

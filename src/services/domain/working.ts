import { allocate, type Demand, type Holder, Holders } from './grouping/allocate.js';
import type { Links } from './grouping.js';
import { isOpening, remainingOf, sideHeld } from './orders.js';
import { componentsOf } from './strategies/index.js';
import type { BrokerOrder, Component, Position } from './types.js';

/** The part of a working closing order that closes one position. */
export interface WorkingTarget {
  order: BrokerOrder;
  positionKey: string;
  /** The component whose legs the order has exactly; null if it closes something else, such as one leg. */
  componentKey: string | null;
  /** Contracts of this position it will still close, by symbol. */
  contracts: Map<string, number>;
  /** Units of the component still to close; 0 without a component. */
  units: number;
  /** We placed it for this very position. */
  linked: boolean;
  /** Another position with the same contracts could be meant as well; the oldest was taken. */
  ambiguous: boolean;
}

interface PositionHolder extends Holder {
  position: Position;
}

/**
 * Says which working closing orders close which position: by link, else by contracts, oldest position first.
 * Orders placed elsewhere count like ours. What fits no position is left out here; `coverage` still counts it.
 *
 * @param positions oldest first, as `groupPositions` gives them
 * @returns by position key; positions without are missing
 */
export function attributeWorking(
  positions: readonly Position[],
  orders: readonly BrokerOrder[],
  links: Links = new Map(),
): Map<string, WorkingTarget[]> {
  const own = positions.map((position) => ({ position, legs: position.legs.map((leg) => ({ ...leg })) }));
  const holders = new Holders(own);
  const byKey = new Map(own.map((holder) => [holder.position.key, holder]));
  const unique = [...new Map(orders.map((order) => [order.id, order])).values()];
  // Ours first: what we know must not lose its contracts to a guess.
  const ordered = unique.toSorted((a, b) => Number(links.has(b.id)) - Number(links.has(a.id)));
  const found = new Map<string, WorkingTarget[]>();
  for (const order of ordered) {
    const link = links.get(order.id);
    const demand = stillClosing(order);
    // A position we placed it for may be known by another name now (its opening order fell out of reach).
    const meant = link === undefined ? undefined : byKey.get(link);
    const candidates = meant ? [meant] : holders.having(demand);
    for (const target of attribute(order, demand, candidates, link)) {
      const targets = found.get(target.positionKey) ?? [];
      if (targets.push(target) === 1) found.set(target.positionKey, targets);
    }
  }
  return found;
}

/**
 * Units of a component that working orders will close: by orders of exactly its legs, and by others as far as
 * they have all of them, such as one that closes a whole Trident.
 */
export function unitsCovered({ key, legs }: Component, working: readonly WorkingTarget[]): number {
  const own = working.filter(({ componentKey }) => componentKey === key);
  const others = working.filter(({ componentKey }) => componentKey !== key);
  const shared = legs.map(({ instrument, ratio }) => {
    const busy = others.reduce((total, { contracts }) => total + (contracts.get(instrument.symbol) ?? 0), 0);
    return Math.floor(busy / ratio);
  });
  return own.reduce((total, { units }) => total + units, 0) + Math.min(...shared);
}

function attribute(
  order: BrokerOrder,
  demand: readonly Demand[],
  candidates: readonly PositionHolder[],
  link: string | undefined,
): WorkingTarget[] {
  const { takes, contested } = allocate(demand, candidates);
  return takes.map(({ holder, contracts }) => ({
    order,
    positionKey: holder.position.key,
    ...componentClosed(holder.position, contracts),
    contracts,
    linked: link !== undefined,
    ambiguous: contested.includes(holder),
  }));
}

function stillClosing(order: BrokerOrder): Demand[] {
  return order.legs
    .filter(({ action, instrument }) => !isOpening(action) && instrument.option)
    .map((leg) => ({
      symbol: leg.instrument.symbol,
      side: sideHeld(leg.action),
      quantity: remainingOf(order, leg),
    }))
    .filter(({ quantity }) => quantity > 0);
}

function componentClosed(
  position: Position,
  contracts: ReadonlyMap<string, number>,
): Pick<WorkingTarget, 'componentKey' | 'units'> {
  const component = componentsOf(position).find(
    ({ legs }) =>
      legs.length === contracts.size && legs.every(({ instrument }) => contracts.has(instrument.symbol)),
  );
  if (!component) return { componentKey: null, units: 0 };
  const units = component.legs.map(
    ({ instrument, ratio }) => (contracts.get(instrument.symbol) ?? 0) / ratio,
  );
  return { componentKey: component.key, units: Math.ceil(Math.max(...units)) };
}

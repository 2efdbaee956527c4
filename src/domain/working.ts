import { type Cover, closedBy, coversOf } from './covers.js';
import { profitAt } from './entry.js';
import type { Exact } from './exact.js';
import { allocate, type Demand, Holders } from './grouping/allocate.js';
import type { Links } from './grouping.js';
import { isOpening, sideHeld } from './leg-actions.js';
import { componentsOf } from './strategies/index.js';
import { type Flaw, judge, takeUnits, wholeUnits } from './target-rules.js';
import type { BrokerOrder, Component, Position } from './types.js';

/** The part of a working closing order that closes one position. It reserves its contracts whatever it is. */
export interface WorkingOrderPart {
  order: BrokerOrder;
  /** Others that end when it fills, and the other way round: they claim the same contracts once. */
  others: BrokerOrder[];
  positionKey: string;
  /** Contracts of this position it will still close, by symbol. */
  contracts: Map<string, number>;
  /** Units of each component that it will still close, by key; empty if it is no target. */
  units: Map<string, number>;
  /** Why it is no target; empty if it is one. */
  flaws: Flaw[];
  /** We placed it for this very position. */
  linked: boolean;
  /** Another position with the same contracts could be meant as well; the oldest was taken. */
  ambiguous: boolean;
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
): Map<string, WorkingOrderPart[]> {
  const own = positions.map((position) => ({ position, legs: position.legs.map((leg) => ({ ...leg })) }));
  const holders = new Holders(own);
  const closing = new Map<string, typeof own>();
  for (const holder of own) {
    for (const id of holder.position.closedBy) closing.set(id, [...(closing.get(id) ?? []), holder]);
  }
  const byKey = new Map(own.map((holder) => [holder.position.key, holder]));
  const found = new Map<string, WorkingOrderPart[]>();
  // Ours first: what we know must not lose its contracts to a guess.
  const covers = coversOf(orders).toSorted(
    (a, b) => Number(linkOf(b, links) !== null) - Number(linkOf(a, links) !== null),
  );
  for (const cover of covers) {
    const link = linkOf(cover, links);
    for (const { order, demand } of demandsOf(cover)) {
      // A position we placed it for may be known by another name now (its opening order fell out of reach).
      const meant = link === null ? undefined : byKey.get(link);
      // What is left of an order closes the position that it took its fills from.
      const begun = meant ? [meant] : (closing.get(order.id) ?? []);
      const candidates = begun.length > 0 ? begun : holders.having(demand);
      const others = [cover.lead, ...cover.others].filter(({ id }) => id !== order.id);
      const { takes, contested } = allocate(demand, candidates);
      for (const { holder, contracts } of takes) {
        const part = {
          order,
          others,
          positionKey: holder.position.key,
          contracts,
          ...judgePart(order, holder.position, contracts),
          linked: link !== null,
          ambiguous: contested.includes(holder),
        };
        const parts = found.get(part.positionKey) ?? [];
        if (parts.push(part) === 1) found.set(part.positionKey, parts);
      }
    }
  }
  return found;
}

function linkOf({ lead, others }: Cover, links: Links): string | null {
  return [lead, ...others].flatMap(({ id }) => links.get(id) ?? [])[0] ?? null;
}

/** What the lead closes, and what any of the others would close beyond that. */
function demandsOf({ lead, others }: Cover): { order: BrokerOrder; demand: Demand[] }[] {
  const claimed = new Map<string, number>();
  return [lead, ...others].flatMap((order) => {
    const demand: Demand[] = [];
    for (const [symbol, contracts] of closedBy(order)) {
      const more = contracts - (claimed.get(symbol) ?? 0);
      const leg = order.legs.find(
        ({ instrument, action }) => instrument.symbol === symbol && !isOpening(action),
      );
      if (!leg?.instrument.option || more <= 0) continue;
      claimed.set(symbol, contracts);
      demand.push({ symbol, side: sideHeld(leg.action), quantity: more });
    }
    return demand.length > 0 ? [{ order, demand }] : [];
  });
}

/** What a part that falls to one position closes of it: only whole units are its target. */
function judgePart(
  order: BrokerOrder,
  position: Position,
  contracts: ReadonlyMap<string, number>,
): Pick<WorkingOrderPart, 'units' | 'flaws'> {
  const components = componentsOf(position);
  const { units: ordered, flaws } = judge(order, components);
  const units = new Map<string, number>();
  if (flaws.length > 0) return { units, flaws };
  // Parts may share contracts: what is left of a vertical's short leg stands beside the vertical.
  const left = new Map(contracts);
  for (const { key, legs } of components) {
    const whole = Math.min(ordered.get(key) ?? 0, wholeUnits(legs, left));
    if (whole === 0) continue;
    units.set(key, whole);
    takeUnits(legs, whole, left);
  }
  return units.size > 0 ? { units, flaws } : { units, flaws: ['legs'] };
}

/**
 * Dollars that an order makes of a position if so many units fill at its limit, before fees; null where it closes several parts
 * at one price, or where what they were opened for isn't known.
 * @param count by default what it will still close
 */
export function profitAtLimit(
  { order: { price }, units }: WorkingOrderPart,
  components: readonly Component[],
  count?: number,
): Exact | null {
  const [[key, left] = [null, 0], ...others] = units;
  const component = components.find((each) => each.key === key);
  const [leg] = component?.legs ?? [];
  // One price for several parts at once says nothing about each.
  if (!price || !component || !leg || others.length > 0) return null;
  return (
    profitAt(component.entry, price)
      ?.times(leg.instrument.multiplier)
      .times(count ?? left) ?? null
  );
}

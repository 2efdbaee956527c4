import { type Exact, sumExact } from './exact.js';
import { isOpening } from './leg-actions.js';
import { keyOfOrder } from './position-key.js';
import type { Closing, LedgerRow, Realised } from './realised.js';
import type { BrokerOrder } from './types.js';

/**
 * Openings that came one from the other by rolls: an order that closes contracts and opens others rolls what it closes into
 * what it opens, whole or in part, of one opening or of several.
 */
export interface Chain {
  /** `order:<id>` each. */
  openings: ReadonlySet<string>;
  /** Those of them that nothing was rolled into. */
  roots: ReadonlySet<string>;
  /** The orders that rolled, in time order. */
  rolls: readonly string[];
  /** All that was closed of it, by rolls and otherwise, in the order it was closed. */
  closings: readonly Closing[];
  /** When the first of it was opened. */
  since: Date;
}

/** One order that closes options and opens others. */
export function isRoll({ legs }: Pick<BrokerOrder, 'legs'>): boolean {
  const options = legs.filter(({ instrument }) => instrument.option);
  return new Set(options.map(({ action }) => isOpening(action))).size > 1;
}

/** The chain of each opening that is part of one, by opening; what never was rolled is in none. */
export function chainsOf({ closings, openings }: Realised): Map<string, Chain> {
  const links = closings.flatMap(({ opening, closedBy }) => {
    const into = closedBy === null ? null : keyOfOrder(closedBy);
    // An order may open again what it closes: of a link to itself no chain is made.
    return into === null || into === opening || !openings.has(into) ? [] : [{ opening, into, closedBy }];
  });
  const leads = new Map<string, string>();
  const leadOf = (opening: string): string => {
    const lead = leads.get(opening);
    return lead === undefined ? opening : leadOf(lead);
  };
  for (const { opening, into } of links) {
    const [one, other] = [leadOf(opening), leadOf(into)];
    if (one !== other) leads.set(one, other);
  }
  const members = new Map<string, Set<string>>();
  for (const opening of links.flatMap((link) => [link.opening, link.into])) {
    const lead = leadOf(opening);
    members.set(lead, (members.get(lead) ?? new Set()).add(opening));
  }
  return new Map(
    [...members.values()].flatMap((all) => {
      const own = closings.filter(({ opening }) => all.has(opening));
      const chain: Chain = {
        openings: all,
        roots: new Set([...all].filter((opening) => !links.some(({ into }) => into === opening))),
        rolls: [...new Set(links.flatMap((link) => (all.has(link.into) ? (link.closedBy ?? []) : [])))],
        closings: own,
        since: new Date(Math.min(...own.map(({ openedAt }) => openedAt.getTime()))),
      };
      return [...all].map((opening) => [opening, chain] as const);
    }),
  );
}

/**
 * Which of a chain's closings are counted: all up to and with what an order closed, or all but that; by default every one.
 */
export interface Reach {
  through?: string;
  without?: string;
}

/** Dollars that a chain made, after fees. */
export function runningTotal({ closings }: Chain, { through, without }: Reach = {}): Exact {
  const last = closings.findLastIndex(({ closedBy }) => closedBy !== null && closedBy === through);
  const counted = last < 0 ? closings : closings.slice(0, last + 1);
  return sumExact(
    counted.filter(({ closedBy }) => closedBy === null || closedBy !== without).map(({ net }) => net),
  );
}

/**
 * Whether the rows that a chain was made of lead to what is held of its contracts, and leave nothing of its orders unexplained:
 * if not, some are missing.
 *
 * @param agrees of which contracts the rows lead to what is held
 * @param symbols contracts that are known to be of it, beside those its rows name
 */
export function hasEveryRow(
  { openings: members }: Chain,
  { openings, unexplained, agrees }: Realised & { agrees(symbol: string): boolean },
  symbols: readonly string[],
): boolean {
  const legs = [...members].flatMap((opening) => openings.get(opening) ?? []);
  const own = new Set([...symbols, ...legs.map(({ instrument }) => instrument.symbol)]);
  const isOwn = ({ instrument, orderId }: LedgerRow) =>
    own.has(instrument.symbol) || (orderId !== null && members.has(keyOfOrder(orderId)));
  return [...own].every(agrees) && !unexplained.some(isOwn);
}

/** What a chain of rolls has made so far. */
export interface ToldChain {
  /** How often it was rolled. */
  rolls: number;
  /** When the first of it was opened. */
  since: Date;
  /** Dollars, after fees. */
  realised: Exact;
  /** False while the ledger lacks rows of it, or has some that can't be read. */
  sure: boolean;
}

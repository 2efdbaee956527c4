import { allocate, type Demand } from './grouping/allocate.js';
import { isOpening, sideHeld } from './leg-actions.js';
import { Decimal } from './money.js';
import type { Instrument, LegAction, PositionLeg } from './types.js';

/** What says of a row of the ledger which contracts moved, and by what. */
interface Moved {
  instrument: Instrument;
  action: LegAction | null;
  quantity: Decimal;
  orderId: string | null;
}

/** An opening, and what is open of it. */
interface Opened {
  opening: string;
  legs: readonly PositionLeg[];
}

/** What a row closes of one opening, or of whatever is open. */
export interface Turn {
  opening: string | null;
  /** Contracts. */
  quantity: Decimal;
}

/** What an order has still to close of an opening, by symbol. */
interface Meant {
  opening: string;
  contracts: Map<string, number>;
}

/**
 * Which openings orders close, by the rule that takes orders off positions (`allocate`): what is gone from the book is closed
 * in the ledger too, though others hold its contracts. What the rule leaves open is first in first out.
 */
export class Turns {
  readonly #demands = new Map<string, Demand[]>();
  readonly #meant = new Map<string, Meant[]>();

  /**
   * @param rows of the whole ledger
   * @param links by order, the opening it was placed to close; null to have all closed first in first out
   * @param having the openings that have any of these contracts, the oldest first
   */
  constructor(
    rows: readonly Moved[],
    private readonly links: ReadonlyMap<string, string> | null,
    private readonly having: (symbols: readonly string[]) => Opened[],
  ) {
    for (const row of links ? rows : []) this.#demand(row);
  }

  /** What one can't close falls to the next. All that an order closes is decided at its first row. */
  of({ orderId, instrument: { symbol }, quantity }: Moved): Turn[] {
    const turns: Turn[] = [];
    let left = quantity;
    for (const { opening, contracts } of orderId === null ? [] : this.#meantBy(orderId)) {
      const part = Decimal.min(left, contracts.get(symbol) ?? 0);
      contracts.set(symbol, (contracts.get(symbol) ?? 0) - part.toNumber());
      left = left.minus(part);
      turns.push({ opening, quantity: part });
    }
    return [...turns, { opening: null, quantity: left }];
  }

  #demand({ orderId, action, instrument: { symbol, option }, quantity }: Moved): void {
    if (orderId === null || !action || isOpening(action) || !option) return;
    const demand = this.#demands.get(orderId) ?? [];
    this.#demands.set(orderId, demand);
    const side = sideHeld(action);
    const same = demand.find((want) => want.symbol === symbol && want.side === side);
    if (same) same.quantity += quantity.toNumber();
    else demand.push({ symbol, side, quantity: quantity.toNumber() });
  }

  #meantBy(orderId: string): Meant[] {
    const known = this.#meant.get(orderId);
    if (known) return known;
    const demand = this.#demands.get(orderId) ?? [];
    const link = this.links?.get(orderId);
    // What closes one contract alone says nothing of others: first in first out, as the broker itself reckons.
    if (link === undefined && demand.length < 2) return [];
    const holders = this.having(demand.map(({ symbol }) => symbol))
      .filter(({ opening }) => link === undefined || opening === link)
      .map(({ opening, legs }) => ({ opening, legs: legs.map((leg) => ({ ...leg })) }));
    const { takes } = allocate(demand, holders);
    const meant = takes.map(({ holder: { opening }, contracts }) => ({ opening, contracts }));
    this.#meant.set(orderId, meant);
    return meant;
  }
}

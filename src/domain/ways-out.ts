import { Exact, sumExact } from './exact.js';
import { isOpening } from './leg-actions.js';
import type { Closing, Ending, LedgerRow } from './realised.js';
import { allEqual, gcd } from './strategies/shape.js';

/** One way out of a position: an order that closed some of it, or how some of it settled by itself. */
export interface WayOut {
  /** Null for what settled by itself. */
  orderId: string | null;
  ending: Ending;
  /** When the last of it went. */
  at: Date;
  /** The order opened something in its place. */
  rolled: boolean;
  /** Dollars it made over both its ends, after fees. */
  net: Exact;
  /** Per unit per share, what came in is positive; null where the rows don't tell one price. */
  price: Exact | null;
}

/**
 * What each way out of a position made, in the order they ended.
 *
 * @param closings of the position
 * @param rows of the account's ledger
 */
export function waysOut(closings: readonly Closing[], rows: readonly LedgerRow[]): WayOut[] {
  const ways = new Map<string, Closing[]>();
  for (const closing of closings) {
    const way = closing.closedBy ?? closing.ending;
    ways.set(way, [...(ways.get(way) ?? []), closing]);
  }
  const told = [...ways.values()].flatMap((way): WayOut[] => {
    const [first] = way;
    if (!first) return [];
    return [
      {
        orderId: first.closedBy,
        ending: first.ending,
        at: new Date(Math.max(...way.map(({ closedAt }) => closedAt.getTime()))),
        net: sumExact(way.map(({ net }) => net)),
        ...tradeOf(first.closedBy, rows),
      },
    ];
  });
  return told.toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

function tradeOf(orderId: string | null, rows: readonly LedgerRow[]): Pick<WayOut, 'rolled' | 'price'> {
  const mine = rows.filter((row) => orderId !== null && row.orderId === orderId);
  const rolled = mine.some(({ instrument, action }) => instrument.option && action && isOpening(action));
  // A roll's price is that of what it opened as well.
  return { rolled, price: rolled ? null : closingPrice(mine) };
}

/** Of a whole order, whatever positions it closed: one price was paid for all of it. */
function closingPrice(mine: readonly LedgerRow[]): Exact | null {
  if (!allEqual(mine, ({ instrument: { multiplier } }) => multiplier)) return null;
  const contracts = new Map<string, number>();
  let received = Exact.zero;
  for (const { action, instrument, price, quantity } of mine) {
    if (!price) return null;
    received = received.plus(
      Exact.of(price).times(action === 'sell-to-close' ? quantity : quantity.negated()),
    );
    contracts.set(instrument.symbol, (contracts.get(instrument.symbol) ?? 0) + quantity.toNumber());
  }
  const units = gcd([...contracts.values()]);
  return units > 0 ? received.div(units) : null;
}

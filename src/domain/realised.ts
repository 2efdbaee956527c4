import { contractsBehind, type DeliveredBy } from './deliveries.js';
import { Exact, sumExact } from './exact.js';
import { Turns } from './ledger-turns.js';
import { isOpening, sideHeld } from './leg-actions.js';
import { Decimal } from './money.js';
import { keyOfOrder } from './position-key.js';
import { isIndexClass } from './spread-ticks.js';
import type { Holding, Instrument, LegAction, PositionLeg, Side } from './types.js';

/** One row of an account's ledger that moves contracts or shares. */
export interface LedgerRow {
  id: string;
  /** The multiplier is what the row's value and price say, the usual one where they say nothing. */
  instrument: Instrument;
  /** Null for what was not traded: what settles by itself, such as an expiration, or is only moved or renamed. */
  action: LegAction | null;
  /** The broker's own word, such as `Cash Settled Assignment`; a trade repeats its action. */
  subType: string;
  /** Contracts or shares, above zero. */
  quantity: Decimal;
  /** Per share; null where the row has none. */
  price: Decimal | null;
  /** Dollars after commission and fees; what came in is positive. */
  net: Decimal;
  /** Dollars, positive is a cost. */
  fees: Decimal;
  /** The order it was traded by; null for what settles by itself. */
  orderId: string | null;
  at: Date;
  /** The row that this one undoes; null for nearly all. */
  reverses: string | null;
}

/** How contracts went. */
export type Ending = 'traded' | 'expired' | 'assigned' | 'exercised' | 'cash-settled';

/** Contracts that one row opened and another closed. */
export interface Closing {
  /** What opened them: `order:<id>`, or the ledger's row where no order did. */
  opening: string;
  instrument: Instrument;
  /** What was held until then. */
  side: Side;
  quantity: Decimal;
  openedAt: Date;
  closedAt: Date;
  ending: Ending;
  /** The order that closed them; null for what settled by itself. */
  closedBy: string | null;
  /** Dollars that these contracts brought or cost as they were opened, after fees; what came in is positive. */
  opened: Exact;
  /** Dollars they made over both, after fees. */
  net: Exact;
  /** Dollars of both, positive is a cost. */
  fees: Exact;
}

export interface Realised {
  /** In the order they were closed. */
  closings: Closing[];
  /** By what opened them: the legs as opened in full. */
  openings: Map<string, PositionLeg[]>;
  /** Rows that close more than the rows before them opened, or move contracts in a way that says nothing of their price. */
  unexplained: LedgerRow[];
}

interface Lot {
  opening: string;
  row: LedgerRow;
  side: Side;
  /** Of the row's quantity. */
  left: Decimal;
}

/**
 * What options made: Σ signed net value of the rows that opened and closed them, in the order that `Turns` says, those that
 * settle by themselves included. Shares are no part of it, but what the broker charges for taking or delivering them is.
 *
 * @param rows every row of each contract since it was last not held, in any order
 * @param links as of `Turns`
 */
export function realised(
  rows: readonly LedgerRow[],
  links: ReadonlyMap<string, string> | null = null,
): Realised {
  const standing = withoutRemovals(withoutUndone(rows)).toSorted(inTime);
  const lots = new Map<string, Lot[]>();
  const closings: Closing[] = [];
  const unexplained: LedgerRow[] = [];
  const openings = new Map<string, PositionLeg[]>();
  const turns = new Turns(standing, links, (symbols) =>
    holding(symbols.flatMap((symbol) => lots.get(symbol) ?? [])).map((opening) => ({
      opening,
      legs: openings.get(opening) ?? [],
    })),
  );
  for (const row of standing) {
    if (!row.instrument.option) continue;
    const held = lots.get(row.instrument.symbol) ?? [];
    lots.set(row.instrument.symbol, held);
    if (row.action && isOpening(row.action)) {
      const lot = lotOf(row, row.action);
      held.push(lot);
      addLeg(openings, lot);
      continue;
    }
    const ending = endingOf(row);
    let left = new Decimal(0);
    for (const { opening, quantity } of turns.of(row)) {
      left = left.plus(quantity);
      for (const lot of held) {
        const isMeant = opening === null || lot.opening === opening;
        if (ending === null || !isMeant || !isClosedBy(lot, row)) continue;
        const part = Decimal.min(lot.left, left);
        if (part.isZero()) continue;
        lot.left = lot.left.minus(part);
        left = left.minus(part);
        const leg = openings.get(lot.opening)?.find(legOf(lot));
        if (leg) leg.held -= part.toNumber();
        closings.push(closingOf(lot, row, part, ending));
      }
    }
    if (left.gt(0)) unexplained.push(row);
  }
  const deliveries = standing.filter(
    ({ instrument, orderId, fees }) => !instrument.option && orderId === null && !fees.isZero(),
  );
  for (const delivery of deliveries) charge(closings, delivery);
  return { closings, openings, unexplained };
}

/** A row that undoes another goes, and so does what it undoes. */
function withoutUndone(rows: readonly LedgerRow[]): LedgerRow[] {
  const gone = new Set(rows.flatMap(({ id, reverses }) => (reverses === null ? [] : [id, reverses])));
  return rows.filter(({ id }) => !gone.has(id));
}

/** What settles in cash is booked twice: with its money, and once more as contracts that are gone, without any. */
function withoutRemovals(rows: readonly LedgerRow[]): LedgerRow[] {
  const settled = new Set(
    rows.filter((row) => endingOf(row) === 'cash-settled').map(({ instrument }) => instrument.symbol),
  );
  return rows.filter((row) => !(isGone(row) && settled.has(row.instrument.symbol)));
}

/** Ids ascend as rows are booked. Within one moment what opens comes first, so that something is there to be closed. */
function inTime(one: LedgerRow, other: LedgerRow): number {
  const opens = ({ action }: LedgerRow) => (action && isOpening(action) ? 0 : 1);
  return (
    one.at.getTime() - other.at.getTime() ||
    opens(one) - opens(other) ||
    one.id.length - other.id.length ||
    (one.id < other.id ? -1 : 1)
  );
}

function lotOf(row: LedgerRow, action: LegAction): Lot {
  const opening = row.orderId === null ? `row:${row.id}` : keyOfOrder(row.orderId);
  return { opening, row, side: sideHeld(action), left: row.quantity };
}

/** The openings of which any of these is left, the oldest first. */
function holding(lots: readonly Lot[]): string[] {
  const left = lots.filter((lot) => lot.left.gt(0)).toSorted((one, other) => inTime(one.row, other.row));
  return [...new Set(left.map(({ opening }) => opening))];
}

/** What settles by itself ends whichever side is held. */
function isClosedBy({ side }: Lot, { action }: LedgerRow): boolean {
  return action === null || side === sideHeld(action);
}

function addLeg(openings: Map<string, PositionLeg[]>, lot: Lot): void {
  const { instrument, quantity, price } = lot.row;
  const legs = openings.get(lot.opening) ?? [];
  openings.set(lot.opening, legs);
  const leg = legs.find(legOf(lot));
  const contracts = quantity.toNumber();
  if (!leg) {
    const openPrice = price && Exact.of(price);
    legs.push({ instrument, side: lot.side, opened: contracts, held: contracts, openPrice });
    return;
  }
  const opened = leg.opened + contracts;
  leg.openPrice =
    leg.openPrice &&
    price &&
    leg.openPrice.times(leg.opened).plus(Exact.of(price).times(contracts)).div(opened);
  leg.opened = opened;
  leg.held += contracts;
}

function legOf({ row, side }: Lot): (leg: PositionLeg) => boolean {
  return (leg) => leg.instrument.symbol === row.instrument.symbol && leg.side === side;
}

function closingOf(
  { opening, row: opened, side }: Lot,
  row: LedgerRow,
  quantity: Decimal,
  ending: Ending,
): Closing {
  const share = (amount: Decimal, of: LedgerRow) => Exact.of(amount).times(quantity).div(of.quantity);
  return {
    opening,
    instrument: opened.instrument,
    side,
    quantity,
    openedAt: opened.at,
    closedAt: row.at,
    ending,
    closedBy: row.orderId,
    opened: share(opened.net, opened),
    net: share(opened.net, opened).plus(share(row.net, row)),
    fees: share(opened.fees, opened).plus(share(row.fees, row)),
  };
}

/** By the ledger's own word; null for what says nothing of a price, such as a split or a changed symbol. */
function endingOf(row: LedgerRow): Ending | null {
  if (row.action !== null) return 'traded';
  const word = row.subType.toLowerCase();
  if (word.startsWith('cash settled ')) return 'cash-settled';
  const ending = ENDINGS.get(word) ?? null;
  // An index can't be delivered: what the contracts were worth stands in another row, which may be still to come.
  const isHalf = ending !== 'expired' && isGone(row) && isIndexClass(row.instrument.underlying);
  return isHalf ? null : ending;
}

const ENDINGS = new Map<string, Ending>([
  ['expiration', 'expired'],
  ['assignment', 'assigned'],
  ['exercise', 'exercised'],
]);

/** Told without any money. */
function isGone({ action, subType, net }: LedgerRow): boolean {
  return action === null && net.isZero() && ENDINGS.has(subType.toLowerCase());
}

/** To each of the contracts that shares came by its part of what the ledger books with the shares. */
function charge(closings: readonly Closing[], delivery: LedgerRow): void {
  const taken = closings.flatMap((closing) => {
    const how = DELIVERIES[closing.ending];
    return how ? [{ how, instrument: closing.instrument, at: closing.closedAt, closing }] : [];
  });
  const behind = delivery.price ? contractsBehind(delivery, taken) : [];
  const contracts = sumExact(behind.map(({ closing }) => closing.quantity));
  for (const { closing } of behind) {
    const part = Exact.of(delivery.fees).times(closing.quantity).div(contracts);
    closing.net = closing.net.minus(part);
    closing.fees = closing.fees.plus(part);
  }
}

const DELIVERIES: Partial<Record<Ending, DeliveredBy>> = { assigned: 'assignment', exercised: 'exercise' };

/** Of which contracts as many are open by the ledger as are held. */
export function agreesWith(
  held: readonly Holding[],
  { openings }: Pick<Realised, 'openings'>,
): (symbol: string) => boolean {
  const open = signedContracts([...openings.values()].flat());
  const now = signedContracts(held.map((each) => ({ ...each, held: each.quantity })));
  return (symbol) => (open.get(symbol) ?? 0) === (now.get(symbol) ?? 0);
}

/** Contracts by symbol, those held short below zero. */
function signedContracts(
  legs: readonly { instrument: Instrument; side: Side; held: number }[],
): Map<string, number> {
  const contracts = new Map<string, number>();
  for (const { instrument, side, held } of legs) {
    const before = contracts.get(instrument.symbol) ?? 0;
    contracts.set(instrument.symbol, before + (side === 'long' ? held : -held));
  }
  return contracts;
}

/** What one opening has made within a time. */
export interface ClosedPosition {
  /** `order:<id>`, or the ledger's row where no order opened it. */
  opening: string;
  underlying: string;
  /** As opened in full; `held` is what is open still. */
  legs: PositionLeg[];
  openedAt: Date;
  /** When the last of it within that time was closed. */
  closedAt: Date;
  /** Nothing of it is open any more. */
  whole: boolean;
  /** Some of it was closed before that time. */
  begunEarlier: boolean;
  /** In the order they were closed. */
  closings: Closing[];
  endings: ReadonlySet<Ending>;
  /** The orders that closed it. */
  closedBy: ReadonlySet<string>;
  /** Dollars that what was closed had been opened for, after fees; positive is a credit. */
  opened: Exact;
  net: Exact;
  fees: Exact;
}

/**
 * By what opened it, what was closed from a moment on; the latest first.
 *
 * @param isMeant of these contracts alone
 */
export function closedSince(
  { closings, openings }: Realised,
  since: Date,
  isMeant: (instrument: Instrument) => boolean = () => true,
): ClosedPosition[] {
  const groups = new Map<string, Closing[]>();
  for (const closing of closings) {
    if (!isMeant(closing.instrument)) continue;
    groups.set(closing.opening, [...(groups.get(closing.opening) ?? []), closing]);
  }
  const positions = [...groups].flatMap(([opening, all]) => {
    const closed = all.filter(({ closedAt }) => closedAt >= since);
    const [first] = closed;
    if (!first) return [];
    const legs = openings.get(opening) ?? [];
    return {
      opening,
      underlying: first.instrument.underlying,
      legs,
      openedAt: earliest(closed),
      closedAt: latest(closed),
      whole: legs.every(({ held }) => held === 0),
      begunEarlier: closed.length < all.length,
      closings: closed,
      endings: new Set(closed.map(({ ending }) => ending)),
      closedBy: new Set(closed.flatMap(({ closedBy }) => closedBy ?? [])),
      opened: sumExact(closed.map(({ opened }) => opened)),
      net: sumExact(closed.map(({ net }) => net)),
      fees: sumExact(closed.map(({ fees }) => fees)),
    };
  });
  return positions.toSorted((one, other) => other.closedAt.getTime() - one.closedAt.getTime());
}

function earliest(closings: readonly Closing[]): Date {
  return new Date(Math.min(...closings.map(({ openedAt }) => openedAt.getTime())));
}

function latest(closings: readonly Closing[]): Date {
  return new Date(Math.max(...closings.map(({ closedAt }) => closedAt.getTime())));
}

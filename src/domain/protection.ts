import type { ClosingLeg } from './coverage.js';
import { settlesInTheMorning } from './expiration.js';
import { isOpening } from './leg-actions.js';
import { isAdjusted } from './occ.js';
import { concernsContracts } from './odd-rows.js';
import { remainingOf } from './order-fills.js';
import { isIndexClass } from './spread-ticks.js';
import type { BrokerOrder, Holding, Instrument, OddRow, OptionTerms } from './types.js';

/** Contracts of a short option that no long one (and no share) covers. */
export interface NakedShort {
  instrument: Instrument;
  contracts: number;
}

/** Contracts held of one instrument, negative where short. */
interface Line {
  instrument: Instrument;
  signed: number;
}

type Book = ReadonlyMap<string, Line>;

/**
 * Knows which shorts lose their cover when an order closes long contracts, over the whole account.
 *
 * A long option covers a short one of the same underlying and type that expires no later, whatever their strikes and
 * whichever order opened them: that is how the broker margins them. Of indexes that settle in cash it knows no calendars:
 * there a long of another expiration is still what protects the short, and no cover in its eyes, so neither may be lost
 * unasked. Shares cover calls that are left then. Orders fill in any order or not at all, so the worst is assumed of those
 * noted already: that what sells cover fills, and what buys shorts back does not. A long of which a row of the broker's
 * leaves doubt covers nothing.
 *
 * @see https://support.tastyworks.com/support/solutions/articles/43000435385-index-options-with-elevated-naked-requirements
 */
export class ShortGuard {
  private constructor(private readonly book: Book) {}

  /**
   * @param openOrders working orders, those placed elsewhere included: what they sell may be gone at any moment
   * @param odd rows that can't be read: the longs they may be about can be gone, or be on sale, as well
   */
  static of(
    holdings: readonly Holding[],
    openOrders: readonly BrokerOrder[],
    odd: readonly OddRow[] = [],
  ): ShortGuard {
    const guard = new ShortGuard(bookOf(sureOf(holdings, odd)));
    const unique = [...new Map(openOrders.map((order) => [order.id, order])).values()];
    return guard.after(unique.map(closingLegs));
  }

  /** The same once orders with these legs work too. */
  after(orders: readonly (readonly ClosingLeg[])[]): ShortGuard {
    const selling = orders.flatMap(sellingLegs);
    return selling.length === 0 ? this : new ShortGuard(without(this.book, selling));
  }

  /** The shorts that would be naked once these legs are closed, and are not now. */
  leaves(legs: readonly ClosingLeg[]): NakedShort[] {
    if (sellingLegs(legs).length === 0) return [];
    const underlyings = new Set(legs.map(({ instrument }) => instrument.underlying));
    const before = new Map(
      [...this.book].filter(([, { instrument }]) => underlyings.has(instrument.underlying)),
    );
    const after = without(before, legs);
    const newly = (groupOf: (instrument: Instrument) => string | null) =>
      newlyNaked(nakedIn(before, groupOf), nakedIn(after, groupOf));
    return mostOfEach([...newly(coverGroup), ...newly(seriesGroup)]);
  }

  /** The most units of an order with these legs (per unit) that leave no short naked. */
  most(unit: readonly ClosingLeg[], units: number): number {
    const fits = (count: number) => this.leaves(times(unit, count)).length === 0;
    if (units === 0 || fits(units)) return units;
    let [least, most] = [0, units];
    while (most - least > 1) {
      const middle = Math.floor((least + most) / 2);
      if (fits(middle)) least = middle;
      else most = middle;
    }
    return least;
  }
}

/** The legs of an order of so many units. */
export function times(unit: readonly ClosingLeg[], units: number): ClosingLeg[] {
  return unit.map((leg) => ({ ...leg, contracts: leg.contracts * units }));
}

/** Shorts in doubt may well need cover; longs in doubt are none. */
function sureOf(holdings: readonly Holding[], odd: readonly OddRow[]): Holding[] {
  const doubted = ({ symbol, underlying }: Instrument) =>
    odd.some((row) => concernsContracts(row, [symbol], [underlying]));
  return holdings.filter(({ side, instrument }) => side === 'short' || !doubted(instrument));
}

function bookOf(holdings: readonly Holding[]): Book {
  return new Map(
    holdings.map(({ instrument, side, quantity }) => [
      instrument.symbol,
      { instrument, signed: side === 'short' ? -quantity : quantity },
    ]),
  );
}

/** Long options of one series of contracts cover short ones of the same. */
export function coverGroup(instrument: Instrument): string | null {
  if (!instrument.option) return null;
  const known = GROUPS.get(instrument) ?? kindOf(instrument, instrument.option);
  GROUPS.set(instrument, known);
  return known;
}

/** Asked of every contract for every order planned. */
const GROUPS = new WeakMap<Instrument, string>();

function kindOf({ underlying, multiplier }: Instrument, option: OptionTerms): string {
  return `${underlying} ${option.type} ${multiplier} ${isAdjusted(option) ? option.root : ''}`;
}

/** What is covered first of several that expire together: the nearest to where a protecting strike lies. */
export function byNeed(a: Instrument, b: Instrument): number {
  const [one, two] = [a.option, b.option];
  if (!one || !two) return 0;
  const [first, second] = [endOf(a), endOf(b)];
  if (first !== second) return first < second ? 1 : -1;
  return one.type === 'put' ? one.strike.cmp(two.strike) : two.strike.cmp(one.strike);
}

/** The same where the broker knows no calendars: only those that end together. */
function seriesGroup(instrument: Instrument): string | null {
  const group = coverGroup(instrument);
  return group !== null && isIndexClass(instrument.underlying) ? `${group} ${endOf(instrument)}` : group;
}

/** Sorts as contracts end: on one day those that settle in the morning before the others. */
function endOf({ option }: Instrument): string {
  return option ? `${option.expiration} ${settlesInTheMorning(option) ? 'AM' : 'PM'}` : '';
}

function newlyNaked(before: readonly NakedShort[], then: readonly NakedShort[]): NakedShort[] {
  let more = total(then) - total(before);
  return then.flatMap(({ instrument, contracts }) => {
    const was = before.find((each) => each.instrument.symbol === instrument.symbol)?.contracts ?? 0;
    const added = Math.min(more, contracts - was);
    if (added <= 0) return [];
    more -= added;
    return [{ instrument, contracts: added }];
  });
}

function mostOfEach(naked: readonly NakedShort[]): NakedShort[] {
  const most = new Map<string, NakedShort>();
  for (const each of naked) {
    const known = most.get(each.instrument.symbol);
    if (!known || known.contracts < each.contracts) most.set(each.instrument.symbol, each);
  }
  return [...most.values()];
}

function nakedIn(book: Book, groupOf: (instrument: Instrument) => string | null): NakedShort[] {
  const groups = new Map<string, Line[]>();
  const shares = new Map<string, number>();
  for (const line of book.values()) {
    const key = groupOf(line.instrument);
    if (key === null) shares.set(line.instrument.underlying, line.signed);
    else {
      const lines = groups.get(key) ?? [];
      groups.set(key, lines);
      lines.push(line);
    }
  }
  return [...groups.values()].flatMap((lines) => underShares(uncovered(lines), shares));
}

/** Latest expirations first: each short takes any long that lives as long, which leaves the fewest naked. */
function uncovered(lines: readonly Line[]): NakedShort[] {
  const longs = lines
    .filter(({ signed }) => signed > 0)
    .toSorted((a, b) => byNeed(a.instrument, b.instrument));
  const shorts = lines
    .filter(({ signed }) => signed < 0)
    .toSorted((a, b) => byNeed(a.instrument, b.instrument));
  let spare = 0;
  return shorts.flatMap(({ instrument, signed }) => {
    while (longs[0] && livesAsLong(longs[0].instrument, instrument)) spare += longs.shift()?.signed ?? 0;
    const contracts = Math.max(0, -signed - spare);
    spare = Math.max(0, spare + signed);
    return contracts > 0 ? [{ instrument, contracts }] : [];
  });
}

/** Takes off what shares cover. Counts `shares` down. */
function underShares(naked: NakedShort[], shares: Map<string, number>): NakedShort[] {
  return naked.flatMap(({ instrument, contracts }) => {
    const { underlying, multiplier, option } = instrument;
    if (option?.type !== 'call' || isAdjusted(option)) return [{ instrument, contracts }];
    const held = Math.max(0, shares.get(underlying) ?? 0);
    const covered = Math.min(contracts, Math.floor(held / multiplier));
    shares.set(underlying, held - covered * multiplier);
    return covered < contracts ? [{ instrument, contracts: contracts - covered }] : [];
  });
}

/** A long option covers a short one only as long as it lives. */
export function livesAsLong(long: Instrument, short: Instrument): boolean {
  return endOf(long) >= endOf(short);
}

/**
 * The legs of the kinds of contract of which an order closes more longs than shorts, and shares: only they can take
 * cover away. A short that it buys back of another kind is still there if it doesn't fill.
 */
function sellingLegs(legs: readonly ClosingLeg[]): ClosingLeg[] {
  const sold = new Map<string | null, number>();
  for (const { instrument, action, contracts } of legs) {
    const key = coverGroup(instrument);
    const count = action === 'sell-to-close' ? contracts : key === null ? 0 : -contracts;
    sold.set(key, (sold.get(key) ?? 0) + count);
  }
  return legs.filter(({ instrument }) => (sold.get(coverGroup(instrument)) ?? 0) > 0);
}

function closingLegs(order: BrokerOrder): ClosingLeg[] {
  return order.legs
    .filter(({ action }) => !isOpening(action))
    .map((leg) => ({ instrument: leg.instrument, action: leg.action, contracts: remainingOf(order, leg) }));
}

/** What is held once these are closed; nobody closes more than there is. */
function without(book: Book, legs: readonly ClosingLeg[]): Book {
  const left = new Map(book);
  for (const { instrument, action, contracts } of legs) {
    const line = left.get(instrument.symbol);
    if (!line) continue;
    const signed =
      action === 'sell-to-close'
        ? Math.max(0, line.signed - contracts)
        : Math.min(0, line.signed + contracts);
    if (line.signed > 0 === (action === 'sell-to-close')) left.set(instrument.symbol, { ...line, signed });
  }
  return left;
}

function total(naked: readonly NakedShort[]): number {
  return naked.reduce((sum, { contracts }) => sum + contracts, 0);
}

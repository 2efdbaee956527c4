import { DAY_MS } from './dates.js';
import type { Decimal } from './money.js';
import type { Instrument } from './types.js';

/** How contracts turn into shares. */
export type DeliveredBy = 'assignment' | 'exercise';

/** Shares that no order traded, by a row of the ledger. */
interface Shares {
  instrument: Pick<Instrument, 'underlying'>;
  /** Per share; null where the row has none. */
  price: Decimal | null;
  /** Dollars after fees; what came in is positive. */
  net: Decimal;
  at: Date;
}

/** Contracts that went. */
interface Taken {
  instrument: Instrument;
  how: DeliveredBy;
  at: Date;
}

/** What brings shares; what takes them is of the other type. */
const BRINGS = { assignment: 'put', exercise: 'call' } as const;

/**
 * The contracts that shares came or went by. No field of the ledger joins them: same underlying, strike and direction do, and
 * the time, which is the same or a night apart. Where the same strike went on two days in a row, the nearer day.
 */
export function contractsBehind<T extends Taken>(shares: Shares, taken: readonly T[]): T[] {
  const able = taken.filter((each) => isOf(each, shares));
  const nearest = Math.min(...able.map((each) => apart(each, shares)));
  return nearest <= DAY_MS ? able.filter((each) => apart(each, shares) === nearest) : [];
}

function isOf({ instrument: { option, underlying }, how }: Taken, shares: Shares): boolean {
  const brought = shares.net.isNegative();
  return (
    option !== null &&
    underlying === shares.instrument.underlying &&
    (option.type === BRINGS[how]) === brought &&
    (shares.price === null || option.strike.eq(shares.price))
  );
}

function apart(one: { at: Date }, other: { at: Date }): number {
  return Math.abs(one.at.getTime() - other.at.getTime());
}

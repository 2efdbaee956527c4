import { Decimal } from './money.js';

const PENNY = new Decimal('0.01');
const NICKEL = new Decimal('0.05');

/**
 * Net-price increments of orders with two or more legs. The broker's `option-tick-sizes` cover single legs
 * only, so this table is ours.
 *
 * - SPX, SPXW: 0.05 at any net price (broker help, "SPX price increments"; Cboe SPX specification).
 * - VIX: 0.01 (Cboe notice of 29 Nov 2022); XSP, MRUT: 0.01 (Cboe contract specifications).
 * - Other cash-settled index classes: sources disagree between 0.01 and 0.05. Every multiple of 0.05 is
 *   valid on both, so the coarser grid is the safe one.
 * - Stocks and ETFs: 0.01 (the broker routes their multi-leg orders in pennies).
 */
const PENNY_INDEXES = new Set(['VIX', 'XSP', 'MRUT']);
/** Named as well as `isIndex`, so that a missing flag doesn't put them on the penny grid. */
const NICKEL_CLASSES = new Set(['SPX', 'SPXW', 'NDX', 'NDXP', 'RUT', 'RUTW', 'DJX', 'OEX', 'XEO', 'NANOS']);

/** Whether options on it are known to be settled in cash, whatever the broker says of it. */
export function isIndexClass(underlying: string): boolean {
  return PENNY_INDEXES.has(underlying) || NICKEL_CLASSES.has(underlying);
}

/**
 * The increment of a multi-leg net price. Looked up by the underlying, not the option's root.
 *
 * @param overrides what the settings say, by underlying; it wins over the table
 */
export function spreadTick(
  underlying: string,
  isIndex: boolean,
  overrides: ReadonlyMap<string, Decimal>,
): Decimal {
  const override = overrides.get(underlying);
  if (override) return override;
  if (PENNY_INDEXES.has(underlying)) return PENNY;
  return isIndex || NICKEL_CLASSES.has(underlying) ? NICKEL : PENNY;
}

import type { ValueTransformer } from 'typeorm';
import { Exact } from '../domain/exact.js';
import { Decimal } from '../domain/money.js';
import { keptReason, type Reason, readReason } from '../domain/reasons.js';

/**
 * How the three kinds of value that databases disagree about are stored, the same way on every driver:
 * decimals as plain decimal text (exact, no exponent), instants as whole milliseconds since 1970 UTC in a
 * bigint column (exact, sorts as a number), and small structures as JSON text.
 *
 * TypeORM hands operators such as `IsNull()` to these untransformed in UPDATE conditions (not in `find`), so
 * updates compare such columns in SQL.
 */
function nullable<T>(
  to: (value: T) => string | number,
  from: (stored: string | number) => T,
): ValueTransformer {
  return {
    to: (value: T | null | undefined) => (value === null || value === undefined ? value : to(value)),
    from: (stored: string | number | null | undefined) =>
      stored === null || stored === undefined ? stored : from(stored),
  };
}

/** Throws a RangeError on NaN and infinities: money is never either. */
function decimalToText(value: Decimal): string {
  if (!value.isFinite()) throw new RangeError(`not a storable decimal: ${value.toString()}`);
  return value.toFixed();
}

/** Throws a RangeError on an invalid date. */
export function instantToMillis(value: Date): number {
  const millis = value.getTime();
  if (!Number.isSafeInteger(millis)) throw new RangeError('not a storable instant');
  return millis;
}

/** A fraction that comes to no end is `numerator/denominator`. */
export const exactText = nullable<Exact>(
  (value) => value.toString(),
  (stored) => Exact.parse(String(stored)),
);

export const decimalText = nullable<Decimal>(decimalToText, (stored) => new Decimal(stored));

/** PostgreSQL hands bigint out as text; every instant a Date can hold is a safe integer. */
export const instantMillis = nullable<Date>(instantToMillis, (stored) => new Date(Number(stored)));

export const jsonText = nullable<unknown>(
  (value) => JSON.stringify(value),
  (stored) => JSON.parse(String(stored)),
);

export const reasonText = nullable<Reason>(keptReason, (stored) => readReason(String(stored)));

import { z } from 'zod';
import { Decimal } from '../../services/domain/money.js';
import type { Effect } from '../../services/domain/types.js';
import { BrokerProtocolError } from '../../services/errors.js';

/** Field shapes of tastytrade's JSON after `parseLossless`: numbers are text whichever way they were sent. */

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/;

/** A field that may be missing or null; null then. */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> | null => value ?? null);
}

/** Whatever stands there, also nothing at all. */
const anything = z.unknown().optional();

export const text = z.string();

export const decimal = z
  .string()
  .regex(NUMBER, 'expected a number')
  .transform((value) => new Decimal(value));

/** A price or amount whose direction stands beside it as an effect. */
export const magnitude = decimal.refine((value) => !value.isNegative(), 'expected an unsigned amount');

/** A count that fits a JS number: contracts, pages. */
export const count = magnitude
  .refine((value) => value.isInteger() && value.lte(Number.MAX_SAFE_INTEGER), 'expected a whole number')
  .transform((value) => value.toNumber());

/** A decimal where anything unreadable (`"NaN"`, empty) counts as not served. */
export const lenientDecimal = anything.transform((value) => {
  const parsed = decimal.safeParse(value);
  return parsed.success ? parsed.data : null;
});

/** True only for a clear yes. */
export const flag = anything.transform((value) => value === true || value === 'true');

/** An ISO instant, or epoch milliseconds; a placeholder 0 and anything unreadable are null. */
export const instant = anything.transform((value) => {
  if (typeof value !== 'string' || value === '') return null;
  const at = new Date(/^\d+$/.test(value) ? Number(value) : value);
  return Number.isNaN(at.getTime()) || at.getTime() === 0 ? null : at;
});

/** `Credit`, `Debit`, or null for `None`, missing and anything else; case doesn't matter. */
export const effect = anything.transform((value): Effect | null => {
  const word = typeof value === 'string' ? value.toLowerCase() : null;
  return word === 'credit' || word === 'debit' ? word : null;
});

/** Every list comes as `{data: {items}}` with `pagination` beside `data`. */
export const listing = z.object({
  data: z.object({ items: z.array(z.unknown()) }),
  pagination: maybe(z.object({ 'total-pages': maybe(count), 'total-items': maybe(count) })),
});

export const single = z.object({ data: z.record(z.string(), z.unknown()) });

/**
 * Reads an answer by its schema.
 *
 * @param what names the answer in the error, such as `an order`
 * @throws BrokerProtocolError naming the field, not its content
 */
export function read<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'the answer';
  throw new BrokerProtocolError(`The broker sent ${what} we can't read: ${field}: ${issue?.message}.`);
}

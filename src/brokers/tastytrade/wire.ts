import { z } from 'zod';
import type { Answer } from '../../domain/broker-troubles.js';
import { isIsoDate } from '../../domain/dates.js';
import { BrokerProtocolError } from '../../domain/errors.js';
import { Decimal } from '../../domain/money.js';
import type { CodedFault, Wrong } from '../../domain/row-faults.js';
import type { Effect, IsoDate } from '../../domain/types.js';
import { TICKER } from '../../domain/underlyings.js';
import { faultAt, faultOfIssue } from './wrong-fields.js';

/**
 * Field shapes of tastytrade's JSON after `parseLossless`: numbers are text whichever way they were sent. A rule's message
 * is a `Wrong`.
 */

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
  .regex(NUMBER, 'no-number' satisfies Wrong)
  .transform(decimalOf);

/** A price or amount whose direction stands beside it as an effect. */
export const magnitude = decimal.refine((value) => !value.isNegative(), 'negative' satisfies Wrong);

/** More contracts or shares than any account holds: a number beyond it is a fault, not a quantity. */
const MOST = 1_000_000_000;

/** What one share or contract cost. Beyond these bounds it is a fault, not a price. */
export const paid = magnitude.refine(
  (value) => value.lte(MOST) && value.decimalPlaces() <= 20,
  'no-price' satisfies Wrong,
);

/** How many contracts or shares. */
export const quantity = magnitude.refine(
  (value) => value.lte(MOST) && value.decimalPlaces() <= 20,
  'no-quantity' satisfies Wrong,
);

/** A plain ticker, such as `BRK/B`. */
export const ticker = z.string().regex(TICKER, 'no-ticker' satisfies Wrong);

/** A count that fits a JS number: contracts, pages. */
export const count = magnitude
  .refine(
    (value) => value.isInteger() && value.lte(Number.MAX_SAFE_INTEGER),
    'no-whole-number' satisfies Wrong,
  )
  .transform((value) => value.toNumber());

/** A decimal where anything unreadable (`"NaN"`, empty) counts as not served. */
export const lenientDecimal = anything.transform(decimalOrNull);

export function decimalOrNull(value: unknown): Decimal | null {
  if (typeof value !== 'string') return null;
  return DECIMALS.get(value) ?? (NUMBER.test(value) ? decimalOf(value) : null);
}

/** The same few prices come with every answer, and no decimal ever changes: each is read once, and is worth its `Exact`. */
const DECIMALS = new Map<string, Decimal>();
const MOST_DECIMALS = 5_000;
/** What is longer is no price. */
const LONGEST_KEPT = 16;

function decimalOf(value: string): Decimal {
  const known = DECIMALS.get(value);
  if (known) return known;
  const decimal = new Decimal(value);
  if (DECIMALS.size >= MOST_DECIMALS) DECIMALS.clear();
  if (value.length <= LONGEST_KEPT) DECIMALS.set(value, decimal);
  return decimal;
}

/** A calendar day, where anything else counts as not served. */
export function dayOrNull(value: unknown): IsoDate | null {
  return typeof value === 'string' && isIsoDate(value) ? value : null;
}

/** A yes or no, no where nothing is said. What is neither is an error, unlike with `flag`. */
export const yesOrNo = z
  .union([z.boolean(), z.enum(['true', 'false'])], 'no-yes-or-no' satisfies Wrong)
  .nullish()
  .transform((value) => value === true || value === 'true');

/** True only for a clear yes. */
export const flag = anything.transform(isYes);

export function isYes(value: unknown): boolean {
  return value === true || value === 'true';
}

/** An ISO instant, or epoch milliseconds; a placeholder 0 and anything unreadable are null. */
export const instant = anything.transform(instantOrNull);

export function instantOrNull(value: unknown): Date | null {
  if (typeof value !== 'string' || value === '') return null;
  const at = new Date(/^\d+$/.test(value) ? Number(value) : value);
  return Number.isNaN(at.getTime()) || at.getTime() === 0 ? null : at;
}

/** `Credit`, `Debit`, or null for `None`, missing and anything else; case doesn't matter. */
export const effect = anything.transform(effectOrNull);

export function effectOrNull(value: unknown): Effect | null {
  const word = typeof value === 'string' ? value.toLowerCase() : null;
  return word === 'credit' || word === 'debit' ? word : null;
}

/** Every list comes as `{data: {items}}` with `pagination` beside `data`. */
export const listing = z.object({
  data: z.object({ items: z.array(z.unknown()) }),
  pagination: maybe(z.object({ 'total-pages': maybe(count), 'total-items': maybe(count) })),
});

export const single = z.object({ data: z.record(z.string(), z.unknown()) });

/**
 * Reads an answer by its schema.
 *
 * @throws BrokerProtocolError naming the field
 */
export function read<T extends z.ZodType>(schema: T, value: unknown, answer: Answer): z.output<T> {
  const row = tried(schema, value);
  if ('data' in row) return row.data;
  throw new BrokerProtocolError({ code: 'UNREADABLE', answer, fault: row.fault });
}

/** What a row says by its schema, or what is wrong with it. */
export function tried<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { data: z.output<T> } | { fault: CodedFault } {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { data: parsed.data };
  const [issue] = parsed.error.issues;
  return { fault: issue ? faultOfIssue(value, issue) : faultAt(value, [], null) };
}

/** The rows of a list that can be read. For what is good to have and never needed: a row amiss tells nothing. */
export function readable<T extends z.ZodType>(schema: T, items: readonly unknown[]): z.output<T>[] {
  return items.flatMap((item) => {
    const row = tried(schema, item);
    return 'data' in row ? [row.data] : [];
  });
}

/** A field of anything as text; null where it isn't text, or says nothing. */
export function textIn(value: unknown, field: string): string | null {
  const found = fieldOf(value, field);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** A field of anything. */
export function fieldOf(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
  return (value as Record<string, unknown>)[field];
}

/** Whether a row is of this account, which it may leave unsaid. */
export function isOf(account: string, value: unknown): boolean {
  const owner = fieldOf(value, 'account-number') ?? account;
  return owner === account;
}

import { z } from 'zod';
import { UserError } from '../domain/errors.js';
import { Decimal } from '../domain/money.js';
import { parseDatabaseUrl } from '../ports/database-url.js';
import { isLoopbackHost } from '../ports/tastytrade-hosts.js';
import { Secret } from './secret.js';

/**
 * Building blocks of the settings schema. Every message completes the sentence "NAME … " and says what was
 * expected; the caller adds the example.
 */

/** Unset and blank mean the same: people leave `NAME=` in a `.env` file. */
const blankAsUnset = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;

export const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsUnset, schema.optional());
export const withDefault = <T extends z.ZodType>(schema: T, text: string) =>
  z.preprocess((value) => blankAsUnset(value) ?? text, schema);
export const required = <T extends z.ZodType<unknown, string>>(schema: T) =>
  z.preprocess((value) => blankAsUnset(value) ?? '', z.string().min(1, 'is missing').pipe(schema));

export const text = z.string().trim();
/** Anything else can't travel in a header, and the error that follows would print it. */
export const secret = text
  .regex(/^[\x21-\x7e]*$/, 'has a space, a line break or a sign that no token has')
  .transform((value) => new Secret(value));

const SNOWFLAKE = /^\d{17,20}$/;
export const snowflake = text.regex(SNOWFLAKE, 'is not a Discord id (17 to 20 digits)');
const listOf = (fits: (id: string) => boolean, what: string) =>
  text.transform((value, context) => {
    const ids = value.split(/[\s,;]+/).filter(Boolean);
    for (const id of ids) {
      if (!fits(id)) context.addIssue(`has "${id}", which is not ${what}`);
    }
    return ids;
  });
/** As the broker writes them, such as `5WX00001`; the same twice is one. */
export const accountNumbers = listOf((id) => /^[A-Za-z0-9]{3,20}$/.test(id), 'an account number').transform(
  (numbers) => [...new Set(numbers)],
);
export const snowflakes = listOf((id) => SNOWFLAKE.test(id), 'a Discord id (17 to 20 digits)');
export const snowflakesOrEveryone = listOf(
  (id) => id === '*' || SNOWFLAKE.test(id),
  'a Discord id (17 to 20 digits) or * for everyone in the server',
);

export const wholeNumber = (least: number, most: number) =>
  text
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`);

export const yesNo = text.toLowerCase().transform((value, context) => {
  if (['true', 'yes', '1', 'on'].includes(value)) return true;
  if (['false', 'no', '0', 'off'].includes(value)) return false;
  context.addIssue('is neither true nor false');
  return z.NEVER;
});

export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: () => `is not one of ${values.join(', ')}` });

/** The secure scheme first; the plain one only for this machine, because credentials go there. */
export const safeUrl = ([secure, plain]: readonly [string, string]) =>
  text.transform((value, context) => {
    const parsed = URL.canParse(value) ? new URL(value) : null;
    if (!parsed || (parsed.protocol !== secure && !(parsed.protocol === plain && isLoopback(value)))) {
      context.addIssue(`is not a URL that starts with ${secure}// (${plain}// only on this machine)`);
      return z.NEVER;
    }
    // A library that refuses such an address would print it, password and all.
    if (parsed.username || parsed.password || parsed.search || parsed.hash) {
      context.addIssue('holds more than host and path');
      return z.NEVER;
    }
    return value.replace(/\/+$/, '');
  });

export function isLoopback(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname);
}

/** Roots of index options that trade under another symbol than their underlying, by which ticks are looked up. */
const INDEX_ROOTS: ReadonlyMap<string, string> = new Map([
  ['SPXW', 'SPX'],
  ['NDXP', 'NDX'],
  ['RUTW', 'RUT'],
  ['VIXW', 'VIX'],
]);

/** As it stands in an address: no scheme, no path, and one alone. */
export const host = text.regex(/^([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$/i, 'is not a host or host:port');

/** Checked here, so that nothing has begun when it turns out to be wrong. */
export const databaseUrl = text.superRefine((value, context) => {
  try {
    parseDatabaseUrl(value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.addIssue(error.message.replace(/^DATABASE_URL |\.$/g, ''));
  }
});

/** `RUT=0.01,NDX=0.05` → net price increments of multi-leg orders by underlying. */
export const spreadTicks = text.transform((value, context) => {
  const ticks = new Map<string, Decimal>();
  for (const entry of value.split(',').map((part) => part.trim())) {
    const match = /^([A-Z0-9./]{1,6})=(0?\.\d+|\d+(?:\.\d+)?)$/i.exec(entry);
    const tick = match?.[2] ? new Decimal(match[2]) : null;
    if (!match?.[1] || !tick?.greaterThan(0)) {
      context.addIssue(`has "${entry}", which is not SYMBOL=increment`);
      return z.NEVER;
    }
    const symbol = match[1].toUpperCase();
    const underlying = INDEX_ROOTS.get(symbol);
    if (underlying) {
      context.addIssue(`has "${entry}", but increments go by underlying: ${underlying} instead of ${symbol}`);
      return z.NEVER;
    }
    ticks.set(symbol, tick);
  }
  return ticks;
});

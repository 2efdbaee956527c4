import { z } from 'zod';
import { isFailure } from '../domain/errors.js';
import type { SettingFault } from '../domain/failures.js';
import { Decimal } from '../domain/money.js';
import { parseProfitTargets } from '../domain/strategies/index.js';
import { isPriceStep } from '../domain/ticks.js';
import { underlyingOfRoot } from '../domain/underlyings.js';
import { parseDatabaseUrl } from '../ports/database-url.js';
import { isLoopbackHost } from '../ports/tastytrade-hosts.js';
import { Secret } from './secret.js';

/**
 * Building blocks of the settings schema. An issue's message is a `SettingFault`, because zod keeps nothing but texts.
 */
const wrong = (fault: SettingFault) => JSON.stringify(fault);

/** @throws Error for an issue of zod's own: every check here says its fault */
export function faultOf({ message }: { message: string }): SettingFault {
  return JSON.parse(message);
}

/** Unset and blank mean the same: people leave `NAME=` in a `.env` file. */
const blankAsUnset = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;

export const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsUnset, schema.optional());
export const withDefault = <T extends z.ZodType>(schema: T, text: string) =>
  z.preprocess((value) => blankAsUnset(value) ?? text, schema);
export const required = <T extends z.ZodType<unknown, string>>(schema: T) =>
  z.preprocess(
    (value) => blankAsUnset(value) ?? '',
    z
      .string()
      .min(1, wrong({ is: 'missing' }))
      .pipe(schema),
  );

export const text = z.string().trim();
/** Anything else can't travel in a header, and the error that follows would print it. */
export const secret = text
  .regex(/^[\x21-\x7e]*$/, wrong({ is: 'token' }))
  .transform((value) => new Secret(value));

const SNOWFLAKE = /^\d{17,20}$/;
export const snowflake = text.regex(SNOWFLAKE, wrong({ is: 'not-an-id' }));
const listOf = (fits: (id: string) => boolean, of: 'account-number' | 'id' | 'id-or-everyone') =>
  text.transform((value, context) => {
    const ids = value.split(/[\s,;]+/).filter(Boolean);
    for (const item of ids) {
      if (!fits(item)) context.addIssue(wrong({ is: 'not-in-list', item, of }));
    }
    return ids;
  });
/** As the broker writes them, such as `5WX00001`; the same twice is one. */
export const accountNumbers = listOf((id) => /^[A-Za-z0-9]{3,20}$/.test(id), 'account-number').transform(
  (numbers) => [...new Set(numbers)],
);
export const snowflakes = listOf((id) => SNOWFLAKE.test(id), 'id');
export const snowflakesOrEveryone = listOf((id) => id === '*' || SNOWFLAKE.test(id), 'id-or-everyone');

export const wholeNumber = (least: number, most: number) =>
  text
    .regex(/^\d+$/, wrong({ is: 'not-whole' }))
    .transform(Number)
    .refine((value) => value >= least && value <= most, wrong({ is: 'out-of-range', least, most }));

export const yesNo = text.toLowerCase().transform((value, context) => {
  if (['true', 'yes', '1', 'on'].includes(value)) return true;
  if (['false', 'no', '0', 'off'].includes(value)) return false;
  context.addIssue(wrong({ is: 'not-yes-no' }));
  return z.NEVER;
});

export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: () => wrong({ is: 'not-one-of', values }) });

/** The secure scheme first; the plain one only for this machine, because credentials go there. */
export const safeUrl = ([secure, plain]: readonly [string, string]) =>
  text.transform((value, context) => {
    const parsed = URL.canParse(value) ? new URL(value) : null;
    if (!parsed || (parsed.protocol !== secure && !(parsed.protocol === plain && isLoopback(value)))) {
      context.addIssue(wrong({ is: 'not-a-url', secure, plain }));
      return z.NEVER;
    }
    // A library that refuses such an address would print it, password and all.
    if (parsed.username || parsed.password || parsed.search || parsed.hash) {
      context.addIssue(wrong({ is: 'more-than-host' }));
      return z.NEVER;
    }
    return value.replace(/\/+$/, '');
  });

export function isLoopback(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname);
}

/** As it stands in an address: no scheme, no path, and one alone. */
export const host = text.regex(/^([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$/i, wrong({ is: 'not-a-host' }));

/** Checked here, so that nothing has begun when it turns out to be wrong. */
export const databaseUrl = text.superRefine((value, context) => {
  try {
    parseDatabaseUrl(value);
  } catch (error) {
    if (!isFailure(error, 'DATABASE_URL_INVALID')) throw error;
    context.addIssue(wrong({ is: 'database-url', why: error.facts.why }));
  }
});

/** `RUT=0.01,NDX=0.05` → net price increments of multi-leg orders by underlying. */
export const spreadTicks = text.transform((value, context) => {
  const ticks = new Map<string, Decimal>();
  for (const entry of value.split(',').map((part) => part.trim())) {
    const match = /^([A-Z0-9./]{1,6})=(0?\.\d+|\d+(?:\.\d+)?)$/i.exec(entry);
    const tick = match?.[2] ? new Decimal(match[2]) : null;
    if (!match?.[1] || !tick || !isPriceStep(tick)) {
      context.addIssue(wrong({ is: 'not-an-increment', entry }));
      return z.NEVER;
    }
    // As the broker spells it.
    const symbol = match[1].toUpperCase().replaceAll('.', '/');
    const underlying = underlyingOfRoot(symbol);
    if (underlying !== symbol) {
      context.addIssue(wrong({ is: 'not-by-underlying', entry, symbol, underlying }));
      return z.NEVER;
    }
    ticks.set(symbol, tick);
  }
  return ticks;
});

export const profitTargets = text.transform((value, context): Map<string, Decimal[]> => {
  try {
    return parseProfitTargets(value);
  } catch (error) {
    if (!isFailure(error, 'PROFIT_TARGETS_INVALID')) throw error;
    context.addIssue(wrong({ is: 'profit-targets', fault: error.facts }));
    return z.NEVER;
  }
});

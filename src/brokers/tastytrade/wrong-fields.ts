import type { z } from 'zod';
import { Decimal } from '../../domain/money.js';
import { parseOcc } from '../../domain/occ.js';
import { type CodedFault, type RowPlace, WRONGS, type Wrong } from '../../domain/row-faults.js';

const SHORT = 40;

/** What is wrong with the field at this path; `wrong` is what its value can't be taken for, null for whatever is not known. */
export function faultAt(row: unknown, path: readonly PropertyKey[], wrong: Wrong | null): CodedFault {
  const place = placeOf(row, path);
  const value = path.reduce(inside, row);
  if (path.length === 0 || typeof path.at(-1) === 'number') return { code: 'UNRECOGNISABLE', place };
  if (value === undefined || value === null) return { code: 'MISSING', place };
  if (value === '') return { code: 'EMPTY', place };
  if (Decimal.isDecimal(value)) return { code: 'ODD_VALUE', place, value: inShort(value.toFixed()), wrong };
  if (typeof value === 'object') return { code: 'ODD_FORM', place };
  return { code: 'ODD_VALUE', place, value: inShort(value), wrong };
}

/** The same by what zod found; a rule of `wire.ts` has a `Wrong` for its message. */
export function faultOfIssue(row: unknown, { path, code, message }: z.core.$ZodIssue): CodedFault {
  if (code === 'too_small') return { code: 'EMPTY', place: placeOf(row, path) };
  return faultAt(row, path, WRONGS.find((wrong) => wrong === message) ?? null);
}

/** A text of the broker's in one short line. */
export function inShort(value: unknown): string {
  const text = String(value).replaceAll(/\s+/g, ' ');
  return text.length <= SHORT ? text : `${text.slice(0, SHORT - 1)}…`;
}

/** A contract, a ticker, or whatever stands in their place in one short line. */
export function nameIn(symbol: string): string {
  return parseOcc(symbol) ? symbol : inShort(symbol);
}

function placeOf(row: unknown, path: readonly PropertyKey[]): RowPlace {
  const field = path.findLast((key) => typeof key === 'string') ?? null;
  const at = path.indexOf('legs');
  const index = at < 0 ? undefined : path[at + 1];
  if (typeof index !== 'number') return { field, leg: null, fill: false };
  const symbol = inside(path.slice(0, at + 2).reduce(inside, row), 'symbol');
  const named = typeof symbol === 'string' && symbol !== '' ? nameIn(symbol) : null;
  const leg = { symbol: named, number: index + 1 };
  const isWhole = path.length === at + 2 || (path.length > at + 3 && typeof path.at(-1) === 'number');
  return { field: isWhole ? null : field, leg, fill: path.length > at + 3 };
}

function inside(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<PropertyKey, unknown>)[key];
}

import type { z } from 'zod';
import { Decimal } from '../../domain/money.js';
import { parseOcc } from '../../domain/occ.js';
import { contractText } from '../../domain/odd-rows.js';

/** What is wrong with a row of the broker's, as a person would say it who looks at it. */

/** By the broker's name of the field; others are their own name with spaces. */
const FIELDS: Readonly<Record<string, string>> = {
  action: 'side (buy or sell, open or close)',
  'account-number': 'account',
  'average-open-price': 'opening price',
  'fill-price': 'price',
  'instrument-type': 'kind (stock or option)',
  'is-frozen': 'mark as frozen',
  items: 'list',
  legs: 'list of legs',
  multiplier: 'contract size',
  'quantity-direction': 'side (long or short)',
  'shares-per-contract': 'contract size',
  'underlying-symbol': 'underlying',
};
const CLIP = 40;
/** A plain ticker, such as `BRK/B`. */
export const TICKER = /^[A-Z][A-Z0-9./]{0,9}$/;

/** `its status is missing`, `the price of a fill of QQQ 18 Dec 26 480 P reads “NaN”, which is no number`. */
export function wrongFieldText(row: unknown, path: readonly PropertyKey[], wrong: string | null): string {
  const where = placeText(row, path);
  const value = path.reduce(inside, row);
  if (path.length === 0 || typeof path.at(-1) === 'number') return `${where} can’t be made out at all`;
  if (value === undefined || value === null) return `${where} is missing`;
  if (value === '') return `${where} is empty`;
  if (Decimal.isDecimal(value)) return `${where} reads ${quoted(value.toFixed())}, ${wrong}`;
  if (typeof value === 'object') return `${where} has a form I don’t know`;
  return `${where} reads ${quoted(value)}, ${wrong ?? 'which I don’t know'}`;
}

/** The same by what zod found; the schemas of `wire.ts` word their own rules so that they fit in here. */
export function issueText(row: unknown, { path, code, message }: z.core.$ZodIssue): string {
  if (code === 'too_small') return `${placeText(row, path)} is empty`;
  return wrongFieldText(row, path, message.startsWith('which ') ? message : null);
}

/** Where a symbol is none of the kind that stands beside it. @param called such as `it is called` */
export function kindFault(type: string, called: string, known: boolean): string {
  return `${called} ${quoted(type)}, ${known ? 'which its symbol isn’t' : 'which I don’t know'}`;
}

/** `QQQ 18 Dec 26 480 P`; what names nothing stands in quotation marks. */
export function contractName(symbol: string): string {
  const named = parseOcc(symbol) !== null || TICKER.test(symbol);
  return named ? contractText(symbol) : quoted(symbol);
}

/** A text of the broker's in quotation marks, in one short line. */
function quoted(value: unknown): string {
  const text = String(value).replaceAll(/\s+/g, ' ');
  return `“${text.length <= CLIP ? text : `${text.slice(0, CLIP - 1)}…`}”`;
}

/** `its price`, `the quantity of QQQ 18 Dec 26 480 P`, `the price of a fill of leg 2`. */
function placeText(row: unknown, path: readonly PropertyKey[]): string {
  const field = path.findLast((key) => typeof key === 'string') ?? '';
  const name = FIELDS[String(field)] ?? String(field).replaceAll('-', ' ');
  const at = path.indexOf('legs');
  const index = at < 0 ? undefined : path[at + 1];
  if (typeof index !== 'number') return name === '' ? 'it' : `its ${name}`;
  const symbol = inside(path.slice(0, at + 2).reduce(inside, row), 'symbol');
  const leg = typeof symbol === 'string' && symbol !== '' ? contractName(symbol) : `leg ${index + 1}`;
  if (path.length === at + 2) return leg;
  if (path.length <= at + 3) return `the ${name} of ${leg}`;
  return typeof path.at(-1) === 'number' ? `a fill of ${leg}` : `the ${name} of a fill of ${leg}`;
}

function inside(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<PropertyKey, unknown>)[key];
}

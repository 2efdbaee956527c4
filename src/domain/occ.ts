import { isIsoDate, shortDay } from './dates.js';
import { Decimal } from './money.js';
import type { Instrument, OptionTerms } from './types.js';

const SYMBOL = /^(?=.{21}$)([A-Z0-9./]{1,6}) *(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/;

/**
 * Reads a 21-character OCC option symbol: root padded with spaces on the right to six, `yymmdd`, `C` or `P`,
 * strike in thousandths. Roots may hold digits (`AAPL1` after a corporate action, `2SPX` for FLEX).
 *
 * @returns null for anything else, such as a stock's symbol or a day the calendar doesn't have.
 */
export function parseOcc(symbol: string): OptionTerms | null {
  const known = TERMS.get(symbol);
  if (known !== undefined) return known;
  const read = termsIn(symbol);
  if (TERMS.size >= MOST_TERMS) TERMS.clear();
  TERMS.set(symbol, read);
  return read;
}

/** The same contracts come with every answer and stand on every screen. */
const TERMS = new Map<string, OptionTerms | null>();
const MOST_TERMS = 20_000;

function termsIn(symbol: string): OptionTerms | null {
  const match = SYMBOL.exec(symbol);
  if (!match) return null;
  const [, root = '', year, month, day, type, thousandths = ''] = match;
  const expiration = `20${year}-${month}-${day}`;
  const strike = new Decimal(thousandths).div(1000);
  if (!isIsoDate(expiration) || strike.isZero()) return null;
  return { root, expiration, type: type === 'C' ? 'call' : 'put', strike };
}

/**
 * `QQQ 18 Dec 26 480 P`. The root is shown rather than the underlying, because `SPX` and `SPXW`, or `AAPL`
 * and the adjusted `AAPL1`, are different contracts; so is a multiplier other than 100.
 */
export function describeContract({ option, symbol, multiplier }: Instrument): string {
  if (!option) return `${symbol} shares`;
  return `${describeTerms(option)}${multiplier === 100 ? '' : ` (x${multiplier})`}`;
}

/** The same where only the symbol is known, which says nothing of the multiplier; stock symbols stay as they are. */
export function describeSymbol(symbol: string): string {
  const option = parseOcc(symbol);
  return option ? describeTerms(option) : symbol;
}

function describeTerms({ root, expiration, strike, type }: OptionTerms): string {
  return `${root} ${shortDay(expiration)} ${strike.toString()} ${type === 'call' ? 'C' : 'P'}`;
}

/** `480P`, for where underlying and expiration are said already. */
export function describeTerse({ option, symbol }: Instrument): string {
  if (!option) return symbol;
  return `${option.strike.toString()}${option.type === 'call' ? 'C' : 'P'}`;
}

/** True where a corporate action changed the deliverable: the OCC puts a digit after the root. */
export function isAdjusted({ root }: OptionTerms): boolean {
  return /[A-Z]\d$/.test(root);
}

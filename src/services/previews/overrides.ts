import { UserError } from '../../domain/errors.js';
import { Decimal } from '../../domain/money.js';
import type { StopWish } from '../../domain/stop-price.js';

/** What the trader asks for. Of percent, price and ladder at most one makes sense; planning decides. */
export interface Overrides {
  percent?: Decimal;
  price?: Decimal;
  ladder?: Decimal[];
  /** A stop beside each target. */
  stop?: StopWish;
  /** The trader's own choice: sell long legs of this position also where that leaves a short without cover. */
  leaveNaked?: boolean;
}

type Part = 'percent' | 'price' | 'ladder' | 'stop';

/** A comma is never taken as a decimal point: `40,60` as one percentage would be a costly misreading. */
const NUMBER = /^\d{1,7}(?:\.\d{1,6})?$/;

/**
 * Reads what people type: `50`, `50 %`, `1.25`, `$1.25`, `40,60`, `40/60`. Several percentages in the percent's field
 * are a ladder. A stop is a whole number or one with a percent sign for the percent, one with a dollar sign or a point for the price.
 * @throws UserError `NOT_A_NUMBER` naming the part and showing an example, `COMMA_UNCLEAR` where a comma can be read two
 * ways, `OPTIONS_CONFLICT` for two ladders
 */
export function parseOverrides(raw: {
  percent?: string | null | undefined;
  price?: string | null | undefined;
  ladder?: string | null | undefined;
  stop?: string | null | undefined;
  leaveNaked?: boolean | null | undefined;
}): Overrides {
  const percents = raw.percent ? percentages(raw.percent, 'percent') : [];
  const [percent, ...more] = percents;
  if (more.length > 0 && raw.ladder) {
    throw new UserError('OPTIONS_CONFLICT', { asked: 'two-ladders' });
  }
  return {
    ...(raw.leaveNaked ? { leaveNaked: true } : {}),
    ...(percent && (more.length > 0 ? { ladder: percents } : { percent })),
    ...(raw.price ? { price: price(raw.price, 'price') } : {}),
    ...(raw.ladder ? { ladder: percentages(raw.ladder, 'ladder') } : {}),
    ...(raw.stop ? { stop: stop(raw.stop) } : {}),
  };
}

function percentages(text: string, what: Part): Decimal[] {
  // A comma beside anything else that separates is no decimal comma.
  const spaced = text.replaceAll('%', ' ').replaceAll(/[\s,/;]*(?:[\s/;]|,,)[\s,/;]*/g, ' ');
  const pieces = spaced.trim().split(' ');
  const parts = pieces.flatMap((piece) => {
    const numbers = piece.split(',').filter((part) => part !== '');
    if (isUnclear(numbers, pieces.length)) throw new UserError('COMMA_UNCLEAR', { typed: piece, numbers });
    return numbers;
  });
  // Nothing but separators.
  if (parts.length === 0) return [number(text, what)];
  return parts.map((part) => number(part, what, text));
}

/**
 * `37,5` may be 37.5 or 37 and 5. Clear are whole tens and fives, as ladders mostly have (`40,60`), numbers with a point
 * (the comma can't be another), and three or another odd count, which no decimals make.
 */
function isUnclear(numbers: readonly string[], pieces: number): boolean {
  if (numbers.length < 2 || !numbers.every((part) => /^\d+$/.test(part))) return false;
  if (pieces === 1 && numbers.length % 2 === 1) return false;
  return !numbers.every((part, index) => /^[1-9]\d*[05]$/.test(part) || (index === 0 && part === '5'));
}

function price(text: string, what: Part): Decimal {
  const typed = text.replace(/^\s*\$/, '').trim();
  if (/^\d{1,7}(?:,\d{1,6})+(?:\.\d+)?$/.test(typed)) throw unclearPrice(typed);
  return number(typed, what, text);
}

function stop(text: string): StopWish {
  const typed = text.trim();
  const percent = /^(\d+|[\d.]+\s*%)$/.test(typed);
  if (percent) return { percent: number(typed.replace('%', ''), 'stop', text) };
  return { price: price(text, 'stop') };
}

function unclearPrice(typed: string): UserError {
  const whole = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(typed) ? typed.replaceAll(',', '') : null;
  const point = /^\d+,\d+$/.test(typed) ? typed.replace(',', '.') : null;
  const prices = [point, whole].filter((each) => each !== null);
  return new UserError('COMMA_UNCLEAR', { typed, prices });
}

function number(text: string, what: Part, typed = text): Decimal {
  if (NUMBER.test(text.trim())) return new Decimal(text.trim());
  throw new UserError('NOT_A_NUMBER', { typed, what });
}

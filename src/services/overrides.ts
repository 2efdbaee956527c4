import { Decimal } from './domain/money.js';
import { UserError } from './errors.js';

/** What the trader asks for instead of the strategy's rule. At most one of them makes sense; planning decides. */
export interface Overrides {
  percent?: Decimal;
  price?: Decimal;
  ladder?: Decimal[];
}

/** A decimal comma is refused: `40,60` as one percentage would be a costly misreading. */
const NUMBER = /^\d{1,7}(?:\.\d{1,6})?$/;

/**
 * Reads what people type: `50`, `50 %`, `1.25`, `$1.25`, `40,60`, `40/60`.
 * @throws UserError `NOT_A_NUMBER` naming the part and showing an example
 */
export function parseOverrides(raw: {
  percent?: string | null | undefined;
  price?: string | null | undefined;
  ladder?: string | null | undefined;
}): Overrides {
  return {
    ...(raw.percent ? { percent: number(raw.percent, 'percent', '50') } : {}),
    ...(raw.price ? { price: number(raw.price.replace(/^\s*\$/, ''), 'price', '1.25') } : {}),
    ...(raw.ladder ? { ladder: ladder(raw.ladder) } : {}),
  };
}

function ladder(text: string): Decimal[] {
  const rungs = text.split(/[,/;\s]+/).filter((part) => part !== '' && part !== '%');
  return rungs.map((rung) => number(rung, 'ladder', '40,60'));
}

function number(text: string, what: string, example: string): Decimal {
  const cleaned = text.replace('%', '').trim();
  if (NUMBER.test(cleaned)) return new Decimal(cleaned);
  throw new UserError(
    'NOT_A_NUMBER',
    `"${text.slice(0, 40)}" is not a ${what} I can read.`,
    `Example: ${what}:${example}`,
  );
}

import type { Portion } from '../../domain/closing.js';
import { UserError } from '../../domain/errors.js';
import { Exact } from '../../domain/exact.js';
import { Decimal, HUNDRED } from '../../domain/money.js';
import { parseOverrides } from './overrides.js';

/**
 * The price to close at: the middle of bid and ask, the broker's mark, what the other side shows now, one tick from the limit
 * that works now towards that, or one of the trader's own.
 */
export type CloseAt = 'mid' | 'mark' | 'natural' | 'step' | { price: Decimal };

/** What somebody asks for who wants a position closed now. */
export interface CloseWish {
  at: CloseAt;
  /** All that is held without one. */
  portion: Portion | null;
}

/** Those that can be named, the furthest from the market first. */
export const PRICES = ['mid', 'mark', 'natural'] as const;

/**
 * Reads what people type: `mid`, `natural`, `1.25`; `2`, `2 lots`, `50%`, `1/3`. Nothing is the mid, and all of it.
 * @throws UserError `CLOSE_UNREADABLE`, and as `parseOverrides` of a price
 */
export function parseClose(raw: { at: string | null; portion: string | null }): CloseWish {
  return { at: priceOf(raw.at?.trim() ?? ''), portion: portionOf(raw.portion?.trim() ?? '') };
}

function priceOf(typed: string): CloseAt {
  const named = PRICES.find((name) => name === typed.toLowerCase());
  if (named) return named;
  if (typed === '') return 'mid';
  if (!/\d/.test(typed)) throw new UserError('CLOSE_UNREADABLE', { typed, what: 'at' });
  const { price } = parseOverrides({ price: typed });
  if (!price) throw new UserError('CLOSE_UNREADABLE', { typed, what: 'at' });
  return { price };
}

function portionOf(typed: string): Portion | null {
  if (typed === '' || typed.toLowerCase() === 'all') return null;
  const [, units] = /^([1-9]\d{0,5})(?: ?(?:contracts?|lots?|units?))?$/i.exec(typed) ?? [];
  if (units) return { units: Number(units) };
  const [, percent] = /^(\d{1,3}(?:\.\d{1,4})?) ?%$/.exec(typed) ?? [];
  const [, top, bottom] = /^(\d{1,4}) ?\/ ?([1-9]\d{0,3})$/.exec(typed) ?? [];
  const share = percent
    ? Exact.of(new Decimal(percent)).div(HUNDRED)
    : top && bottom
      ? Exact.of(Number(top)).div(Number(bottom))
      : null;
  if (share?.gt(0) && share.lte(1)) return { share };
  throw new UserError('CLOSE_UNREADABLE', { typed, what: 'portion' });
}

import { parseOcc } from '../../domain/occ.js';
import { leaveUnsure } from '../../domain/odd-rows.js';
import type { IsoDate, OddRow } from '../../domain/types.js';
import { isOfUnderlying, isSameUnderlying } from '../../domain/underlyings.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import type { ReminderOptions } from './options.js';

/** The positions a reminder is about. */
export function selected(book: Book, { underlying, position }: ReminderOptions): OpenPosition[] {
  return book.positions.filter(
    (view) =>
      (underlying === undefined || isOfUnderlying(underlying, view.position)) &&
      (position === undefined || view.id === position),
  );
}

/** A row of the broker that can't be read leaves unsure what works on its contracts. */
export function isUnsure({ odd }: OpenPosition): boolean {
  return leaveUnsure(odd);
}

/** Rows of what is held and works that can't be read and that a reminder may be about: silence would hide them. */
export function unreadRows({ odd, positions }: Book, { underlying, position }: ReminderOptions): OddRow[] {
  const rows = odd.filter((row) => leaveUnsure([row]));
  const view = positions.find(({ id }) => id === position);
  if (view) return rows.filter((row) => view.odd.includes(row));
  return underlying === undefined ? rows : rows.filter((row) => mayBeOf(row, underlying));
}

/** Holdings among them that no position shows, and of which the expiration isn't known to lie elsewhere. */
export function unreadHoldings(
  book: Book,
  options: ReminderOptions,
  matters: (expiration: IsoDate) => boolean,
): OddRow[] {
  const shown = new Set(book.holdings.map(({ instrument }) => instrument.symbol));
  return unreadRows(book, options).filter(({ what, name }) => {
    const option = parseOcc(name ?? '');
    return what === 'holding' && !shown.has(name ?? '') && (option === null || matters(option.expiration));
  });
}

function mayBeOf({ concern }: OddRow, underlying: string): boolean {
  if (concern === 'account') return true;
  const names = concern.symbols.map((symbol) => parseOcc(symbol)?.root ?? symbol);
  return [...names, ...(concern.kin ? [concern.kin.underlying] : [])].some((name) =>
    isSameUnderlying(name, underlying),
  );
}

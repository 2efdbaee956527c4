import { isOfUnderlying } from '../domain/underlyings.js';
import type { Book, PositionView } from '../positions.js';
import type { ReminderOptions } from './options.js';

/** The positions a reminder is about. */
export function selected(book: Book, { underlying, position }: ReminderOptions): PositionView[] {
  return book.positions.filter(
    (view) =>
      (underlying === undefined || isOfUnderlying(underlying, view.position)) &&
      (position === undefined || view.id === position),
  );
}

/** A row of the broker that can't be read leaves unsure what works on its contracts. */
export function isUnsure({ odd }: PositionView): boolean {
  return odd.some(({ doubts }) => doubts === 'coverage');
}

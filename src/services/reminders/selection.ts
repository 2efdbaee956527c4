import { isOfUnderlying } from '../domain/underlyings.js';
import { type Book, isPartlyCovered, type PositionView } from '../positions.js';
import type { ReminderOptions } from './options.js';

/** The positions a reminder is about. */
export function selected(book: Book, { underlying, position }: ReminderOptions): PositionView[] {
  return book.positions.filter(
    (view) =>
      (underlying === undefined || isOfUnderlying(underlying, view.position)) &&
      (position === undefined || view.id === position),
  );
}

/**
 * How much of a position working orders will close, by its components as they are closed.
 * - `none`: no closing order works
 * - `part`: some do, and leave units over
 */
export function uncovered(view: PositionView): 'none' | 'part' | null {
  if (view.working.length === 0) return 'none';
  return isPartlyCovered(view) ? 'part' : null;
}

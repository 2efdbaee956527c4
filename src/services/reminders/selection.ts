import type { Book, PositionView } from '../positions.js';
import type { ReminderOptions } from './options.js';

/** The positions a reminder is about. */
export function selected(book: Book, { underlying, position }: ReminderOptions): PositionView[] {
  return book.positions.filter(
    (view) =>
      (underlying === undefined || view.position.underlying === underlying) &&
      (position === undefined || view.id === position),
  );
}

/**
 * How much of a position working orders will close, by its components as they are closed.
 * - `none`: no closing order works
 * - `part`: some do, and leave units over
 */
export function uncovered({ working, components }: PositionView): 'none' | 'part' | null {
  if (working.length === 0) return 'none';
  const open = components.some(({ key, units }) => {
    const own = working.filter(({ componentKey }) => componentKey === key);
    return units > own.reduce((total, each) => total + each.units, 0);
  });
  return open ? 'part' : null;
}

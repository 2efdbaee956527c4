import { isAllOver } from '../../../domain/expiration.js';
import type { OddRow } from '../../../domain/types.js';
import type { Book, OpenPosition } from '../../accounts/positions.js';
import { onlyProtects } from '../../accounts/ties.js';
import type { ReminderOptions } from '../options.js';
import { isUnsure, selected, unreadRows } from '../selection.js';
import type { Kind } from './kind.js';

export interface MissingTargets {
  book: Book;
  /** No target works; what else works closes nothing at a profit. */
  without: OpenPosition[];
  /** Targets work, but leave contracts over. */
  partly: OpenPosition[];
  /** What works can't be told: a row of the broker can't be read. */
  unsure: OpenPosition[];
  /** All rows that leave unsure what is held or works. */
  unread: OddRow[];
}

export const missingTargets: Kind<MissingTargets> = {
  trading: true,
  uses: ['account', 'underlying', 'position', 'sayWhenEmpty'],
  usually: 'market open +15m',
  async look({ reading, options }) {
    const found = findMissing(await reading.book(), options);
    return found.without.length + found.partly.length + found.unsure.length + found.unread.length > 0 ||
      options.sayWhenEmpty
      ? found
      : null;
  },
};

export function findMissing(book: Book, options: ReminderOptions): MissingTargets {
  // What trades no more can have no target, and what only protects should have none.
  const views = selected(book, options).filter(
    (view) => !isAllOver(view.position, view.ends, book.readAt) && !onlyProtects(view),
  );
  return {
    book,
    without: views.filter((view) => !isUnsure(view) && ['none', 'reserved'].includes(view.cover.state)),
    partly: views.filter((view) => !isUnsure(view) && view.cover.state === 'part'),
    unsure: views.filter(isUnsure),
    unread: unreadRows(book, options),
  };
}

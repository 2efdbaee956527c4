import { BrokerError, UserError, type Why, whyOf } from '../../../domain/errors.js';
import { leaveUnsure } from '../../../domain/odd-rows.js';
import type { OddRow } from '../../../domain/types.js';
import type { Book, OpenPosition } from '../../accounts/positions.js';
import type { Kind } from './kind.js';

export interface Note {
  text: string;
  /** The position it is tied to, by id; null if to none. */
  position: number | null;
  /** As it stands now. A note is told whatever the broker does. */
  state:
    | { kind: 'open'; book: Book; view: OpenPosition }
    /** Rows of holdings that can't be read may be what is left of it. */
    | { kind: 'gone'; unread: OddRow[] }
    | { kind: 'unreadable'; why: Why };
}

export const note: Kind<Note> = {
  trading: false,
  uses: ['text', 'position'],
  needs: ['text'],
  usually: 'tomorrow 9:00',
  async look({ reading, options: { text = '', position } }) {
    if (position === undefined) return { text, position: null, state: { kind: 'gone', unread: [] } };
    try {
      const book = await reading.book();
      const unread = book.odd.filter((row) => row.what === 'holding' && leaveUnsure([row]));
      const view = book.positions.find(({ id }) => id === position);
      return { text, position, state: view ? { kind: 'open', book, view } : { kind: 'gone', unread } };
    } catch (error) {
      if (!(error instanceof BrokerError || error instanceof UserError)) throw error;
      return { text, position, state: { kind: 'unreadable', why: whyOf(error) } };
    }
  },
};

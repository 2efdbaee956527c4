import { dte } from '../../../domain/dates.js';
import { limitOf } from '../../../domain/exits.js';
import type { OddRow } from '../../../domain/types.js';
import type { Book } from '../../accounts/positions.js';
import { type ExpiringPosition, expiring } from '../expiring.js';
import type { Market } from '../market.js';
import type { ReminderOptions } from '../options.js';
import { selected, unreadHoldings } from '../selection.js';
import type { Kind } from './kind.js';

export interface Expiry {
  book: Book;
  /** Days to expiration asked for, ascending. */
  within: number[];
  /** By the smallest limit each position is within; empty ones are left out. */
  groups: { within: number; positions: ExpiringPosition[] }[];
  /** Holdings that can't be read, and may expire within the days asked for. */
  unread: OddRow[];
}

/** The usual days to think about managing a position, and to be out of it. */
const USUAL_DTE = [7, 21];

export const expiry: Kind<Expiry> = {
  trading: true,
  uses: ['account', 'underlying', 'position', 'dte', 'sayWhenEmpty'],
  usually: 'market open +30m',
  async look({ reading, options, now }) {
    const found = findExpiring(await reading.book(), await reading.market(), options, now);
    return found.groups.length + found.unread.length > 0 || options.sayWhenEmpty ? found : null;
  },
};

export function findExpiring(book: Book, market: Market, options: ReminderOptions, now: Date): Expiry {
  const within = options.dte ?? USUAL_DTE;
  const positions = expiring(selected(book, options), book, market, now);
  const groups = within
    .map((limit) => ({
      within: limit,
      positions: positions.filter((each) => limitOf(within, each.dte) === limit),
    }))
    .filter((group) => group.positions.length > 0);
  const last = within.at(-1) ?? 0;
  const unread = unreadHoldings(book, options, (expiration) => dte(now, expiration) <= last);
  return { book, within, groups, unread };
}

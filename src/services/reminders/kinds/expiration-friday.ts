import { dte, exchangeDay } from '../../../domain/dates.js';
import type { IsoDate, OddRow } from '../../../domain/types.js';
import type { Book } from '../../accounts/positions.js';
import { type ExpiringPosition, expiring } from '../expiring.js';
import type { Market } from '../market.js';
import type { ReminderOptions } from '../options.js';
import { selected, unreadHoldings } from '../selection.js';
import type { Kind } from './kind.js';

export interface ExpirationDay {
  book: Book;
  day: IsoDate;
  /** When the session ends, if there is one. */
  closesAt: Date | null;
  positions: ExpiringPosition[];
  /** Holdings that can't be read, and may expire today. */
  unread: OddRow[];
}

export const expirationFriday: Kind<ExpirationDay> = {
  trading: true,
  uses: ['account', 'underlying', 'position', 'sayWhenEmpty'],
  usually: 'market open +15m',
  async look({ reading, options, now, calendar }) {
    const closesAt = calendar.day(exchangeDay(now))?.close ?? null;
    const found = findExpiringToday(await reading.book(), await reading.market(), options, now);
    return found.positions.length + found.unread.length > 0 || options.sayWhenEmpty
      ? { ...found, closesAt }
      : null;
  },
};

export function findExpiringToday(
  book: Book,
  market: Market,
  options: ReminderOptions,
  now: Date,
): Omit<ExpirationDay, 'closesAt'> {
  const day = exchangeDay(now);
  const positions = expiring(selected(book, options), book, market, now);
  return {
    book,
    day,
    positions: positions.filter(({ lastDay, expiration }) => lastDay === day || expiration === day),
    // What settles in the morning trades last the day before.
    unread: unreadHoldings(book, options, (expiration) => [0, 1].includes(dte(now, expiration))),
  };
}

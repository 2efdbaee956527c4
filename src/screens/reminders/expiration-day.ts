import { shortDay, weekday } from '../../domain/dates.js';
import { countText } from '../../domain/text.js';
import type { ExpirationDay } from '../../services/reminders/kinds/expiration-friday.js';
import { timestamp } from '../format.js';
import { heading } from '../position.js';
import { COLOUR } from '../view.js';
import { actionsFor, colourOf, expiringBlock } from './expiry.js';
import type { Telling } from './telling.js';

/** What settles in the morning trades last the day before it expires. */
function endsText(count: number, positions: ExpirationDay['positions']): string {
  const early = positions.some(({ lastDay, expiration, over }) => !over && lastDay !== expiration);
  const verb = early ? 'trade' : 'expire';
  return `${verb}${count === 1 ? 's' : ''}${early ? ' last' : ''}`;
}

export function expirationDayTelling(
  { book, day, closesAt, positions, unread }: ExpirationDay,
  now: Date,
): Telling {
  const count = positions.length;
  const news =
    count === 0
      ? `Nothing held${unread.length > 0 ? ' that I can read' : ''} expires`
      : `${countText(count, 'position')} ${endsText(count, positions)}`;
  const closing = closesAt
    ? [`The regular session ends ${timestamp(closesAt, 't')} (${timestamp(closesAt)}).`]
    : [];
  return {
    headline: `${news} today, ${weekday(day)} ${shortDay(day)}`,
    about: count === 1 ? positions.map(({ view }) => heading(view)) : [],
    blocks: [...closing, ...positions.map((each) => expiringBlock(each, book, now))],
    colour: unread.length > 0 && count === 0 ? COLOUR.warn : colourOf(positions),
    book,
    ...actionsFor(positions),
  };
}

import { listText } from '../../domain/text.js';
import type { ExpiringPosition } from '../../services/reminders/expiring.js';
import type { Expiry } from '../../services/reminders/kinds/expiry.js';
import { heading } from '../position.js';
import { positionBlock } from '../positions.js';
import { COLOUR } from '../view.js';
import { riskLines } from './risk.js';
import type { Telling } from './telling.js';

export function expiryTelling({ book, groups, within, unread }: Expiry, now: Date): Telling {
  const blocks = groups.flatMap(({ within: days, positions }) =>
    positions.map((each, index) => {
      const block = expiringBlock(each, book, now);
      return index === 0 ? `__**Within ${daysText(days)}**__\n${block}` : block;
    }),
  );
  const counts = groups.map(({ within: days, positions }) => `${positions.length} within ${daysText(days)}`);
  const shown = groups.flatMap(({ positions }) => positions);
  return {
    headline:
      counts.length > 0
        ? `Expiring: ${listText(counts)}`
        : `Nothing looked at${unread.length > 0 ? ' that I can read' : ''} expires within ${daysText(within.at(-1) ?? 0)}`,
    about: shown.length === 1 ? shown.map(({ view }) => heading(view)) : [],
    blocks,
    colour: unread.length > 0 && shown.length === 0 ? COLOUR.warn : colourOf(shown),
    book,
    ...actionsFor(shown),
  };
}

export function expiringBlock(each: ExpiringPosition, book: Expiry['book'], now: Date): string {
  return [positionBlock(each.view, book, now), ...riskLines(each)].join('\n');
}

export function colourOf(shown: readonly ExpiringPosition[]): number {
  if (shown.length === 0) return COLOUR.good;
  return shown.some(({ shorts }) => shorts.length > 0) ? COLOUR.bad : COLOUR.warn;
}

/** A preview where something is uncovered, the order where one works. */
export function actionsFor(shown: readonly ExpiringPosition[]): Pick<Telling, 'preview' | 'orders'> {
  const views = shown.map(({ view }) => view);
  return {
    preview: views.filter(({ cover }) => cover.state !== 'full'),
    orders: [...new Set(views.flatMap(({ working }) => working.map(({ order }) => order.id)))],
  };
}

function daysText(days: number): string {
  return days === 0 ? 'today' : `${days} day${days === 1 ? '' : 's'}`;
}

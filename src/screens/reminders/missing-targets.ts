import { countText } from '../../domain/text.js';
import type { MissingTargets } from '../../services/reminders/kinds/missing-targets.js';
import { heading } from '../position.js';
import { positionBlock } from '../positions.js';
import { COLOUR } from '../view.js';
import type { Telling } from './telling.js';

export function missingTargetsTelling(found: MissingTargets, now: Date): Telling {
  const { book, without, partly, unsure, unread } = found;
  const all = [...without, ...partly];
  const told = [...all, ...unsure];
  return {
    headline: headline(found),
    about: told.length === 1 ? told.map(heading) : [],
    blocks: told.map((view) => positionBlock(view, book, now)),
    colour: told.length + unread.length > 0 ? COLOUR.warn : COLOUR.good,
    book,
    preview: all,
    orders: [],
  };
}

function headline({ book, without, partly, unsure, unread }: MissingTargets): string {
  const readable = unread.length > 0 ? ' that I can read' : '';
  if (book.positions.length === 0) return `No open option positions${readable}`;
  const parts = [
    without.length > 0
      ? `${countText(without.length, 'position')} ${without.length === 1 ? 'has' : 'have'} no targets`
      : '',
    partly.length > 0 ? `${countText(partly.length, 'position')} only partly covered` : '',
    unsure.length > 0 ? `${countText(unsure.length, 'position')} I can’t read in full` : '',
  ].filter(Boolean);
  return parts.join(' · ') || `Every position looked at${readable} has working targets`;
}

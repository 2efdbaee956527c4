import { countText } from '../../../services/domain/text.js';
import type { MissingTargets } from '../../../services/reminders/kinds/missing-targets.js';
import { positionBlock } from '../positions.js';
import { COLOUR } from '../view.js';
import type { Telling } from './telling.js';

export function missingTargetsTelling({ book, without, partly }: MissingTargets, now: Date): Telling {
  const all = [...without, ...partly];
  return {
    headline: headline(without.length, partly.length, book.positions.length),
    blocks: all.map((view) => positionBlock(view, book, now)),
    colour: all.length > 0 ? COLOUR.warn : COLOUR.good,
    book,
    preview: all,
    orders: [],
  };
}

function headline(without: number, partly: number, open: number): string {
  if (open === 0) return 'No open option positions';
  const parts = [
    without > 0 ? `${countText(without, 'position')} ${without === 1 ? 'has' : 'have'} no targets` : '',
    partly > 0 ? `${countText(partly, 'position')} only partly covered` : '',
  ].filter(Boolean);
  return parts.join(' · ') || 'Every position looked at has working targets';
}

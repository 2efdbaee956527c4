import { countText } from '../../../services/domain/text.js';
import type { MissingTargets } from '../../../services/reminders/kinds/missing-targets.js';
import { positionBlock } from '../positions.js';
import { COLOUR } from '../view.js';
import type { Telling } from './telling.js';

export function missingTargetsTelling({ book, without, partly, unsure }: MissingTargets, now: Date): Telling {
  const all = [...without, ...partly];
  const told = [...all, ...unsure];
  return {
    headline: headline(without.length, partly.length, unsure.length, book.positions.length),
    blocks: told.map((view) => positionBlock(view, book, now)),
    colour: told.length > 0 ? COLOUR.warn : COLOUR.good,
    book,
    preview: all,
    orders: [],
  };
}

function headline(without: number, partly: number, unsure: number, open: number): string {
  if (open === 0) return 'No open option positions';
  const parts = [
    without > 0 ? `${countText(without, 'position')} ${without === 1 ? 'has' : 'have'} no targets` : '',
    partly > 0 ? `${countText(partly, 'position')} only partly covered` : '',
    unsure > 0 ? `${countText(unsure, 'position')} I can’t read in full` : '',
  ].filter(Boolean);
  return parts.join(' · ') || 'Every position looked at has working targets';
}

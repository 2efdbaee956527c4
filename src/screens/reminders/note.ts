import type { Note } from '../../services/reminders/kinds/note.js';
import { whyText } from '../failures/index.js';
import { clip } from '../format.js';
import { oddRowsLine } from '../odd-rows.js';
import { positionBlock } from '../positions.js';
import { COLOUR } from '../view.js';
import type { Telling } from './telling.js';

/** So much of it is worth a notification; all of it stands below. */
const LINE = 50;

export function noteTelling({ text, position, state }: Note, now: Date): Telling {
  const open = state.kind === 'open' ? state : null;
  const headline = clip(text.split('\n', 1)[0] ?? text, LINE);
  return {
    headline,
    // What the first line doesn’t hold, or shows without its markup.
    blocks: [...(text === headline ? [] : [text]), ...stateBlocks(position, state, now)],
    colour: COLOUR.calm,
    book: open?.book ?? null,
    preview: open && open.view.cover.state !== 'full' ? [open.view] : [],
    orders: [...new Set(open?.view.working.map(({ order }) => order.id) ?? [])],
  };
}

function stateBlocks(position: number | null, state: Note['state'], now: Date): string[] {
  if (position === null) return [];
  if (state.kind === 'open') return [positionBlock(state.view, state.book, now)];
  if (state.kind === 'gone') {
    const odd = oddRowsLine(state.unread);
    return odd
      ? [`I don’t see #${position} any more, but can’t read all that is held.`, odd]
      : [`#${position} isn’t open any more.`];
  }
  return [`❔ How #${position} stands now isn’t known: ${whyText(state.why)}`];
}

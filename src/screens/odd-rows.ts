import type { OddRow } from '../domain/types.js';
import { clip } from './format.js';
import { oddRowText } from './odd-row.js';

const NAMED = 3;

/** In one line, which of the broker's rows were set aside because they can't be read; null if none was. */
export function oddRowsLine(rows: readonly OddRow[]): string | null {
  if (rows.length === 0) return null;
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`;
  const named = rows.slice(0, NAMED).map((row) => clip(oddRowText(row), 190));
  const more = rows.length > NAMED ? ` and ${rows.length - NAMED} more` : '';
  const unsure = rows.some(({ doubts }) => doubts === 'coverage')
    ? ' What they may concern offers no order until they can be read.'
    : '';
  return `❔ ${count} of the broker’s can’t be read: ${named.join(', ')}${more}.${unsure}`;
}

/** The same for one position; null where nothing about it is unsure. */
export function oddPositionLine(rows: readonly OddRow[]): string | null {
  const [first, ...more] = rows;
  if (!first) return null;
  const others = more.length > 0 ? ` and ${more.length} more` : '';
  const what = first.doubts === 'coverage' ? 'what is held and working here' : 'its opening price';
  return `❔ Not sure of ${what}: I can’t read ${clip(oddRowText(first), 190)}${others}`;
}

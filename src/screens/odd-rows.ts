import { contractText } from '../domain/odd-rows.js';
import type { Concern, OddRow } from '../domain/types.js';
import { clip } from './format.js';
import { rowFaultText } from './row-faults.js';

const NAMED = 3;

/** `order 4123 on QQQ 18 Dec 26 480 P (its price reads “x”, which is no number)`, `the holding QQQ 18 Dec 26 480 P (…)`. */
export function oddRowText({ what, name, why, concern }: OddRow): string {
  const nameless = {
    holding: 'a holding without a name',
    order: 'an order without an id',
    account: 'an account',
  };
  const named = { holding: 'the holding', order: 'order', account: 'account' };
  const which = name === null ? nameless[what] : `${named[what]} ${contractText(name)}`;
  return `${which}${what === 'order' ? contractsText(concern) : ''} (${rowFaultText(why)})`;
}

/** ` on QQQ 18 Dec 26 480 P and 1 more`; of what can't be told, nothing. */
function contractsText(concern: Concern): string {
  if (concern === 'account') return '';
  const [first, ...more] = concern.symbols;
  if (first === undefined) return concern.kin ? ` on ${concern.kin.underlying}` : '';
  return ` on ${contractText(first)}${more.length > 0 ? ` and ${more.length} more` : ''}`;
}

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

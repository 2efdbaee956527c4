import { someText } from '../domain/text.js';
import { nearestUnderlying } from '../domain/underlyings.js';
import type { OpenPosition } from '../services/accounts/positions.js';

const MOST_NAMED = 12;

/** Where nothing of a typed underlying is held: the one that may have been meant, else those there are. */
export function unheldText(typed: string, held: readonly Pick<OpenPosition, 'position'>[]): string {
  const items = held.map(({ position }) => position);
  const name = typed
    .trim()
    .toUpperCase()
    .replaceAll(/[^A-Z0-9./$ -]/g, '');
  const nothing = `Nothing of ${name || 'that name'} is held.`;
  const nearest = nearestUnderlying(typed, items);
  if (nearest) return `${nothing} The nearest that is: **${nearest}**.`;
  const names = [...new Set(items.map(({ underlying }) => underlying))].sort();
  if (names.length === 0) return nothing;
  return `${nothing} Held: ${someText(names, MOST_NAMED)}.`;
}

import { shortDay } from '../domain/dates.js';
import { beginsUnderlying } from '../domain/underlyings.js';
import { clip } from '../screens/format.js';
import { heading, targetsText } from '../screens/position.js';
import type { PositionView } from '../services/accounts/positions.js';
import type { Choice } from './command.js';

/** Matches an id (`37`, `#37`), an underlying or a strategy, by any of the words typed. */
function matchesPosition(view: PositionView, typed: string): boolean {
  const words = typed.trim().toLowerCase().replaceAll('#', '').split(/\s+/).filter(Boolean);
  const texts = [String(view.id), view.position.underlying, view.title, view.position.strategy].map((text) =>
    text.toLowerCase(),
  );
  return words.every((word) =>
    texts.some((text) => (/^\d+$/.test(word) ? text.startsWith(word) : text.includes(word))),
  );
}

export function positionChoices(views: readonly PositionView[], typed: string): Choice[] {
  return views
    .filter((view) => matchesPosition(view, typed))
    .map((view) => ({ name: choiceName(view), value: String(view.id) }));
}

/** The underlyings held that a typed text may mean or begin. */
export function underlyingChoices(views: readonly PositionView[], typed: string): Choice[] {
  const meant = views.filter(({ position }) => beginsUnderlying(typed, position));
  const names = [...new Set(meant.map(({ position }) => position.underlying))].sort();
  return names.map((underlying) => ({ name: underlying, value: underlying }));
}

function choiceName(view: PositionView): string {
  const expiration = view.position.legs.find(({ held, instrument }) => held > 0 && instrument.option)
    ?.instrument.option?.expiration;
  return clip(
    `${heading(view)}${expiration ? ` · ${shortDay(expiration)}` : ''} · ${targetsText(view)}`,
    100,
  );
}

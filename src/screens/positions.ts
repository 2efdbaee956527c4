import type { Environment } from '../domain/environment.js';
import { sumExact } from '../domain/exact.js';
import { countText } from '../domain/text.js';
import type { Book, OpenPosition } from '../services/accounts/positions.js';
import { whereLine, whichAccount } from './account.js';
import { positionMenus } from './components.js';
import { doubtText } from './doubts.js';
import { firstLine } from './first-line.js';
import { clip, signedUsd } from './format.js';
import { oddPositionLine, oddRowsLine } from './odd-rows.js';
import { type Piece, textPages, textView } from './pages.js';
import {
  entryText,
  expirations,
  heading,
  legs,
  profitText,
  rolledLines,
  stepText,
  targetsText,
  tiesLines,
} from './position.js';
import { marksMissingText } from './preview-notes.js';
import { unheldText } from './underlying.js';
import type { View } from './view.js';

/** All positions, one a step, in as many pages as it takes, with a menu that leads straight to a preview. */
export function* positionsSteps(
  book: Book,
  shown: readonly OpenPosition[],
  environment: Environment,
  now: Date,
  filter = '',
): Generator<undefined, View[]> {
  if (shown.length === 0) return [empty(book, environment, filter)];
  const pieces: Piece[] = [
    {
      text: firstLine([
        `**${countText(shown.length, 'open position')}**`,
        openText(shown),
        whichAccount(book.name),
      ]),
    },
  ];
  for (const view of shown) {
    pieces.push({ text: positionBlock(view, book, now), apart: true });
    yield;
  }
  const odd = oddRowsLine(book.odd);
  if (odd) pieces.push({ text: odd, apart: true });
  const pages = textPages([...pieces, { text: bookLine(book, environment), apart: true }]);
  const last = pages.at(-1);
  if (last) last.components = positionMenus(shown, now);
  return pages;
}

/** What all of them would make now; empty unless that is known of each. */
function openText(shown: readonly OpenPosition[]): string {
  const profits = shown.flatMap(({ profit }) => profit.dollars ?? []);
  return profits.length === shown.length ? `**${signedUsd(sumExact(profits))}** open` : '';
}

/** All about one position, for lists. */
export function positionBlock(view: OpenPosition, book: Pick<Book, 'quotes'>, now: Date): string {
  const { position } = view;
  const inferred = position.inferred ? ' *(inferred)*' : '';
  const lines = [
    `**${heading(view)}**${inferred} · ${expirations(view, now)}`,
    legs(position),
    `${entryText(position)} · ${profitText(view, book.quotes)}`,
    `-# ${[stepText(view), targetsText(view)].filter(Boolean).join(' · ')}`,
  ];
  for (const line of rolledLines(view)) lines.push(`-# ${line}`);
  for (const line of tiesLines(view)) lines.push(`-# ${line}`);
  if (position.doubts.length > 0) lines.push(`-# ⚠️ ${clip(position.doubts.map(doubtText).join(' '), 160)}`);
  const odd = oddPositionLine(view.odd);
  if (odd) lines.push(`-# ${odd}`);
  return lines.join('\n');
}

function empty(book: Book, environment: Environment, filter: string): View {
  const any = book.positions.length > 0;
  const odd = oddRowsLine(book.odd);
  const described = any
    ? `${unheldText(filter, book.positions)} Leave the filter empty to see all.`
    : 'Once an option order fills at the broker, it shows here.';
  const title = any ? 'No position matches' : `No open option positions${odd ? ' that I can read' : ''}`;
  return textView([
    firstLine([`**${title}**`, whichAccount(book.name)]),
    described,
    ...(odd ? [odd] : []),
    bookLine(book, environment),
  ]);
}

function bookLine(book: Book, environment: Environment): string {
  return whereLine(environment, book.name, book.marksMissing ? marksMissingText(book.marksMissing) : '');
}

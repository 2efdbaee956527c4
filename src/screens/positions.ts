import type { Environment } from '../domain/environment.js';
import type { Book, PositionView } from '../services/accounts/positions.js';
import { hurried } from '../services/accounts/unhurried.js';
import { positionMenus } from './components.js';
import { clip, maskAccount } from './format.js';
import { oddPositionLine, oddRowsLine } from './odd-rows.js';
import { packBlocks } from './pages.js';
import {
  entryText,
  expirations,
  heading,
  legs,
  profitText,
  rolledText,
  targetsText,
  tiesLines,
} from './position.js';
import { unheldText } from './underlying.js';
import { COLOUR, type View } from './view.js';

/** All positions, in pages of one embed each, with a menu that leads straight to a preview. */
export function positionsViews(...given: Parameters<typeof positionsSteps>): View[] {
  return hurried(positionsSteps(...given));
}

/** The same, one position a step. */
export function* positionsSteps(
  book: Book,
  shown: readonly PositionView[],
  environment: Environment,
  now: Date,
  filter = '',
): Generator<undefined, View[]> {
  if (shown.length === 0) return [empty(book, environment, filter)];
  const title = `${shown.length} open position${shown.length === 1 ? '' : 's'}`;
  const odd = oddRowsLine(book.odd);
  const each: string[] = [];
  for (const view of shown) {
    each.push(positionBlock(view, book, now));
    yield;
  }
  const blocks = packBlocks([...each, ...(odd ? [odd] : [])]);
  return blocks.map((description, index) => {
    const last = index === blocks.length - 1;
    return {
      content: '',
      embeds: [
        {
          ...(index === 0 ? { title } : {}),
          description,
          color: COLOUR.calm,
          ...(last ? { footer: { text: footer(book, environment) } } : {}),
        },
      ],
      components: last ? positionMenus(shown, now) : [],
    };
  });
}

/** All about one position, for lists. */
export function positionBlock(view: PositionView, book: Pick<Book, 'quotes'>, now: Date): string {
  const { position } = view;
  const inferred = position.inferred ? ' *(inferred)*' : '';
  const lines = [
    `**${heading(view)}**${inferred} · ${expirations(view, now)}`,
    legs(position),
    `${entryText(position)} · ${profitText(view, book.quotes)}`,
    `-# ${targetsText(view)}`,
  ];
  if (position.rolled) lines.push(`-# ${rolledText(position)}`);
  for (const line of tiesLines(view)) lines.push(`-# ${line}`);
  if (position.doubts.length > 0) lines.push(`-# ⚠️ ${clip(position.doubts.join(' '), 160)}`);
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
  return {
    content: '',
    embeds: [
      {
        title: any ? 'No position matches' : `No open option positions${odd ? ' that I can read' : ''}`,
        description: odd ? `${described}\n\n${odd}` : described,
        color: COLOUR.quiet,
        footer: { text: footer(book, environment) },
      },
    ],
    components: [],
  };
}

function footer(book: Book, environment: Environment): string {
  const marks = book.marksMissing ? ` · ${book.marksMissing}` : '';
  return `${environment} · account ${maskAccount(book.account)}${marks}`;
}

import type { Book, OpenPosition } from '../../services/accounts/positions.js';
import type { Piece } from '../pages.js';

/** What a kind's findings are in words, for the message that carries them. */
export interface Telling {
  /** The news in one line, such as `2 positions have no targets`. */
  headline: string;
  /** Behind it on the first line: which position or order, how much. */
  about?: string[];
  /** In this order, with an empty line between. */
  blocks: (string | Piece)[];
  colour: number;
  /** Null where the account wasn't looked at. */
  book: Book | null;
  /** Positions for which a preview makes sense. */
  preview: OpenPosition[];
  /** Ids of orders worth showing. */
  orders: string[];
}

/** A titled list as a block whose title stands again where it goes on in another message; none without lines. */
export function listBlock(title: string, lines: readonly string[]): Piece[] {
  if (lines.length === 0) return [];
  return [{ text: [`**${title}**`, ...lines].join('\n'), about: { title, short: title }, apart: true }];
}

import type { Book, PositionView } from '../../services/accounts/positions.js';

/** What a kind's findings are in words, for the message that carries them. */
export interface Telling {
  /** The news in one line, such as `2 positions have no targets`. */
  headline: string;
  /** Behind it on the first line: which position or order, how much. */
  about?: string[];
  /** In this order, with an empty line between. */
  blocks: string[];
  colour: number;
  /** Null where the account wasn't looked at. */
  book: Book | null;
  /** Positions for which a preview makes sense. */
  preview: PositionView[];
  /** Ids of orders worth showing. */
  orders: string[];
}

const LINES = 12;

/** A titled list as blocks that stay small however long it grows. */
export function listBlocks(title: string, lines: readonly string[]): string[] {
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += LINES) {
    const head = at === 0 ? `**${title}**` : `**${title}** (continued)`;
    blocks.push([head, ...lines.slice(at, at + LINES)].join('\n'));
  }
  return blocks;
}

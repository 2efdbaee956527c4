import type { Clock } from '../../ports/clock.js';
import { type Recognition, type Screen, WordedProjector } from '../telling/projector.js';
import { type BoardNews, type BoardReader, nextQuotes } from './board-reader.js';

/** How a board reads on a surface, and how its message is known again: by the turn with which it was posted. */
export interface BoardWords<Page> extends Recognition<Page> {
  page(news: BoardNews): Page;
}

/** An account's board, by its number: one message, edited in place; where it is wanted anew, the former one goes. */
export class BoardProjector<Page> extends WordedProjector<Page, BoardWords<Page>> {
  constructor(
    private readonly reader: Pick<BoardReader, 'read'>,
    words: BoardWords<Page>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super(words);
  }

  async project(topic: string): Promise<Screen<Page> | null> {
    const news = await this.reader.read(Number(topic));
    if (!news) return null;
    const { board, shown } = news;
    const again = shown && nextQuotes(this.clock.now());
    return {
      news: turnOf(board.turn),
      core: JSON.stringify([board.down, shown?.lines.map(({ view, standing }) => [view.id, standing])]),
      sure: true,
      pages: [this.words.page(news)],
      alone: true,
      ...(again && { again }),
    };
  }
}

/** What is news of a board: that it stands where it was wanted last. */
export function turnOf(turn: number): string {
  return `turn-${turn}`;
}

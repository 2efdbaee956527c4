import { type Recognition, type Screen, WordedProjector } from '../../telling/projector.js';
import type { ExitCard, ExitReader } from './exit-reader.js';

/** How the card reads on a surface, and how its message is known again. */
export interface ExitWords<Page> extends Recognition<Page> {
  page(card: ExitCard): Page;
}

/** The card of a position that has come to its days before expiration, by its number and the limit: its close, previewed. */
export class ExitProjector<Page> extends WordedProjector<Page, ExitWords<Page>> {
  constructor(
    private readonly reader: Pick<ExitReader, 'read'>,
    words: ExitWords<Page>,
  ) {
    super(words);
  }

  /** @throws as `ExitReader.read` */
  async project(topic: string): Promise<Screen<Page> | null> {
    const card = await this.reader.read(topic);
    if (!card) return null;
    const offer = card.held && ('mark' in card.held.offer ? card.held.offer.mark : 'none');
    return { news: 'exit', core: JSON.stringify(offer), sure: true, pages: [this.words.page(card)] };
  }
}

import { type Recognition, type Screen, WordedProjector } from '../../telling/projector.js';
import type { ExitCard, ExitReader, HeldExit } from './exit-reader.js';

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
    const core = JSON.stringify(card.held && offered(card.held.offer));
    return { news: 'exit', core, sure: true, pages: [this.words.page(card)] };
  }
}

function offered(offer: HeldExit['offer']): unknown {
  if ('closing' in offer) return offer.closing;
  return 'mark' in offer ? offer.mark : 'none';
}

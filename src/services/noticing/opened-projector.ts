import { levelOf, type Notices } from '../../ports/notices.js';
import { type Recognition, type Screen, WordedProjector } from '../telling/projector.js';
import type { OpenedCard, OpenedReader } from './opened-reader.js';

/** How a card reads on a surface, and how its message is known again. */
export interface OpenedWords<Page> extends Recognition<Page> {
  page(card: OpenedCard): Page;
}

/** The card of a position that was opened, by its number: its usual targets, previewed, and what has become of it since. */
export class OpenedProjector<Page> extends WordedProjector<Page, OpenedWords<Page>> {
  constructor(
    private readonly reader: Pick<OpenedReader, 'read'>,
    words: OpenedWords<Page>,
    private readonly notices: Pick<Notices, 'levelsOf'>,
  ) {
    super(words);
  }

  /** @throws as `OpenedReader.read` */
  async project(topic: string): Promise<Screen<Page> | null> {
    const news = await this.reader.read(Number(topic));
    if (!news) return null;
    const { card, wanted } = news;
    const level = wanted ? await levelOf(this.notices, card.userId, 'opened') : 'off';
    const core = JSON.stringify([card.held?.mark ?? null, card.held?.priced === null]);
    return { news: 'opened', core, sure: true, pages: [this.words.page(card)], level };
  }
}

import type { Note } from '../../../ports/outbox.js';
import type { ReminderStore, Setback } from '../../../ports/reminder-store.js';
import type { Said, Saying } from '../../telling/saying.js';

/** How owners are told what became of their reminders, and how that message is known again. */
export interface SetbackWords<Page> {
  page(setbacks: readonly Setback[], batch: number): Page;
  isSetback(page: Page, batch: number): boolean;
}

export interface SetbackSayingDeps<Page> {
  store: Pick<ReminderStore, 'setbacks' | 'endSetbacks'>;
  words: SetbackWords<Page>;
}

/** What an owner is told directly of reminders that couldn't be delivered; the list of reminders shows it anyway. */
export class SetbackSaying<Page> implements Saying<Page> {
  readonly place = 'direct';

  constructor(private readonly deps: SetbackSayingDeps<Page>) {}

  nonce(topic: string): string {
    return `notice-${topic}`;
  }

  mark(page: Page, topic: string): 'last' | null {
    return this.deps.words.isSetback(page, Number(topic)) ? 'last' : null;
  }

  async leftSince({ attempts, createdAt }: Note): Promise<Date | null> {
    return attempts > 1 ? createdAt : null;
  }

  async notThere(): Promise<boolean> {
    return false;
  }

  async compose({ topic }: Note): Promise<Said<Page> | null> {
    const { store, words } = this.deps;
    const setbacks = await store.setbacks(Number(topic));
    return setbacks.length > 0 ? { pages: [words.page(setbacks, Number(topic))] } : null;
  }

  async said({ topic }: Note): Promise<void> {
    await this.deps.store.endSetbacks(Number(topic));
  }

  async refused({ topic }: Note): Promise<void> {
    await this.deps.store.endSetbacks(Number(topic));
  }

  async putOff(): Promise<boolean> {
    return true;
  }
}

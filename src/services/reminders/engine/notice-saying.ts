import type { Note } from '../../../ports/outbox.js';
import type { Notice, ReminderStore } from '../../../ports/reminder-store.js';
import type { Said, Saying } from '../../telling/saying.js';

/** How owners are told what became of their reminders, and how that message is known again. */
export interface NoticeWords<Page> {
  page(notices: readonly Notice[], batch: number): Page;
  isNotice(page: Page, batch: number): boolean;
}

export interface NoticeSayingDeps<Page> {
  store: Pick<ReminderStore, 'notices' | 'endNotices'>;
  words: NoticeWords<Page>;
}

/** What an owner is told directly of reminders that couldn't be delivered; the list of reminders shows it anyway. */
export class NoticeSaying<Page> implements Saying<Page> {
  readonly place = 'direct';

  constructor(private readonly deps: NoticeSayingDeps<Page>) {}

  nonce(topic: string): string {
    return `notice-${topic}`;
  }

  mark(page: Page, topic: string): 'last' | null {
    return this.deps.words.isNotice(page, Number(topic)) ? 'last' : null;
  }

  async leftSince({ attempts, createdAt }: Note): Promise<Date | null> {
    return attempts > 1 ? createdAt : null;
  }

  async notThere(): Promise<boolean> {
    return false;
  }

  async compose({ topic }: Note): Promise<Said<Page> | null> {
    const { store, words } = this.deps;
    const notices = await store.notices(Number(topic));
    return notices.length > 0 ? { pages: [words.page(notices, Number(topic))] } : null;
  }

  async said({ topic }: Note): Promise<void> {
    await this.deps.store.endNotices(Number(topic));
  }

  async refused({ topic }: Note): Promise<void> {
    await this.deps.store.endNotices(Number(topic));
  }

  async putOff(): Promise<boolean> {
    return true;
  }
}

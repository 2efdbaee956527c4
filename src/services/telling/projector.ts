import { createHash } from 'node:crypto';
import type { NoticeLevel } from '../../ports/notices.js';
import type { Topic } from '../../ports/outbox.js';

/** What is to be said on a topic now. */
export interface Screen<Page> {
  /** A topic gets a message of its own per news; what only came to be known of it doesn't change the news. */
  news: string;
  /** What must be on the screen lest it be false, without spaces. */
  core: string;
  /** False if it may show less than was known before: then it takes the place only of what is false. */
  sure: boolean;
  pages: readonly Page[];
  /** When it is to be looked at again, though nobody says that it changed. */
  again?: Date;
  /** How loud it comes, by default `on`; what is out is kept true whatever this says. */
  level?: NoticeLevel;
  /** A topic's one message: those of other news go once this one is out, and removed by somebody it is over. */
  alone?: true;
  /** The topic whose latest message in the same place it answers, as far as there is one. */
  repliesTo?: Topic;
  /** Once it is out, or says something new, and where; nobody waits for it. */
  onOut?(refs: readonly string[]): void;
}

/** Turns the facts of one kind into what is said, and knows its messages again. */
export interface Projector<Page> {
  /**
   * Read at this moment; null where there is nothing to be said (any more).
   * @throws whatever keeps it from being known now; NotYet where it is clear when to look again
   */
  project(topic: string): Promise<Screen<Page> | null>;
  /** The news that a message of ours tells of a topic; null if it is about something else. */
  newsOn(page: Page, topic: string): string | null;
  /** Whether a page is the first of its message. */
  begins(page: Page): boolean;
}

/** How messages of a kind are known again on a surface. */
export type Recognition<Page> = Pick<Projector<Page>, 'newsOn' | 'begins'>;

/** A projector whose words know its messages again. */
export abstract class WordedProjector<Page, Words extends Recognition<Page>> implements Projector<Page> {
  constructor(protected readonly words: Words) {}

  abstract project(topic: string): Promise<Screen<Page> | null>;

  newsOn(page: Page, topic: string): string | null {
    return this.words.newsOn(page, topic);
  }

  begins(page: Page): boolean {
    return this.words.begins(page);
  }
}

/** What is to be said can't be known before then. */
export class NotYet extends Error {
  override readonly name = 'NotYet';

  constructor(
    readonly until: Date,
    options: ErrorOptions = {},
  ) {
    super(`not before ${until.toISOString()}`, options);
  }
}

/** By kind: an entry is all that a new kind of message needs of the outbox. */
export type Projectors<Page> = Readonly<Record<string, Projector<Page>>>;

/** Where messages are told. */
export interface Surface<Page> {
  /**
   * - `here`: this process tells in that channel
   * - `log`: nobody reads there any more; that it would have been told is logged
   * - `elsewhere`: another process tells there
   */
  place(channelId: string): 'here' | 'log' | 'elsewhere';
  /** What is told directly says so, and where it belongs. */
  elsewhere(page: Page, channelId: string): Page;
}

/** What a message says, short: two of them differ exactly where the screens do. */
export function digestOf({ core, pages }: Screen<unknown>): string {
  return `${core} ${shortHash(pages)}`;
}

/** Whether a message that says `told` has to say something else now. */
export function isOutdated(told: string, screen: Screen<unknown>): boolean {
  return screen.sure ? told !== digestOf(screen) : told.split(' ')[0] !== screen.core;
}

/** 22 characters: short enough to leave a nonce room for a page's number. */
export function shortHash(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 22);
}

import type { Reason } from '../../domain/reasons.js';
import type { Note } from '../../ports/outbox.js';

/** A message as it is to be said now. */
export interface Said<Page> {
  pages: readonly Page[];
  /** Once all of it is out, and where; nobody waits for it. */
  onOut?(refs: readonly string[]): void;
}

/**
 * One kind of message that is said once, in one place, and left alone then. Its topic has one message, which stands for
 * what the kind keeps in books of its own: they say when it may have left, and hear what became of it.
 */
export interface Saying<Page> {
  /** Where it is said: in its channel, or to its user directly. */
  readonly place: 'channel' | 'direct';
  /** The same for every try of one message, at most 25 characters. */
  nonce(topic: string): string;
  /** How a page is known to be of this message: as its last one, or one before that; null if it is another's. */
  mark(page: Page, topic: string): 'part' | 'last' | null;
  /** Since when a message may be out that nobody wrote down; null if none can be. */
  leftSince(note: Note): Promise<Date | null>;
  /** It was looked for, and not one page is there: whether that proves that none left. */
  notThere(note: Note, since: Date): Promise<boolean>;
  /**
   * What is to be said now; from here on it may leave.
   * @param begun pages that an earlier try got out: what is given takes their places and goes on after them
   * @returns null where there is nothing to be said (any more), which the books know then
   * @throws NotYet where that can't be known now
   */
  compose(note: Note, begun: readonly string[]): Promise<Said<Page> | null>;
  /** All of it is out. */
  said(note: Note, refs: readonly string[]): Promise<void>;
  /** Its place is closed for good. */
  refused(note: Note, reason: Reason): Promise<void>;
  /** @returns whether it is still wanted then */
  putOff(note: Note, setback: Setback): Promise<boolean>;
}

/** Why a message isn't out, and when it is tried again. */
export interface Setback {
  until: Date;
  reason: Reason;
  /** True if nothing of it can have been posted, at this try or before; false where nobody has looked. */
  unsent: boolean;
}

/** By kind: an entry is all that a new kind of such a message needs of the outbox. */
export type Sayings<Page> = Readonly<Record<string, Saying<Page>>>;

import type { NewNote } from './outbox.js';

/** Positions of which the last contract is gone, and what is owed of that. */
export interface Closings {
  /**
   * Of an account's positions those that an order opened and of which it isn't known that they ended, by number.
   * @param since as far as they were seen from then on
   */
  unended(account: string, since: Date): Promise<number[]>;
  /**
   * Each of these is gone: its card is owed, or of many within a minute a digest that tells it; or what tells it already is looked at
   * again. The topic is its number.
   */
  oweClosings(notes: readonly Omit<NewNote, 'kind' | 'news'>[], now: Date): Promise<void>;
  /** The positions that a digest tells, in the order they came. */
  digestedClosings(digest: string): Promise<number[]>;
}

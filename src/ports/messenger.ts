import type { Notice } from './reminder-store.js';

/** Where a message goes, and the mark by which Discord knows it again. */
export interface Address {
  channelId: string;
  /** The same for every try of one message, at most 25 characters (see `Posting`). */
  nonce: string;
  /** Pages of this message that an earlier try got out, as `findSent` gave them: to be continued, not repeated. */
  begun?: readonly string[];
}

/** What an earlier try left in a channel. */
export interface Sent {
  /** References of its pages (`channel/message`), in order; at least one. */
  pages: readonly [string, ...string[]];
  /** False if its last page is missing. */
  whole: boolean;
}

/**
 * Posts messages that nobody asked for just now; it words them, and stands on the `Channel`.
 *
 * @typeParam Content what a message says, in the terms of whoever builds and posts it
 */
export interface Messenger<Content extends object> {
  /**
   * Posts a message, on as many pages as it takes; those of `begun` are brought up to date in their places.
   *
   * @throws ChannelRefused if not even one page is out, ChannelUnavailable (with `maybeSent` once one is)
   */
  send(
    message: Address & Content,
  ): Promise<{ /** Where its last page is: `channel/message`. */ ref: string }>;
  /**
   * The message of ours in a channel, posted since an instant, whose pages carry `marker` in a button's custom id;
   * null if not one page is there.
   *
   * @throws ChannelRefused, ChannelUnavailable
   */
  findSent(channelId: string, marker: string, since: Date): Promise<Sent | null>;
  /**
   * Tells a user of their reminders.
   * @throws ChannelRefused if this user can't be written to, ChannelUnavailable
   */
  directMessage(userId: string, notices: readonly Notice[], nonce: string): Promise<void>;
}

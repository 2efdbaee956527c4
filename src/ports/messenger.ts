/** Where a message goes, and the mark by which Discord knows it again. */
export interface Address {
  channelId: string;
  /**
   * The same for every try of one message, at most 25 characters. Must be sent enforced: Discord then answers a
   * repeated one with the earlier message instead of a second one, for a few minutes.
   */
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
 * Posts messages that nobody asked for just now. Every call gives up by itself within seconds, for good: a request
 * that was given up must not be repeated in the background.
 *
 * @typeParam Content what a message says, in the terms of whoever builds and posts it
 */
export interface Messenger<Content extends object> {
  /**
   * Posts a message, on as many pages as it takes; those of `begun` are brought up to date in their places.
   *
   * @throws MessengerRefused if not even one page is out, MessengerUnavailable (with `maybeSent` once one is)
   */
  send(
    message: Address & Content,
  ): Promise<{ /** Where its last page is: `channel/message`. */ ref: string }>;
  /**
   * The message of ours in a channel, posted since an instant, whose pages carry `marker` in a button's custom id;
   * null if not one page is there.
   *
   * @throws MessengerRefused, MessengerUnavailable
   */
  findSent(channelId: string, marker: string, since: Date): Promise<Sent | null>;
  /** @throws MessengerRefused if this user can't be written to, MessengerUnavailable */
  directMessage(userId: string, text: string, nonce: string): Promise<void>;
}

/** Discord said no and will go on saying so: the channel is gone, the permission is lost. Nothing was posted. */
export class MessengerRefused extends Error {
  override readonly name = 'MessengerRefused';
  constructor(
    /** For people, such as `the channel is gone`. */
    readonly reason: string,
    /** Discord's own code, such as 10003. */
    readonly code: number | string,
  ) {
    super(`${reason} (${code})`);
  }
}

/** No answer, or "not now": a rate limit beyond patience, an outage, a timeout. A later try can help. */
export class MessengerUnavailable extends Error {
  override readonly name = 'MessengerUnavailable';
  /** False if nothing can have been posted. */
  readonly maybeSent: boolean;
  /** Milliseconds Discord asked to wait; null if it didn't. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    facts: { maybeSent?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.maybeSent = facts.maybeSent ?? true;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

import { keptReason, type Reason } from '../domain/reasons.js';

/** One message on its way: what it says, and the mark by which Discord knows a repeated request. */
export interface Posting<Page> {
  channelId: string;
  page: Page;
  /** People who are notified; nobody else is, whatever the text says. */
  mentions: readonly string[];
  /** No device makes a sound for it. */
  silent?: boolean;
  /** The message of the same channel (`channel/message`) that it answers; should that be gone, it stands by itself. */
  repliesTo?: string;
  /**
   * The same for every try of one page, at most 25 characters. Sent enforced: Discord then answers a repeated one with
   * the earlier message instead of a second one, for a few minutes.
   */
  nonce: string;
}

export interface Posted {
  /** `channel/message` */
  ref: string;
  /** An earlier try with the same nonce got out after it was given up, and says something else than this page. */
  isEarlier: boolean;
}

/** A message of ours that is there. */
export interface Seen<Page> {
  /** `channel/message` */
  ref: string;
  page: Page;
}

/**
 * The one way by which the bot speaks of its own accord: into channels and to people directly, without any interaction.
 * Every call gives up by itself within seconds, for good: a request that was given up isn't repeated in the background.
 *
 * @typeParam Page what one message says, in the terms of whoever builds and posts it
 */
export interface Channel<Page extends object> {
  /** @throws ChannelRefused, ChannelUnavailable */
  post(posting: Posting<Page>): Promise<Posted>;
  /**
   * Changes what is given of a message that we posted.
   * @throws ChannelRefused (`gone` if the message isn't there any more), ChannelUnavailable
   */
  edit(ref: string, page: Partial<Page>): Promise<void>;
  /**
   * Takes a message away; one that is gone already is as wanted.
   * @throws ChannelRefused, ChannelUnavailable
   */
  remove(ref: string): Promise<void>;
  /** @throws ChannelRefused (`gone` if it isn't there any more), ChannelUnavailable */
  look(ref: string): Promise<Seen<Page>>;
  /**
   * Our own messages in a channel since an instant that `belongs` knows, oldest first. None is proof: where it can't be
   * known, this throws.
   * @param enough ends the search early; by default it goes on to the channel's end, or very far
   * @throws ChannelRefused, ChannelUnavailable
   */
  find(
    channelId: string,
    since: Date,
    belongs: (page: Page) => boolean,
    enough?: (found: readonly Seen<Page>[]) => boolean,
  ): Promise<Seen<Page>[]>;
  /**
   * The channel in which we talk to a person directly.
   * @throws ChannelRefused if this person can't be written to, ChannelUnavailable
   */
  directWith(userId: string): Promise<string>;
}

/** Discord said no and will go on saying so: the channel is gone, the permission is lost. Nothing was done. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';
  constructor(
    readonly reason: Reason,
    /** Discord's own code, such as 10003. */
    readonly code: number | string,
    /**
     * - `gone`: the message that was meant isn't there any more
     * - `forbidden`: the place is gone or closed to us
     * - `odd`: what was asked makes no sense there
     */
    readonly fate: 'gone' | 'forbidden' | 'odd' = 'forbidden',
  ) {
    super(`${keptReason(reason)} (${code})`);
  }

  get gone(): boolean {
    return this.fate === 'gone';
  }
}

/** No answer, or "not now": a rate limit beyond patience, an outage, a timeout. A later try can help. */
export class ChannelUnavailable extends Error {
  override readonly name = 'ChannelUnavailable';
  /** False if nothing can have been posted. */
  readonly maybeSent: boolean;
  /** Milliseconds Discord asked to wait; null if it didn't. */
  readonly retryAfterMs: number | null;

  constructor(
    readonly reason: Reason,
    facts: { maybeSent?: boolean; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(keptReason(reason), { cause: facts.cause });
    this.maybeSent = facts.maybeSent ?? true;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

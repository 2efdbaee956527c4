import {
  type APIMessage,
  type Client,
  MessageFlags,
  PermissionFlagsBits,
  RESTJSONErrorCodes,
  type RESTPatchAPIChannelJSONBody,
  type RESTPatchAPIChannelMessageJSONBody,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from 'discord.js';
import {
  type Channel,
  ChannelRefused,
  ChannelUnavailable,
  type Posted,
  type Posting,
  type Seen,
} from '../ports/channel.js';
import type { View } from '../screens/view.js';
import { channelError } from './channel-errors.js';
import { idAt } from './message-ids.js';

/** A call that takes longer is given up; whoever called looks later what became of it. */
const CALL_MS = 15_000;
/** "Tried to perform an operation on an archived thread, such as editing a message". */
const THREAD_ARCHIVED = RESTJSONErrorCodes.InvalidActionOnArchivedThread;
const PAGE = 100;
/** So far messages are looked for; beyond that many pages of the channel they count as not there. */
const MOST_PAGES = 20;

/** A picture, and what it says in words. */
export interface Attached {
  name: string;
  alt: string;
  bytes: Uint8Array;
}

/**
 * Discord by REST alone, so also without the gateway. Shares the client's own rate limiting, so that what the bot says
 * of its own accord never pushes answers to people aside by breaking a limit.
 */
export class DiscordChannel implements Channel<View> {
  #self: string | null = null;

  constructor(
    private readonly client: Client,
    private readonly token: string,
  ) {}

  async post({
    channelId,
    page,
    mentions,
    silent = false,
    repliesTo,
    nonce,
  }: Posting<View>): Promise<Posted> {
    const body: RESTPostAPIChannelMessageJSONBody = {
      ...page,
      allowed_mentions: { parse: [], users: [...mentions] },
      nonce,
      enforce_nonce: true,
      ...(silent && { flags: MessageFlags.SuppressNotifications }),
      ...(repliesTo !== undefined && {
        message_reference: { message_id: idOf(repliesTo), fail_if_not_exists: false },
      }),
    };
    const sent = await this.#call((signal) =>
      this.client.rest.post(Routes.channelMessages(channelId), { body, signal }),
    );
    const { id, content } = sent as Pick<APIMessage, 'id' | 'content'>;
    // To a repeated nonce Discord answers with the earlier message.
    return { ref: `${channelId}/${id}`, isEarlier: content.trim() !== page.content.trim() };
  }

  async edit(ref: string, page: Partial<View>): Promise<void> {
    const body: RESTPatchAPIChannelMessageJSONBody = page;
    await this.#onMessage(ref, (signal) => this.client.rest.patch(routeOf(ref), { body, signal }));
  }

  /**
   * Gives a message of ours one file in place of those it has; its words stay.
   * @throws ChannelRefused, ChannelUnavailable
   */
  async attach(ref: string, { name, alt, bytes }: Attached): Promise<void> {
    const body: RESTPatchAPIChannelMessageJSONBody = {
      attachments: [{ id: '0', filename: name, description: alt }],
    };
    const files = [{ name, data: Buffer.from(bytes), contentType: 'image/png' }];
    await this.#onMessage(ref, (signal) => this.client.rest.patch(routeOf(ref), { body, files, signal }));
  }

  async remove(ref: string): Promise<void> {
    try {
      await this.#onMessage(ref, (signal) => this.client.rest.delete(routeOf(ref), { signal }));
    } catch (error) {
      if (!(error instanceof ChannelRefused && error.gone)) throw error;
    }
  }

  async look(ref: string): Promise<Seen<View>> {
    const message = await this.#call((signal) => this.client.rest.get(routeOf(ref), { signal }));
    return { ref, page: pageOf(message as APIMessage) };
  }

  async find(
    channelId: string,
    since: Date,
    belongs: (page: View) => boolean,
    enough: (found: readonly Seen<View>[]) => boolean = () => false,
  ): Promise<Seen<View>[]> {
    const self = await this.#me();
    const found: Seen<View>[] = [];
    let after = idAt(since);
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const messages = await this.#history(channelId, { limit: String(PAGE), after });
      for (const message of messages) {
        if (message.author.id !== self || !belongs(pageOf(message))) continue;
        found.push({ ref: `${channelId}/${message.id}`, page: pageOf(message) });
      }
      if (messages.length < PAGE || enough(found)) break;
      after = messages.at(-1)?.id ?? after;
    }
    if (found.length === 0) await this.#assertReadable(channelId);
    return found;
  }

  async directWith(userId: string): Promise<string> {
    const channel = await this.#call((signal) =>
      this.client.rest.post(Routes.userChannels(), { body: { recipient_id: userId }, signal }),
    );
    return (channel as { id: string }).id;
  }

  /** Whose messages are ours is known without the gateway too: one taken for another's would be sent twice. */
  async #me(): Promise<string> {
    this.#self ??= this.client.user?.id ?? null;
    if (this.#self === null) {
      const user = await this.#call((signal) => this.client.rest.get(Routes.user(), { signal }));
      this.#self = (user as { id: string }).id;
    }
    return this.#self;
  }

  /**
   * Without the right to read a channel's history Discord answers with an empty list ("Get Channel Messages"), which
   * proves nothing. Before the gateway has told the rights, any message at all proves that it may be read.
   */
  async #assertReadable(channelId: string): Promise<void> {
    const { channels, user } = this.client;
    const channel = channels?.cache.get(channelId);
    if (user && channel && 'permissionsFor' in channel) {
      if (channel.permissionsFor(user)?.has(PermissionFlagsBits.ReadMessageHistory) !== false) return;
      throw new ChannelRefused({ code: 'CLOSED', why: 'no-history' }, RESTJSONErrorCodes.MissingPermissions);
    }
    if (user || (await this.#history(channelId, { limit: '1' })).length > 0) return;
    throw new ChannelUnavailable({ code: 'NOT_CONNECTED' }, { maybeSent: false });
  }

  /** Oldest first; Discord gives the newest first. */
  async #history(channelId: string, asked: Record<string, string>): Promise<APIMessage[]> {
    const query = new URLSearchParams(asked);
    const messages = (await this.#call((signal) =>
      this.client.rest.get(Routes.channelMessages(channelId), { query, signal }),
    )) as APIMessage[];
    return messages.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  }

  /**
   * A thread in which nobody wrote for a while is archived, and then only takes what opens it again: a new message does, a
   * change of one that is there doesn't. What was said must stay true all the same, so it is opened; whoever closed it for
   * good by locking it keeps it closed.
   */
  async #onMessage(ref: string, request: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    try {
      await this.#call(request);
    } catch (error) {
      if (!(error instanceof ChannelRefused) || error.code !== THREAD_ARCHIVED) throw error;
      const [channelId = ''] = ref.split('/');
      const body: RESTPatchAPIChannelJSONBody = { archived: false };
      await this.#call((signal) => this.client.rest.patch(Routes.channel(channelId), { body, signal }));
      await this.#call(request);
    }
  }

  /**
   * @param request must pass the signal on: once it is given up, the client's queue never sends it
   * @throws ChannelRefused, ChannelUnavailable
   */
  async #call(request: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
    // A single 401 makes the client forget its token for good; what is said here must not depend on that.
    this.client.rest.setToken(this.token);
    const signal = AbortSignal.timeout(CALL_MS);
    // The client may go on waiting for a limit to pass after the signal; whoever called must not.
    const late = new Promise<never>((_, reject) => {
      const unanswered = new ChannelUnavailable({ code: 'NO_ANSWER', seconds: CALL_MS / 1000 });
      signal.addEventListener('abort', () => reject(unanswered), { once: true });
    });
    try {
      return await Promise.race([request(signal), late]);
    } catch (error) {
      throw channelError(error);
    }
  }
}

function idOf(ref: string): string {
  return ref.split('/')[1] ?? '';
}

function routeOf(ref: string): `/channels/${string}/messages/${string}` {
  const [channelId = '', messageId = ''] = ref.split('/');
  return Routes.channelMessage(channelId, messageId);
}

function pageOf({ content, embeds, components }: APIMessage): View {
  return { content, embeds: embeds ?? [], components: (components ?? []) as View['components'] };
}

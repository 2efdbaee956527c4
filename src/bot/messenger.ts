import {
  type APIMessage,
  type Client,
  PermissionFlagsBits,
  RESTJSONErrorCodes,
  type RESTPatchAPIChannelMessageJSONBody,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from 'discord.js';
import type { Environment } from '../domain/environment.js';
import type { Clock } from '../ports/clock.js';
import {
  type Address,
  type Messenger,
  MessengerRefused,
  MessengerUnavailable,
  type Sent,
} from '../ports/messenger.js';
import { reminderViews } from '../screens/reminders/message.js';
import type { ReminderContent } from '../services/reminders/content.js';
import { carriesMark, idAt, sentOf, withPageMarks } from './message-marks.js';
import { begunAnyway, messengerError } from './messenger-errors.js';

/** A call that takes longer is given up; the engine looks later what became of it. */
const CALL_MS = 15_000;
const PAGE = 100;
/** So far back a message is looked for; beyond that many messages it counts as not there. */
const MOST_PAGES = 10;

/**
 * Posts reminders, and looks for those that may have been posted. Shares the client's own rate limiting, so that
 * reminders never push answers to people aside by breaking a limit.
 */
export class DiscordMessenger implements Messenger<ReminderContent> {
  constructor(
    private readonly client: Client,
    private readonly token: string,
    private readonly environment: Environment,
    private readonly clock: Clock,
  ) {}

  /**
   * Pages go one after another, each with a nonce of its own; the last one carries the buttons, those before it a mark
   * by which a message that was cut short is found and continued. Pages that are out are edited: what they say is of
   * the same moment as the rest, and nobody is told twice.
   */
  async send({
    channelId,
    nonce,
    begun = [],
    ...content
  }: Address & ReminderContent): Promise<{ ref: string }> {
    const views = withPageMarks(reminderViews(content, this.environment, this.clock.now()), content.leadId);
    let ref = begun.at(-1) ?? null;
    try {
      for (const surplus of begun.slice(views.length)) await this.#delete(surplus);
      for (const [index, view] of views.entries()) {
        const page = { content: view.content, embeds: view.embeds, components: view.components };
        const out = begun[index];
        if (out !== undefined) await this.#edit(out, page);
        const pageNonce = index === 0 ? nonce : `${nonce}.${index}`;
        ref = out ?? (await this.#page(channelId, page, content.userId, pageNonce));
      }
    } catch (error) {
      throw ref === null ? error : begunAnyway(error);
    }
    return { ref: ref ?? channelId };
  }

  async findSent(channelId: string, marker: string, since: Date): Promise<Sent | null> {
    const pages: APIMessage[] = [];
    let after = idAt(since);
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const messages = await this.#history(channelId, after);
      pages.push(...messages.filter((message) => this.#isOurs(message) && carriesMark(message, marker)));
      if (messages.length < PAGE || sentOf(channelId, pages, marker)?.whole) break;
      after = messages.map(({ id }) => id).reduce((a, b) => (BigInt(a) > BigInt(b) ? a : b));
    }
    if (pages.length === 0) this.#assertReadable(channelId);
    return sentOf(channelId, pages, marker);
  }

  /**
   * Without the right to read a channel's history Discord answers with an empty list ("Get Channel Messages"), which
   * proves nothing.
   */
  #assertReadable(channelId: string): void {
    const { channels, user } = this.client;
    const channel = channels.cache.get(channelId);
    if (!user || !channel || !('permissionsFor' in channel)) return;
    const { ReadMessageHistory } = PermissionFlagsBits;
    if (channel.permissionsFor(user)?.has(ReadMessageHistory) !== false) return;
    throw new MessengerRefused(
      'I may not read the channel’s history (any more), and so can’t tell whether my last message got there',
      RESTJSONErrorCodes.MissingPermissions,
    );
  }

  async directMessage(userId: string, text: string, nonce: string): Promise<void> {
    const channel = await this.#call((signal) =>
      this.client.rest.post(Routes.userChannels(), { body: { recipient_id: userId }, signal }),
    );
    await this.#post((channel as { id: string }).id, {
      content: text,
      allowed_mentions: { parse: [] },
      nonce,
      enforce_nonce: true,
    });
  }

  async #page(
    channelId: string,
    page: Pick<RESTPostAPIChannelMessageJSONBody, 'content' | 'embeds' | 'components'>,
    userId: string,
    nonce: string,
  ): Promise<string> {
    const mentions = { allowed_mentions: { users: [userId] } };
    const sent = await this.#post(channelId, { ...page, ...mentions, nonce, enforce_nonce: true });
    return `${channelId}/${sent.id}`;
  }

  async #edit(ref: string, body: RESTPatchAPIChannelMessageJSONBody): Promise<void> {
    const [channelId = '', messageId = ''] = ref.split('/');
    await unlessGone(
      this.#call((signal) =>
        this.client.rest.patch(Routes.channelMessage(channelId, messageId), { body, signal }),
      ),
    );
  }

  async #delete(ref: string): Promise<void> {
    const [channelId = '', messageId = ''] = ref.split('/');
    await unlessGone(
      this.#call((signal) =>
        this.client.rest.delete(Routes.channelMessage(channelId, messageId), { signal }),
      ),
    );
  }

  async #post(channelId: string, body: RESTPostAPIChannelMessageJSONBody): Promise<APIMessage> {
    const sent = await this.#call((signal) =>
      this.client.rest.post(Routes.channelMessages(channelId), { body, signal }),
    );
    return sent as APIMessage;
  }

  async #history(channelId: string, after: string): Promise<APIMessage[]> {
    const query = new URLSearchParams({ limit: String(PAGE), after });
    const messages = await this.#call((signal) =>
      this.client.rest.get(Routes.channelMessages(channelId), { query, signal }),
    );
    return messages as APIMessage[];
  }

  #isOurs({ author }: APIMessage): boolean {
    const { user } = this.client;
    // Before Discord is connected nobody knows whose messages these are, and one taken for another's is sent twice.
    if (!user) throw new MessengerUnavailable('I am not connected to it yet');
    return author.id === user.id;
  }

  /**
   * @param request must pass the signal on: once it is given up, the client's queue never sends it
   * @throws MessengerRefused, MessengerUnavailable
   */
  async #call(request: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
    // A single 401 makes the client forget its token for good; reminders must not depend on that.
    this.client.rest.setToken(this.token);
    const signal = AbortSignal.timeout(CALL_MS);
    // The client may go on waiting for a limit to pass after the signal; whoever called must not.
    const late = new Promise<never>((_, reject) => {
      const text = `no answer within ${CALL_MS / 1000} seconds`;
      signal.addEventListener('abort', () => reject(new MessengerUnavailable(text)), { once: true });
    });
    try {
      return await Promise.race([request(signal), late]);
    } catch (error) {
      throw messengerError(error);
    }
  }
}

/** Somebody removed the page meanwhile; what it said is theirs to miss. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof MessengerRefused) || error.code !== RESTJSONErrorCodes.UnknownMessage) throw error;
  }
}

import {
  type APIMessage,
  type Client,
  ComponentType,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from 'discord.js';
import { customId } from '../commands/command.js';
import { reminderViews } from '../commands/views/reminders/message.js';
import type { Clock } from '../services/ports/clock.js';
import { type Address, type Messenger, MessengerUnavailable } from '../services/ports/messenger.js';
import type { ReminderContent } from '../services/reminders/content.js';
import type { Environment } from '../settings/settings.js';
import { messengerError } from './messenger-errors.js';

/** A call that takes longer is given up; the engine looks later what became of it. */
const CALL_MS = 15_000;
/** Discord counts its ids' milliseconds from here (2015). */
const DISCORD_EPOCH = 1_420_070_400_000n;
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

  /** Pages go one after another, each with a nonce of its own; the last one carries the buttons. */
  async send({ channelId, nonce, ...content }: Address & ReminderContent): Promise<{ ref: string }> {
    const views = reminderViews(content, this.environment, this.clock.now());
    let ref = channelId;
    for (const [index, view] of views.entries()) {
      const sent = await this.#post(channelId, {
        ...{ content: view.content, embeds: view.embeds, components: view.components },
        allowed_mentions: { users: [content.userId] },
        nonce: index === 0 ? nonce : `${nonce}.${index}`,
        enforce_nonce: true,
      });
      ref = `${channelId}/${sent.id}`;
    }
    return { ref };
  }

  async findSent(channelId: string, marker: string, since: Date): Promise<string | null> {
    const wanted = customId('remind', 'done', marker);
    let after = idAt(since);
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const messages = await this.#history(channelId, after);
      const found = messages.find((message) => this.#isOurs(message) && carries(message, wanted));
      if (found) return `${channelId}/${found.id}`;
      if (messages.length < PAGE) return null;
      after = messages.map(({ id }) => id).reduce((a, b) => (BigInt(a) > BigInt(b) ? a : b));
    }
    return null;
  }

  async directMessage(userId: string, text: string, nonce: string): Promise<void> {
    const channel = await this.#call((signal) =>
      this.client.rest.post(Routes.userChannels(), { body: { recipient_id: userId }, signal }),
    );
    await this.#post((channel as { id: string }).id, {
      ...{ content: text, allowed_mentions: { parse: [] }, nonce, enforce_nonce: true },
    });
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
    return author.id === this.client.user?.id;
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

/** The smallest id a message of this instant can have. */
function idAt(at: Date): string {
  const since = BigInt(at.getTime()) - DISCORD_EPOCH;
  return String((since < 0n ? 0n : since) << 22n);
}

function carries({ components = [] }: APIMessage, wanted: string): boolean {
  return components.some(
    (row) =>
      row.type === ComponentType.ActionRow &&
      row.components.some((each) => 'custom_id' in each && each.custom_id === wanted),
  );
}

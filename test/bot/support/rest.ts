import {
  type APIMessage,
  type Client,
  DiscordAPIError,
  type RESTPostAPIChannelMessageJSONBody,
} from 'discord.js';
import { MINUTE } from '../../reminders/engine/support/reminders.js';

export const CHANNEL = '800';
export const BOT = '42';
/** Where it talks to a person directly. */
export const DIRECT = '900';
const EPOCH = 1_420_070_400_000;

/** Channels of Discord's REST API, which keep their messages, and each nonce for as long as it is told to. */
export class RestChannel {
  messages: APIMessage[] = [];
  calls: string[] = [];
  nonceMs = 5 * MINUTE;
  #nonces = new Map<string, { message: APIMessage; at: number }>();
  #ids = 0;
  /** What a call meets instead of an answer, before (`deed` false) or after it did its deed. */
  fault: (call: number, name: string, path: string) => { deed: boolean; error: Error } | null = () => null;

  /** Threads that nobody wrote in for a while; of those that are locked as well the bot opens none. */
  readonly archived = new Map<string, 'open' | 'locked'>();

  /** False as where the bot may not read the history: Discord then answers with an empty list. */
  readable = true;

  constructor(private readonly now: () => Date) {}

  get client(): Client {
    const call =
      (name: string, deed: (path: string, body: RESTPostAPIChannelMessageJSONBody) => unknown) =>
      async (path: string, options: { body?: RESTPostAPIChannelMessageJSONBody } = {}) => {
        const fault = this.fault(this.calls.push(name), name, path);
        if (fault && !fault.deed) throw fault.error;
        const answer = deed(path, options.body ?? {});
        if (fault) throw fault.error;
        return structuredClone(answer);
      };
    const rest = {
      setToken: () => {},
      post: call('post', (path, body) =>
        path === '/users/@me/channels' ? { id: DIRECT } : this.#post(path, body),
      ),
      get: async (path: string, { query }: { query: URLSearchParams }) =>
        call('get', () =>
          this.readable
            ? this.messages
                .filter(({ channel_id }) => path.includes(`/${channel_id}/`))
                .filter(({ id }) => BigInt(id) > BigInt(query.get('after') ?? 0))
                .slice(0, 100)
            : [],
        )(path),
      patch: call('patch', (path, body) =>
        path.includes('/messages/') ? Object.assign(this.#changeable(path), body) : this.#unarchive(path),
      ),
      delete: call('delete', (path) => {
        const gone = this.#changeable(path);
        this.messages = this.messages.filter((message) => message !== gone);
      }),
    };
    const permissionsFor = () => ({ has: () => this.readable });
    const channels = { cache: new Map([[CHANNEL, { permissionsFor }]]) };
    return { rest, channels, user: { id: BOT } } as unknown as Client;
  }

  #post(
    path: string,
    { nonce = '', content, embeds, components, flags, ...body }: RESTPostAPIChannelMessageJSONBody,
  ): APIMessage {
    const [, , channel_id = ''] = path.split('/');
    const now = this.now().getTime();
    const known = this.#nonces.get(`${channel_id} ${nonce}`);
    if (known && now - known.at < this.nonceMs) return known.message;
    this.#ids += 1;
    const id = String((BigInt(now - EPOCH) << 22n) + BigInt(this.#ids));
    const message = {
      id,
      channel_id,
      content,
      embeds,
      components,
      flags: flags ?? 0,
      mentions: (body.allowed_mentions?.users ?? []).map((id) => ({ id })),
      ...(body.message_reference && { message_reference: body.message_reference }),
      author: { id: BOT },
    } as unknown as APIMessage;
    this.messages.push(message);
    this.archived.delete(channel_id);
    this.#nonces.set(`${channel_id} ${nonce}`, { message, at: now });
    return message;
  }

  #unarchive(path: string): object {
    const [, , id = ''] = path.split('/');
    if (this.archived.get(id) === 'locked') throw refusal(403, 50_013, 'Missing Permissions');
    this.archived.delete(id);
    return { id };
  }

  #changeable(path: string): APIMessage {
    const found = this.#find(path);
    if (this.archived.has(found.channel_id)) throw refusal(400, 50_083, 'Thread is archived');
    return found;
  }

  #find(path: string): APIMessage {
    const found = this.messages.find(({ id }) => path.endsWith(`/${id}`));
    if (!found) throw refusal(404, 10_008, 'Unknown Message');
    return found;
  }
}

export const refusal = (status: number, code: number, message: string) =>
  new DiscordAPIError({ code, message }, code, status, 'POST', 'url', {});
export const lost = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

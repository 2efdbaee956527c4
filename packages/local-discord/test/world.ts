import { Client, type ClientOptions, GatewayIntentBits } from 'discord.js';
import { LocalDiscordUser } from '../client/discord-user.js';
import { type LocalDiscord, type LocalDiscordOptions, startLocalDiscord } from '../src/server.js';

/** A local Discord with everything strict, and the means to clean up after a test. */
export class Stage {
  private readonly cleanups: (() => Promise<unknown> | unknown)[] = [];
  /** Anything a client reported that no test asked for. */
  readonly clientErrors: unknown[] = [];

  private constructor(readonly discord: LocalDiscord) {}

  static async open(options: LocalDiscordOptions = {}): Promise<Stage> {
    return new Stage(await startLocalDiscord({ checkRequests: true, checkReplies: true, ...options }));
  }

  /** Without the OpenAPI file: only the hand-written rules are left to refuse anything. */
  static async withoutSpec(options: LocalDiscordOptions = {}): Promise<Stage> {
    return new Stage(await startLocalDiscord(options));
  }

  /** An unmodified discord.js client, logged in and ready. */
  async bot(options: Partial<ClientOptions> = {}): Promise<Client<true>> {
    const client = this.client(options);
    const ready = new Promise((resolve) => client.once('clientReady', resolve));
    await client.login(this.discord.token);
    await ready;
    return client as Client<true>;
  }

  /** The same, not logged in yet. */
  client(options: Partial<ClientOptions> = {}): Client {
    const client = new Client({
      intents: [GatewayIntentBits.Guilds],
      ...options,
      rest: { api: this.discord.apiUrl, ...options.rest },
      // No pause between identifies: a test that reconnects should not wait five seconds for politeness.
      ws: { buildIdentifyThrottler: () => ({ waitForIdentify: async () => undefined }), ...options.ws },
    });
    client.on('error', (error) => this.clientErrors.push(error));
    this.cleanups.push(() => (client.isReady() ? client.destroy() : undefined));
    return client;
  }

  async user(name: 'trader' | 'viewer' | 'admin' = 'trader'): Promise<LocalDiscordUser> {
    const { url, users, channelIds } = this.discord;
    const user = await LocalDiscordUser.join(url, users[name], channelIds.trading);
    this.cleanups.push(() => user.leave());
    return user;
  }

  /** A REST call as the bot, without any library between. Answers status, headers and JSON. */
  async rest(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Raw> {
    const form = body instanceof FormData;
    const response = await fetch(`${this.discord.apiUrl}/v10${path}`, {
      method,
      headers: {
        authorization: `Bot ${this.discord.token}`,
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
    return { status: response.status, json, headers: response.headers };
  }

  async close(): Promise<void> {
    for (const cleanup of this.cleanups.reverse()) await cleanup();
    await this.discord.close();
  }
}

export interface Raw {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: raw JSON, read loosely by tests
  json: any;
  headers: Headers;
}

/** Looks again until it holds, with a generous deadline. */
export async function eventually<T>(look: () => T | Promise<T>, timeoutMs = 10_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline)
      throw new Error(`not within ${timeoutMs} ms: ${look.toString().slice(0, 200)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

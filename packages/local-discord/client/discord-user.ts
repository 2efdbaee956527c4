import { type ClientRequest, request as httpRequest } from 'node:http';

/*
 * A person at the local Discord, over HTTP and Server-Sent Events only, so that end-to-end tests read like a story:
 *
 *   const tess = await LocalDiscordUser.join(discord.url, discord.users.trader, discord.channelIds.trading);
 *   const asked = await tess.command('targets', { position: '37' });
 *   const preview = await tess.answer(asked);
 *   await tess.press(preview, 'Submit');
 */

// biome-ignore lint/suspicious/noExplicitAny: raw Discord JSON, read loosely by tests
type Json = any;

export interface Component {
  type: number;
  id?: number;
  custom_id?: string;
  label?: string;
  style?: number;
  disabled?: boolean;
  options?: { label: string; value: string; description?: string; default?: boolean }[];
  components?: Component[];
  accessory?: Component;
  component?: Component;
  content?: string;
  value?: string;
  placeholder?: string;
}

export interface Embed {
  title?: string;
  description?: string;
  color?: number;
  fields?: { name: string; value: string; inline: boolean }[];
  footer?: { text: string };
  image?: { url: string };
}

export interface Attachment {
  id: string;
  filename: string;
  url: string;
  size: number;
  content_type?: string;
  /** Its alt text. */
  description?: string;
  width?: number;
  height?: number;
}

/** Discord's raw message, as the person sees it now. */
export interface Message {
  id: string;
  channel_id: string;
  content: string;
  embeds: Embed[];
  components: Component[];
  attachments: Attachment[];
  mentions: { id: string }[];
  flags: number;
  author: { id: string; username: string; bot?: boolean };
  timestamp: string;
  edited_timestamp: string | null;
  interaction_metadata?: { id: string; interacted_message_id?: string };
  message_reference?: { message_id?: string };
  loading?: boolean;
  failed?: boolean;
}

export interface InteractionState {
  id: string;
  state: 'pending' | 'acked' | 'failed';
  acked_after_ms: number | null;
  callback_type: number | null;
  error?: string;
  messages: string[];
}

export interface Modal {
  interaction_id: string;
  custom_id: string;
  title: string;
  components: Component[];
}

export interface LogEntry {
  n: number;
  at: string;
  method: string;
  path: string;
  route: string | null;
  status: number;
  app?: string;
  body?: Json;
  refused?: { code: number; message: string; errors?: Json };
  fault?: string;
  reply_faults?: Json[];
}

export interface Wait {
  timeoutMs?: number;
  /** Only messages that answer this interaction (its id). */
  answering?: string;
  /** Only messages newer than this one. */
  after?: Message;
  channel?: string;
}

type Values = Record<string, string | number | boolean>;

const DEFAULT_TIMEOUT_MS = 15_000;
const EPHEMERAL = 64;

/** A refusal by the local Discord: what the person's app would not have let through. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class LocalDiscordUser {
  /** Everything seen so far, by id, as it looks now. */
  private readonly seen = new Map<string, Message>();
  /** Every event as it came, for tests about order. */
  readonly events: Json[] = [];
  readonly modals: Modal[] = [];
  private readonly watchers = new Set<() => void>();
  private stream: ClientRequest | null = null;

  private constructor(
    readonly url: string,
    readonly id: string,
    /** Where commands are given unless told otherwise. */
    public channelId: string,
  ) {}

  /** Opens the person's app: from here on nothing is missed. Call `leave()` at the end. */
  static async join(url: string, userId: string, channelId: string): Promise<LocalDiscordUser> {
    const user = new LocalDiscordUser(url, userId, channelId);
    await user.listen();
    const { channels } = await user.state();
    for (const channel of channels) for (const message of await user.messages(channel.id)) user.keep(message);
    return user;
  }

  leave(): void {
    this.stream?.destroy();
    this.stream = null;
  }

  /** Runs a slash command; resolves with the interaction's id once the server took it. `sub` = subcommand. */
  async command(
    name: string,
    options: Values = {},
    how: { sub?: string; channel?: string } = {},
  ): Promise<string> {
    return this.interact({ kind: 'command', name, options: nest(how.sub, listed(options)) }, how.channel);
  }

  /** What the app offers while `focused` is being typed. Throws Refused(504) when the bot is too late. */
  async autocomplete(
    name: string,
    focused: string,
    typed: string,
    others: Values = {},
    how: { sub?: string } = {},
  ): Promise<{ name: string; value: string | number }[]> {
    const options = nest(how.sub, [...listed(others), { name: focused, value: typed, focused: true }]);
    const body = { user: this.id, channel_id: this.channelId, kind: 'autocomplete', name, options };
    return (await this.post('/local/interactions', body)).choices;
  }

  /** Presses the button with this custom_id or label (whole, or its beginning). */
  async press(message: Message | string, button: string): Promise<string> {
    const now = this.current(message);
    const found = componentIn(now, button);
    return this.interact({ kind: 'component', message_id: now.id, custom_id: found }, now.channel_id);
  }

  /** Picks values in the select with this custom_id; without one, in the message's only select. */
  async select(message: Message | string, values: string | string[], customId?: string): Promise<string> {
    const now = this.current(message);
    const selects = allComponents(now.components).filter((one) => [3, 5, 6, 7, 8].includes(one.type));
    const custom_id = customId ?? selects[0]?.custom_id ?? '';
    const body = { kind: 'component', message_id: now.id, custom_id, values: [values].flat() };
    return this.interact(body, now.channel_id);
  }

  /** Fills a modal in and sends it. */
  async submitModal(modal: Modal, fields: Record<string, string | string[]>): Promise<string> {
    const { interaction_id, custom_id } = modal;
    return this.interact({ kind: 'modal', interaction_id, custom_id, fields });
  }

  async waitForModal(openedBy?: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<Modal> {
    const find = (): Modal | undefined =>
      openedBy ? this.modals.find((modal) => modal.interaction_id === openedBy) : this.modals.at(-1);
    return this.until(find, timeoutMs, 'a modal');
  }

  /** The first message, seen before or to come, that fits. Loading ones never do. */
  async waitForMessage(fits: (message: Message) => boolean = () => true, wait: Wait = {}): Promise<Message> {
    const find = (): Message | undefined =>
      this.all(wait.channel).find((message) => this.matches(message, fits, wait));
    return this.until(find, wait.timeoutMs ?? DEFAULT_TIMEOUT_MS, 'a message');
  }

  /** The message answering an interaction, as soon as it is there and not "thinking" any more. */
  async answer(interactionId: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<Message> {
    return this.waitForMessage(() => true, { answering: interactionId, timeoutMs });
  }

  /** The same message later, once it fits. */
  async waitForEdit(
    message: Message | string,
    fits: (message: Message) => boolean,
    timeoutMs = DEFAULT_TIMEOUT_MS,
  ): Promise<Message> {
    const id = typeof message === 'string' ? message : message.id;
    const find = (): Message | undefined => {
      const now = this.seen.get(id);
      return now && fits(now) ? now : undefined;
    };
    return this.until(find, timeoutMs, `message ${id} to change`);
  }

  /** Resolves when the interaction is no longer pending. */
  async waitForInteraction(id: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<InteractionState> {
    const settled = (): boolean =>
      this.events.some(
        (event) => event.type === 'interaction' && event.id === id && event.state !== 'pending',
      );
    await this.until(() => settled() || undefined, timeoutMs, `interaction ${id}`);
    return this.interaction(id);
  }

  /** Resolves once the bot is (or is no longer) online. */
  async waitForBot(online = true, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<void> {
    const isSo = async (): Promise<boolean> => (await this.state()).bots[0].online === online;
    await this.lookAtEach('bot_status', isSo, timeoutMs, `bot online=${online}`);
  }

  /** Resolves once the bot has registered this command. */
  async waitForCommand(name: string, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<Json> {
    const find = async (): Promise<Json> =>
      (await this.state()).commands.find((command: Json) => command.name === name);
    return this.lookAtEach('commands', find, timeoutMs, `command /${name}`);
  }

  /** Oldest first, with this person's ephemeral ones. */
  async messages(channel = this.channelId, limit = 100): Promise<Message[]> {
    return this.get(`/local/channels/${channel}/messages?user=${this.id}&limit=${limit}`);
  }

  /** The ephemeral messages this person can see now. */
  ephemeral(): Message[] {
    return this.all().filter((message) => (message.flags & EPHEMERAL) !== 0);
  }

  /** What the message looks like now; throws when it is gone. */
  current(message: Message | string): Message {
    const id = typeof message === 'string' ? message : message.id;
    const now = this.seen.get(id);
    if (!now) throw new Error(`message ${id} is not there (any more)`);
    return now;
  }

  async say(content: string, channel = this.channelId): Promise<Message> {
    return this.post('/local/messages', { user: this.id, channel_id: channel, content });
  }

  async openDm(bot: string): Promise<string> {
    return (await this.post('/local/dms', { user: this.id, bot })).channel_id;
  }

  async state(): Promise<Json> {
    return this.get(`/local/state?user=${this.id}`);
  }

  async interaction(id: string): Promise<InteractionState> {
    return this.get(`/local/interactions/${id}`);
  }

  /** The bot's requests so far (after number `since`). */
  async log(since = 0): Promise<{ requests: LogEntry[]; invalid: number; refused: number }> {
    return this.get(`/local/log?since=${since}`);
  }

  readonly faults = {
    add: (fault: {
      kind: string;
      route?: string;
      times?: number;
      ms?: number;
      retry_after?: number;
      status?: number;
    }) => this.post('/local/faults', fault),
    list: async () =>
      (await this.get('/local/faults')).armed as { kind: string; fired: number; left: number }[],
    clear: () => this.call('DELETE', '/local/faults'),
  };

  readonly gateway = {
    drop: () => this.post('/local/gateway', { action: 'drop' }),
    close: (code: number) => this.post('/local/gateway', { action: 'close', code }),
    /** The next identifies are closed with this code. */
    refuse: (code: number, times = 1) => this.post('/local/gateway', { action: 'refuse', code, times }),
    reconnect: () => this.post('/local/gateway', { action: 'reconnect' }),
    invalidSession: (resumable = false) =>
      this.post('/local/gateway', { action: 'invalid-session', resumable }),
    heartbeat: () => this.post('/local/gateway', { action: 'heartbeat' }),
    pause: () => this.post('/local/gateway', { action: 'pause' }),
    resume: () => this.post('/local/gateway', { action: 'resume' }),
    sessions: async (): Promise<Json[]> => (await this.get('/local/gateway')).sessions,
  };

  async advanceClock(ms: number): Promise<void> {
    await this.post('/local/clock', { advance_ms: ms });
  }

  async changeWorld(change: Json): Promise<Json> {
    return this.post('/local/world', change);
  }

  /** Runs any interaction raw; resolves with its id. */
  async interact(body: Json, channel = this.channelId): Promise<string> {
    const answer = await this.post('/local/interactions', { user: this.id, channel_id: channel, ...body });
    return answer.interaction_id;
  }

  async get(path: string): Promise<Json> {
    return this.call('GET', path);
  }

  async post(path: string, body: Json): Promise<Json> {
    return this.call('POST', path, body);
  }

  private async call(method: string, path: string, body?: Json): Promise<Json> {
    const response = await fetch(this.url + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer: Json = await response.json();
    if (!response.ok) throw new Refused(response.status, answer.error ?? JSON.stringify(answer));
    return answer;
  }

  private all(channel?: string): Message[] {
    return [...this.seen.values()]
      .filter((message) => !channel || message.channel_id === channel)
      .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  }

  private matches(message: Message, fits: (message: Message) => boolean, wait: Wait): boolean {
    if (message.loading) return false;
    if (wait.after && BigInt(message.id) <= BigInt(wait.after.id)) return false;
    if (wait.answering && message.interaction_metadata?.id !== wait.answering) return false;
    return fits(message);
  }

  private keep(message: Message): void {
    this.seen.set(message.id, message);
  }

  private hear(line: string, ready: () => void): void {
    const event: Json = JSON.parse(line);
    if (event.type === 'hello') ready();
    else this.take(event);
  }

  private take(event: Json): void {
    this.events.push(event);
    if (event.type === 'message_create' || event.type === 'message_update') this.keep(event.message);
    if (event.type === 'message_delete') this.seen.delete(event.id);
    if (event.type === 'modal') this.modals.push(event);
    for (const watcher of [...this.watchers]) watcher();
  }

  /** Resolves with what `find` finds, looking again at each event. */
  private until<T>(find: () => T | undefined, timeoutMs: number, what: string): Promise<T> {
    const at = new Error(`waited ${timeoutMs} ms for ${what}`);
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.watchers.delete(look);
        clearTimeout(timer);
      };
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        done();
        resolve(found);
      };
      const timer = setTimeout(() => {
        done();
        const last = this.all().at(-1);
        at.message += `; ${this.seen.size} messages seen, the last: ${JSON.stringify(last)?.slice(0, 600)}`;
        reject(at);
      }, timeoutMs);
      this.watchers.add(look);
      look();
    });
  }

  /** Resolves with what `look` finds, looking again at each event of this type. */
  private async lookAtEach<T>(
    type: string,
    look: () => Promise<T>,
    timeoutMs: number,
    what: string,
  ): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const heard = this.events.length;
      const found = await look();
      if (found) return found;
      const isNews = () => this.events.slice(heard).some((event) => event.type === type) || undefined;
      await this.until(isNews, deadline - Date.now(), what);
    }
  }

  /** Subscribes to the events; resolves at `hello`. */
  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stream = httpRequest(`${this.url}/local/events?user=${this.id}`, (response) => {
        if (response.statusCode !== 200) {
          reject(new Error(`events: HTTP ${response.statusCode}`));
          return;
        }
        // Hanging up is how a stream ends; whoever still waits has a deadline of its own.
        response.on('error', () => undefined);
        response.setEncoding('utf8');
        let rest = '';
        response.on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines)
            if (line.startsWith('data: ')) this.hear(line.slice('data: '.length), resolve);
        });
      });
      this.stream.on('error', reject);
      this.stream.end();
    });
  }
}

/** Every component of a message, whatever the nesting. */
export function allComponents(components: readonly Component[] = []): Component[] {
  return components.flatMap((one) => [
    one,
    ...allComponents(one.components),
    ...allComponents([one.accessory, one.component].filter((inner) => inner !== undefined)),
  ]);
}

/** Labels of a message's buttons, in reading order. */
export function buttonsOf(message: Message): string[] {
  return allComponents(message.components)
    .filter((one) => one.type === 2)
    .map((one) => one.label ?? '');
}

/** All text a person reads in a message: content, embeds, text displays. */
export function textOf(message: Message): string {
  const embeds = message.embeds.flatMap((embed) => [
    embed.title,
    embed.description,
    ...(embed.fields ?? []).flatMap((field) => [field.name, field.value]),
    embed.footer?.text,
  ]);
  const texts = allComponents(message.components).map((one) => (one.type === 10 ? one.content : undefined));
  return [message.content, ...embeds, ...texts].filter(Boolean).join('\n');
}

function componentIn(message: Message, wanted: string): string {
  const buttons = allComponents(message.components).filter((one) => one.custom_id);
  const found =
    buttons.find((one) => one.custom_id === wanted) ??
    buttons.find((one) => one.label === wanted) ??
    buttons.find((one) => one.label?.startsWith(wanted));
  if (!found?.custom_id) {
    const there = buttons.map((one) => one.label ?? one.custom_id).join(', ');
    throw new Error(`no button "${wanted}"; there are: ${there}; the message says: ${textOf(message)}`);
  }
  return found.custom_id;
}

function listed(values: Values): { name: string; value: string | number | boolean }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function nest(sub: string | undefined, options: Json[]): Json[] {
  return sub ? [{ name: sub, options }] : options;
}

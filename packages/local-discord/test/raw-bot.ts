import { WebSocket } from 'ws';
import { eventually, type Raw, type Stage } from './world.js';

// biome-ignore lint/suspicious/noExplicitAny: raw gateway JSON, read loosely by tests
type Json = any;

/** A bot without any library: raw frames and raw REST, for what a well-behaved client would never send. */
export class RawBot {
  readonly frames: Json[] = [];
  closeCode: number | null = null;
  private readonly taken = new Set<string>();

  private constructor(
    private readonly stage: Stage,
    readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => undefined);
  }

  /** Connects without saying anything. */
  static async connect(stage: Stage, query = '?v=10&encoding=json'): Promise<RawBot> {
    const bot = new RawBot(stage, new WebSocket(stage.discord.url.replace('http', 'ws') + query));
    await eventually(() => bot.socket.readyState !== WebSocket.CONNECTING);
    return bot;
  }

  static async login(stage: Stage, intents = 1): Promise<RawBot> {
    const bot = await RawBot.connect(stage);
    bot.identify({ intents });
    await bot.event('READY');
    return bot;
  }

  identify(extra: Json = {}): void {
    const properties = { os: 'linux', browser: 'test', device: 'test' };
    this.send(2, { token: this.stage.discord.token, intents: 1, shard: [0, 1], properties, ...extra });
  }

  send(op: number, d: Json): void {
    this.socket.send(JSON.stringify({ op, d }));
  }

  /** The d of the first dispatch of this type. */
  async event(type: string, fits: (d: Json) => boolean = () => true): Promise<Json> {
    return (await eventually(() => this.frames.find((frame) => frame.t === type && fits(frame.d)))).d;
  }

  async op(op: number): Promise<Json> {
    return eventually(() => this.frames.find((frame) => frame.op === op));
  }

  async closed(): Promise<number> {
    await eventually(() => this.closeCode !== null);
    return this.closeCode ?? 0;
  }

  async register(commands: Json[]): Promise<void> {
    const { applicationId, guildId } = this.stage.discord;
    const { status, json } = await this.stage.rest(
      'PUT',
      `/applications/${applicationId}/guilds/${guildId}/commands`,
      commands,
    );
    if (status !== 200) throw new Error(JSON.stringify(json));
  }

  /** The interaction of this id, as delivered. */
  async interaction(id: string): Promise<RawInteraction> {
    const d = await this.event('INTERACTION_CREATE', (data) => data.id === id);
    this.taken.add(id);
    return new RawInteraction(this.stage, d);
  }

  /** The next one not taken yet. */
  async nextInteraction(): Promise<RawInteraction> {
    const d = await this.event('INTERACTION_CREATE', (data) => !this.taken.has(data.id));
    return this.interaction(d.id);
  }
}

/** A delivered interaction and the raw answers to it. */
export class RawInteraction {
  readonly id: string;
  readonly token: string;
  private readonly hook: string;

  constructor(
    private readonly stage: Stage,
    readonly d: Json,
  ) {
    this.id = d.id;
    this.token = d.token;
    this.hook = `/webhooks/${d.application_id}/${d.token}`;
  }

  callback(body: object, withResponse = false): Promise<Raw> {
    const query = withResponse ? '?with_response=true' : '';
    // No bot token on these: the URL is the authority.
    const headers = { authorization: '' };
    return this.stage.rest('POST', `/interactions/${this.id}/${this.token}/callback${query}`, body, headers);
  }

  followUp(body: object): Promise<Raw> {
    return this.stage.rest('POST', `${this.hook}?wait=true`, body);
  }

  edit(body: object, messageId = '@original'): Promise<Raw> {
    return this.stage.rest('PATCH', `${this.hook}/messages/${messageId}`, body);
  }

  original(): Promise<Raw> {
    return this.stage.rest('GET', `${this.hook}/messages/%40original`);
  }

  remove(messageId = '@original'): Promise<Raw> {
    return this.stage.rest('DELETE', `${this.hook}/messages/${messageId}`);
  }
}

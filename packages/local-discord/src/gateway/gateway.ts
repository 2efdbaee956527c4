import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { isObject, type JsonObject } from '../base/json.js';
import { shardOf } from '../base/snowflake.js';
import type { Core } from '../core.js';
import { guildCreatePayload, userPayload } from '../world/payloads.js';
import { Connection } from './connection.js';
import { memberChunk } from './member-chunk.js';
import { Close, Intent, intentsFault, Op, type PrivilegedIntent } from './protocol.js';
import { Session } from './session.js';

export interface GatewayOptions {
  /** What HELLO asks for, ms. Discord's own value is about 41 250. */
  heartbeatIntervalMs: number;
  /** Close a connection whose beats stay away. */
  requireHeartbeat: boolean;
  privilegedIntents: readonly PrivilegedIntent[];
}

const VERSION = '10';
const MAX_FRAME_BYTES = 4_096;
const MAX_FRAMES = 120;
const FRAME_WINDOW_MS = 60_000;
/** Discord keeps a lost session for a few minutes. */
const RESUMABLE_MS = 3 * 60_000;
/** A beat may be this much late before a strict server gives up on the client. */
const BEAT_GRACE = 1.5;

/** A frame that ends its connection, with the close code that says why. */
class Refusal extends Error {
  constructor(
    readonly code: number,
    reason: string,
  ) {
    super(reason);
  }
}

/** The gateway: connections, sessions, and the events that go out to them. */
export class Gateway {
  readonly sessions = new Map<string, Session>();
  private readonly connections = new Set<Connection>();
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  private paused = false;
  /** Identifies still to be answered with a close. */
  private refusing = { code: 0, left: 0 };
  private readonly strictness: NodeJS.Timeout | null;

  constructor(
    private readonly core: Core,
    private readonly options: GatewayOptions,
    private readonly url: () => string,
  ) {
    this.strictness = options.requireHeartbeat ? this.watchBeats() : null;
  }

  /** Takes over an HTTP upgrade; the socket lives at `/` only. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (this.paused || pathname !== '/') {
      socket.destroy();
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => this.connect(webSocket, searchParams));
  }

  /** Sends an event to an application's sessions that serve the guild (or, for DMs, to shard 0). */
  dispatch(appId: string, inGuild: boolean, intent: number, type: string, data: JsonObject): void {
    for (const session of this.sessionsFor(appId, inGuild)) {
      if (intent === 0 || session.has(intent)) session.dispatch(type, data);
    }
  }

  /** The sessions, connected or resumable, that an event concerns. */
  sessionsFor(appId: string, inGuild: boolean): Session[] {
    this.forgetOld();
    return [...this.sessions.values()].filter((session) => {
      const [id, count] = session.shard;
      const wanted = inGuild ? shardOf(this.core.world.guild.id, count) : 0;
      return session.appId === appId && id === wanted;
    });
  }

  online(appId: string): boolean {
    return [...this.sessions.values()].some((session) => session.appId === appId && session.connection);
  }

  /** Connections of one application, or of all. */
  connected(appId?: string): Connection[] {
    return [...this.connections].filter(
      (connection) => connection.session && (!appId || connection.session.appId === appId),
    );
  }

  pause(): void {
    this.paused = true;
    for (const connection of this.connections) connection.pause();
  }

  resume(): void {
    this.paused = false;
    for (const connection of this.connections) connection.resume();
  }

  /** The next so many identifies are closed with a code. */
  refuseNext(code: number, times: number): void {
    this.refusing = { code, left: times };
  }

  /** Op 9: not resumable means the session is gone at once. */
  invalidate(connection: Connection, resumable: boolean): void {
    const session = connection.session;
    connection.control(Op.invalidSession, resumable);
    if (!session) return;
    this.detach(connection);
    if (!resumable) this.drop(session);
  }

  /** Closes with a code. After 4009 the session is over, which a client may learn only from its refused resume. */
  cut(connection: Connection, code: number, reason: string): void {
    const { session } = connection;
    if (session && code === Close.sessionTimedOut) {
      this.detach(connection);
      this.drop(session);
    }
    connection.close(code, reason);
  }

  close(): void {
    if (this.strictness) clearInterval(this.strictness);
    for (const { socket } of this.connections) socket.terminate();
    this.sockets.close();
  }

  private connect(socket: WebSocket, query: URLSearchParams): void {
    const connection = new Connection(socket, performance.now());
    this.connections.add(connection);
    socket.on('message', (data, binary) => this.receive(connection, data, binary));
    socket.on('close', (code) => this.lost(connection, code));
    // 'close' follows and does the work; without a listener a reset would end the process.
    socket.on('error', () => socket.terminate());
    if (query.get('v') !== VERSION || (query.get('encoding') ?? 'json') !== 'json') {
      connection.close(Close.invalidVersion, 'Invalid API version.');
      return;
    }
    connection.control(Op.hello, {
      heartbeat_interval: this.options.heartbeatIntervalMs,
      _trace: ['["local-discord"]'],
    });
  }

  private receive(connection: Connection, data: RawData, binary: boolean): void {
    const bytes = data as Buffer;
    if (!connection.mayReceive(performance.now(), MAX_FRAMES, FRAME_WINDOW_MS)) {
      connection.close(Close.rateLimited, 'Rate limited.');
      return;
    }
    const frame = binary || bytes.length > MAX_FRAME_BYTES ? null : parse(bytes);
    try {
      if (!frame) throw new Refusal(Close.decodeError, 'Error while decoding payload.');
      this.handle(connection, frame);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      connection.close(error.code, error.message);
    }
  }

  private handle(connection: Connection, frame: JsonObject): void {
    switch (frame.op) {
      case Op.heartbeat:
        connection.ackBeat(performance.now());
        return;
      case Op.identify:
        this.identify(connection, frame.d);
        return;
      case Op.resume:
        this.resumeSession(connection, frame.d);
        return;
      case Op.requestMembers:
      case Op.presence:
      case Op.voiceState:
        this.request(connection, frame);
        return;
      default:
        throw new Refusal(Close.unknownOp, 'Unknown opcode.');
    }
  }

  /** The three that need a session; presence and voice have nobody to show them to. */
  private request({ session }: Connection, frame: JsonObject): void {
    if (!session) throw new Refusal(Close.notAuthenticated, 'Not authenticated.');
    if (frame.op !== Op.requestMembers || !isObject(frame.d)) return;
    session.dispatch('GUILD_MEMBERS_CHUNK', memberChunk(this.core.world, frame.d));
  }

  private identify(connection: Connection, d: unknown): void {
    if (connection.session) throw new Refusal(Close.alreadyAuthenticated, 'Already authenticated.');
    if (!isObject(d)) throw new Refusal(Close.decodeError, 'Error while decoding payload.');
    const app = this.core.world.appByToken(String(d.token));
    if (!app) throw new Refusal(Close.authenticationFailed, 'Authentication failed.');
    if (this.refusing.left > 0) {
      this.refusing.left -= 1;
      throw new Refusal(this.refusing.code, 'closed on request');
    }
    const [id, count] = Array.isArray(d.shard) ? d.shard : [0, 1];
    if (!Number.isInteger(id) || !Number.isInteger(count) || id < 0 || id >= count) {
      throw new Refusal(Close.invalidShard, 'Invalid shard.');
    }
    const fault = intentsFault(d.intents, this.options.privilegedIntents);
    if (fault) {
      const text = fault === Close.invalidIntents ? 'Invalid intent(s).' : 'Disallowed intent(s).';
      throw new Refusal(fault, text);
    }
    const session = new Session(app.id, d.intents as number, [id, count]);
    this.sessions.set(session.id, session);
    this.attach(connection, session);
    this.welcome(session);
  }

  /** READY, then GUILD_CREATE. Without the GUILDS intent the guild stays "unavailable", as on Discord. */
  private welcome(session: Session): void {
    const { world } = this.core;
    const bot = world.users.get(session.appId);
    const serves = shardOf(world.guild.id, session.shard[1]) === session.shard[0];
    session.dispatch('READY', {
      v: Number(VERSION),
      user: bot ? { ...userPayload(bot), verified: true, mfa_enabled: true, email: null } : null,
      guilds: serves ? [{ id: world.guild.id, unavailable: true }] : [],
      session_id: session.id,
      resume_gateway_url: this.url(),
      session_type: 'normal',
      private_channels: [],
      relationships: [],
      shard: session.shard,
      application: { id: session.appId, flags: 0 },
      _trace: ['["local-discord"]'],
    });
    if (serves && session.has(Intent.guilds)) session.dispatch('GUILD_CREATE', guildCreatePayload(world));
  }

  private resumeSession(connection: Connection, d: unknown): void {
    if (connection.session) throw new Refusal(Close.alreadyAuthenticated, 'Already authenticated.');
    this.forgetOld();
    const wanted = isObject(d) ? d : {};
    const session = this.sessions.get(String(wanted.session_id));
    const app = this.core.world.appByToken(String(wanted.token));
    if (!session || session.appId !== app?.id) {
      connection.control(Op.invalidSession, false);
      return;
    }
    if (session.connection) session.connection.close(Close.unknownError, 'Session resumed elsewhere.');
    this.attach(connection, session);
    if (session.replay(typeof wanted.seq === 'number' ? wanted.seq : Number.NaN))
      session.dispatch('RESUMED', { _trace: ['["local-discord"]'] });
    else this.invalidate(connection, false);
  }

  private attach(connection: Connection, session: Session): void {
    if (session.connection) session.connection.session = null;
    connection.session = session;
    session.connection = connection;
    session.lostAt = null;
    this.core.hub.emit('botStatus', session.appId, true);
  }

  private detach(connection: Connection): void {
    const { session } = connection;
    if (!session) return;
    connection.session = null;
    session.connection = null;
    session.lostAt = this.core.clock.now();
    if (!this.online(session.appId)) this.core.hub.emit('botStatus', session.appId, false);
  }

  private lost(connection: Connection, code: number): void {
    this.connections.delete(connection);
    const { session } = connection;
    this.detach(connection);
    // A client that says goodbye properly has no wish to come back to this session.
    if (session && (code === 1000 || code === 1001)) this.drop(session);
  }

  private drop(session: Session): void {
    this.sessions.delete(session.id);
  }

  private forgetOld(): void {
    const now = this.core.clock.now();
    for (const session of this.sessions.values()) {
      if (session.lostAt !== null && now - session.lostAt > RESUMABLE_MS) this.drop(session);
    }
  }

  /** Beats live on real time: the movable clock would otherwise cut every connection. */
  private watchBeats(): NodeJS.Timeout {
    const limit = this.options.heartbeatIntervalMs * BEAT_GRACE;
    const timer = setInterval(() => {
      for (const connection of this.connections) {
        const silent = performance.now() - connection.lastBeatAt > limit;
        if (silent && !connection.paused) this.cut(connection, Close.sessionTimedOut, 'Session timed out.');
      }
    }, this.options.heartbeatIntervalMs / 2);
    return timer.unref();
  }
}

function parse(bytes: Buffer): JsonObject | null {
  try {
    const frame: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(frame) ? frame : null;
  } catch {
    // Not JSON: the caller closes with 4002, which is all there is to say.
    return null;
  }
}

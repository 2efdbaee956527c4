import { WebSocket } from 'ws';
import type { StreamReason } from '../../domain/broker-troubles.js';
import { BrokerError } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { Secrets } from '../../ports/secrets.js';
import type { Timeouts } from './broker-settings.js';
import type { Session } from './session.js';
import { type Ack, isAck, type Notification, readFrame, request } from './stream-wire.js';

export interface ConnectionOptions {
  streamerUrl: string;
  userAgent: string;
  timeouts: Timeouts;
  clock: Clock;
  session: Session;
  secrets: Secrets;
  account: string;
  /** The account's changes arrive from now on. */
  onLive(): void;
  onNotification(message: Notification): void;
  /** A frame nobody can read; it is skipped. */
  onGarbage(bytes: number): void;
}

/** Why a connection ended, and whether it had worked long enough to trust the next attempt. */
export interface Ending {
  reason: StreamReason;
  healthy: boolean;
}

const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const CLOSE_GRACE_MS = 500;

/**
 * One socket's life: open, `connect`, its acknowledgement, then heartbeats. The order matters, the streamer
 * refuses a heartbeat before a connect. Every heartbeat must be acknowledged, since a connection that has
 * died shows in nothing else.
 */
export class StreamConnection {
  readonly #end = new AbortController();
  #ending: Ending = { reason: { code: 'NOT_CONNECTED' }, healthy: false };
  #healthy = false;
  #requests = 0;
  #awaited: { action: string; settle: (ack: Ack) => void } | null = null;

  constructor(private readonly options: ConnectionOptions) {}

  /** Runs until the connection ends, for whatever reason, and says why. Never rejects. */
  async run(stop: AbortSignal): Promise<Ending> {
    const { streamerUrl, userAgent, timeouts } = this.options;
    const socket = new WebSocket(streamerUrl, {
      handshakeTimeout: timeouts.handshakeMs,
      maxPayload: MAX_FRAME_BYTES,
      headers: { 'User-Agent': userAgent },
    });
    const stopped = () => this.#finish({ code: 'CLOSED_BY_US' });
    const ended = new Promise<void>((resolve) => this.#end.signal.addEventListener('abort', () => resolve()));
    socket.on('open', () => void this.#converse(socket));
    socket.on('message', (data) => this.#receive(String(data)));
    socket.on('error', (error) => this.#finish({ code: 'FAILED', said: this.#clean(error) }));
    socket.on('close', (code) => this.#finish({ code: 'CLOSED', status: code }));
    stop.addEventListener('abort', stopped);
    if (stop.aborted) stopped();
    await ended;
    stop.removeEventListener('abort', stopped);
    hangUp(socket);
    return this.#ending;
  }

  async #converse(socket: WebSocket): Promise<void> {
    const { clock, timeouts, account, onLive } = this.options;
    try {
      await this.#ask(socket, 'connect', [account]);
      onLive();
      for (;;) {
        await clock.sleep(timeouts.heartbeatMs, this.#end.signal);
        await this.#ask(socket, 'heartbeat');
        this.#healthy = true;
      }
    } catch (error) {
      this.#finish(this.#reasonOf(error));
    }
  }

  /** Sends one message with a current token and waits for its acknowledgement. */
  async #ask(socket: WebSocket, action: 'connect' | 'heartbeat', value?: string[]): Promise<void> {
    const token = await this.options.session.token();
    const acknowledged = new Promise<Ack>((resolve) => {
      this.#awaited = { action, settle: resolve };
    });
    socket.send(request(action, token, ++this.#requests, value));
    const ack = await this.#inTime(acknowledged, action);
    if (ack.ok) return;
    this.options.session.invalidate(token);
    const said = ack.message === null ? null : this.options.secrets.scrub(ack.message);
    throw new Unanswered({ code: 'ACTION_REFUSED', action, said });
  }

  async #inTime(acknowledged: Promise<Ack>, action: string): Promise<Ack> {
    const { clock, timeouts } = this.options;
    const done = new AbortController();
    const over = AbortSignal.any([done.signal, this.#end.signal]);
    const late = clock.sleep(timeouts.ackMs, over).then(() => {
      throw new Unanswered({ code: 'ACTION_UNACKNOWLEDGED', action, ms: timeouts.ackMs });
    });
    try {
      return await Promise.race([acknowledged, late]);
    } finally {
      late.catch(() => {});
      done.abort();
      this.#awaited = null;
    }
  }

  #receive(frame: string): void {
    if (this.#end.signal.aborted) return;
    const messages = readFrame(frame);
    for (const message of messages) {
      if (message === null) this.options.onGarbage(frame.length);
      else if (isAck(message)) this.#acknowledge(message);
      else this.options.onNotification(message);
    }
  }

  /** A refusal that names no action answers what we asked last: only one question is open at a time. */
  #acknowledge(ack: Ack): void {
    const awaited = this.#awaited;
    if (awaited !== null && (ack.action === awaited.action || (!ack.ok && ack.action === null))) {
      awaited.settle(ack);
    }
  }

  #finish(reason: StreamReason): void {
    if (this.#end.signal.aborted) return;
    this.#ending = { reason, healthy: this.#healthy };
    this.#end.abort();
  }

  #reasonOf(error: unknown): StreamReason {
    if (error instanceof Unanswered) return error.reason;
    return error instanceof BrokerError ? error.trouble : this.#clean(error);
  }

  #clean(error: unknown): string {
    return this.options.secrets.scrub(error instanceof Error ? error.message : 'unknown fault');
  }
}

/** What was asked of the streamer came to nothing. */
class Unanswered extends Error {
  constructor(readonly reason: StreamReason) {
    super('unanswered');
  }
}

/** Says goodbye, and cuts the line if the other side doesn't answer. Its error listener stays attached. */
function hangUp(socket: WebSocket): void {
  const cut = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  socket.once('close', () => clearTimeout(cut));
  if (socket.readyState === WebSocket.CLOSED) clearTimeout(cut);
  socket.close(1000);
}

import type { WebSocket } from 'ws';
import { Op } from './protocol.js';
import type { Session } from './session.js';

/** One WebSocket of a client, with or without a session. */
export class Connection {
  session: Session | null = null;
  /** While paused nothing leaves; what was to leave waits in order. */
  private held: string[] | null = null;
  /** When the last sixty seconds' frames came in, for the send limit. */
  private received: number[] = [];
  lastBeatAt: number;

  constructor(
    readonly socket: WebSocket,
    now: number,
  ) {
    this.lastBeatAt = now;
  }

  get paused(): boolean {
    return this.held !== null;
  }

  /** Always a text frame: clients without zlib drop binary ones without a word. */
  send(text: string): void {
    if (this.held) this.held.push(text);
    else if (this.socket.readyState === this.socket.OPEN) this.socket.send(text);
  }

  control(op: number, d: unknown = null): void {
    this.send(JSON.stringify({ op, d, s: null, t: null }));
  }

  ackBeat(now: number): void {
    this.lastBeatAt = now;
    // A paused gateway answers no beat at all, not even later.
    if (!this.held) this.control(Op.heartbeatAck);
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  pause(): void {
    this.held ??= [];
  }

  resume(): void {
    const waiting = this.held ?? [];
    this.held = null;
    for (const text of waiting) this.send(text);
  }

  /** Counts a frame; false when the client has sent more than `max` within `windowMs`. */
  mayReceive(now: number, max: number, windowMs: number): boolean {
    this.received = this.received.filter((at) => at > now - windowMs);
    this.received.push(now);
    return this.received.length <= max;
  }
}

import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../base/json.js';
import type { Connection } from './connection.js';
import { Op } from './protocol.js';

/** How many dispatches a session keeps for a resume; older ones make the resume fail, as on Discord. */
const MAX_REPLAY = 10_000;

interface Dispatch {
  s: number;
  text: string;
}

/** One identified session. It outlives its connection, so that a client can resume and miss nothing. */
export class Session {
  readonly id = randomBytes(16).toString('hex');
  seq = 0;
  connection: Connection | null = null;
  /** When the connection was lost, on the server's clock; null while connected. */
  lostAt: number | null = null;
  private readonly log: Dispatch[] = [];

  constructor(
    readonly appId: string,
    readonly intents: number,
    readonly shard: readonly [number, number],
  ) {}

  has(intent: number): boolean {
    return (this.intents & intent) !== 0;
  }

  /** Numbers an event, keeps it for a resume and sends it if somebody is listening. */
  dispatch(type: string, data: JsonObject): void {
    this.seq += 1;
    const text = JSON.stringify({ op: Op.dispatch, t: type, s: this.seq, d: data });
    this.log.push({ s: this.seq, text });
    if (this.log.length > MAX_REPLAY) this.log.shift();
    this.connection?.send(text);
  }

  /** Sends everything after `seq` again. False when the log does not reach back that far, or `seq` lies ahead or is none. */
  replay(seq: number): boolean {
    const oldest = this.log[0]?.s ?? this.seq + 1;
    if (!(seq >= oldest - 1 && seq <= this.seq)) return false;
    for (const entry of this.log) if (entry.s > seq) this.connection?.send(entry.text);
    return true;
  }
}

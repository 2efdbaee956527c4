import { z } from 'zod';
import { parseLossless } from './json.js';
import { maybe, text } from './wire.js';

/** Messages of the account streamer: plain JSON over WebSocket. */

/** The streamer's answer to one of our messages. */
export interface Ack {
  ok: boolean;
  /** Null where a refusal doesn't say what it refuses. */
  action: string | null;
  message: string | null;
}

/** Something changed; `data` is the full object as REST would give it. */
export interface Notification {
  type: string;
  data: unknown;
}

const ackShape = z.object({ status: text, action: maybe(text), message: maybe(text) });
const noteShape = z.object({ type: text, data: z.record(z.string(), z.unknown()) });
const batchShape = z.object({ results: z.array(z.unknown()) });

/** What a frame holds; null stands for what makes no sense to us, also in the midst of a batch. */
export function readFrame(frame: string): (Ack | Notification | null)[] {
  try {
    return readMessage(parseLossless(frame));
  } catch {
    return [null];
  }
}

function readMessage(value: unknown): (Ack | Notification | null)[] {
  const batch = batchShape.safeParse(value);
  if (batch.success) return batch.data.results.flatMap(readMessage);
  const note = noteShape.safeParse(value);
  if (note.success) return [note.data];
  const ack = ackShape.safeParse(value);
  if (!ack.success) return [null];
  return [{ ok: ack.data.status === 'ok', action: ack.data.action, message: ack.data.message }];
}

export function isAck(message: Ack | Notification): message is Ack {
  return 'ok' in message;
}

/** A message to the streamer. Each one carries the token; the handshake carries none. */
export function request(
  action: 'connect' | 'heartbeat',
  token: string,
  id: number,
  value?: string[],
): string {
  return JSON.stringify({ action, value, 'auth-token': `Bearer ${token}`, 'request-id': id });
}

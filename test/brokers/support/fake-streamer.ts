import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { StreamListener } from '../../../src/ports/broker.js';
import { streamText } from '../../../src/screens/failures/broker.js';

export type Message = { action: string; value?: unknown; 'auth-token': string; 'request-id': number };

/** What the streamer does with one client message. */
export type Reaction = (socket: WebSocket, message: Message) => void;

export const acknowledge: Reaction = (socket, { action, value, 'request-id': id }) =>
  socket.send(
    JSON.stringify({ status: 'ok', action, 'web-socket-session-id': 'abc', value, 'request-id': String(id) }),
  );

/** A throw-away account streamer. It acknowledges everything unless told otherwise. */
export class FakeStreamer {
  readonly messages: Message[] = [];
  readonly handshakes: Record<string, unknown>[] = [];
  reaction: Reaction = acknowledge;
  readonly #server = new WebSocketServer({ port: 0, host: '127.0.0.1' });

  static async start(): Promise<FakeStreamer> {
    const streamer = new FakeStreamer();
    streamer.#server.on('connection', (socket, request) => {
      streamer.handshakes.push(request.headers);
      socket.on('message', (frame) => {
        const message = JSON.parse(String(frame)) as Message;
        streamer.messages.push(message);
        streamer.reaction(socket, message);
      });
    });
    await new Promise((resolve) => streamer.#server.once('listening', resolve));
    return streamer;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get sockets(): WebSocket[] {
    return [...this.#server.clients];
  }

  sent(action: string): Message[] {
    return this.messages.filter((message) => message.action === action);
  }

  /** Sends a raw frame to everybody connected. */
  say(frame: unknown): void {
    for (const socket of this.sockets) {
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A listener that writes down what it hears. */
export function recorder(): StreamListener & { heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    onLive: () => void heard.push('live'),
    onDown: (reason) => void heard.push(`down: ${streamText(reason)}`),
    onOrder: (order) => void heard.push(`order ${order.id} ${order.status}`),
    onPosition: (symbol) => void heard.push(`position ${symbol}`),
  };
}

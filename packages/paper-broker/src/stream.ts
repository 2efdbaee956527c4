import type { Server } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { accountValue } from './account/account.js';
import { requireToken } from './http/tokens.js';
import { balanceWire, positionWire, tradingStatusWire, transactionWire } from './wire/account.js';
import { withOddFields } from './wire/common.js';
import { orderWire } from './wire/orders.js';
import type { Change, World } from './world.js';

/** Where the account streamer listens, on the server's own port. */
export const STREAM_PATH = '/streamer';

/** A client that says nothing for this long, real ms, is taken for dead. Heartbeats come every 2 to 60 seconds. */
const STALE_MS = 120_000;

interface Client {
  socket: WebSocket;
  session: string;
  accounts: Set<string>;
  lastHeard: number;
}

interface Message {
  action?: unknown;
  value?: unknown;
  'auth-token'?: unknown;
  'request-id'?: unknown;
}

/**
 * `mute` acknowledges and tells no change, like a stream that lost its source; `silent` says nothing at all, like a line
 * that died unnoticed.
 */
export type StreamMood = 'speaking' | 'mute' | 'silent';

/** The account streamer: acknowledges what clients say and tells subscribers every change as whole objects. */
export class AccountStream {
  /** The sockets stay open in every mood. */
  mood: StreamMood = 'speaking';
  readonly #clients = new Set<Client>();
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  readonly #reaper: NodeJS.Timeout;
  #sessions = 0;

  constructor(
    http: Server,
    private readonly worlds: readonly [World, ...World[]],
  ) {
    http.on('upgrade', (request, socket, head) => {
      if (request.url?.split('?')[0] !== STREAM_PATH) {
        socket.destroy();
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (client) => this.#accept(client));
    });
    this.#reaper = setInterval(() => this.#reap(), STALE_MS / 4);
    this.#reaper.unref();
  }

  /** Sockets open and accounts they follow. */
  describe(): { accounts: string[] }[] {
    return [...this.#clients].map((client) => ({ accounts: [...client.accounts] }));
  }

  /** @param world whose change it is */
  publish(world: World, change: Change): void {
    const listeners = [...this.#clients].filter((client) => client.accounts.has(world.accountNumber));
    if (listeners.length === 0 || this.mood !== 'speaking') return;
    const data = wireOf(world, change);
    const text = JSON.stringify({ type: change.type, data, timestamp: Date.now() });
    const send = () => {
      for (const { socket } of listeners) if (socket.readyState === WebSocket.OPEN) socket.send(text);
    };
    const fault = world.faults.forFrame();
    if (fault?.kind === 'lost-frame') return;
    if (fault?.kind === 'late-frame') {
      setTimeout(send, fault.ms).unref();
      return;
    }
    send();
    if (fault?.kind === 'twice-frame') send();
  }

  /** Cuts every connection without a closing handshake. */
  drop(): void {
    for (const { socket } of this.#clients) socket.terminate();
  }

  close(): void {
    clearInterval(this.#reaper);
    this.drop();
    this.#server.close();
  }

  #accept(socket: WebSocket): void {
    this.#sessions += 1;
    const client = {
      socket,
      session: `paper-${this.#sessions}`,
      accounts: new Set<string>(),
      lastHeard: Date.now(),
    };
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => {
      client.lastHeard = Date.now();
      const answer = this.#answer(client, String(data));
      if (this.mood !== 'silent' && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(answer));
    });
  }

  #answer(client: Client, text: string): Record<string, unknown> {
    let message: Message;
    try {
      message = JSON.parse(text) as Message;
    } catch {
      return { status: 'error', message: 'malformed message', 'web-socket-session-id': client.session };
    }
    const shared = {
      action: message.action,
      'web-socket-session-id': client.session,
      ...(message['request-id'] === undefined ? {} : { 'request-id': message['request-id'] }),
    };
    try {
      requireToken(this.worlds[0], message['auth-token']);
      return { status: 'ok', ...shared, ...this.#act(client, message) };
    } catch (error) {
      return { status: 'error', ...shared, message: error instanceof Error ? error.message : String(error) };
    }
  }

  #act(client: Client, message: Message): Record<string, unknown> {
    switch (message.action) {
      case 'connect':
      case 'account-subscribe':
        return { value: this.#connect(client, message.value) };
      case 'heartbeat':
        if (client.accounts.size === 0) throw new Error('not implemented');
        return {};
      case 'user-message-subscribe':
      case 'quote-alerts-subscribe':
      case 'public-watchlists-subscribe':
        return message.value === undefined ? {} : { value: message.value };
      default:
        throw new Error('not implemented');
    }
  }

  #connect(client: Client, value: unknown): string[] {
    const own = new Set(this.worlds.flatMap((each) => [each.accountNumber, each.closedAccountNumber]));
    const numbers = (Array.isArray(value) ? value : [value]).map(String);
    const foreign = numbers.find((number) => !own.has(number));
    if (foreign !== undefined) throw new Error(`not permitted: ${foreign}`);
    for (const number of numbers) client.accounts.add(number);
    return numbers;
  }

  #reap(): void {
    const deadline = Date.now() - STALE_MS;
    for (const client of this.#clients) if (client.lastHeard < deadline) client.socket.terminate();
  }
}

function wireOf(world: World, change: Change): unknown {
  const { accountNumber } = world;
  const { odd } = world.state.hands;
  switch (change.type) {
    case 'Order':
      return withOddFields(odd, String(change.order.id), orderWire(change.order, accountNumber));
    case 'CurrentPosition':
      return withOddFields(odd, change.position.symbol, positionWire(world, change.position, false));
    case 'AccountBalance':
      return balanceWire(world, accountNumber, accountValue(world.state, world.market));
    case 'TradingStatus':
      return tradingStatusWire(world, accountNumber);
    case 'ExternalTransaction':
      return transactionWire(change.transaction, accountNumber);
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type BrokerSettings, createBroker } from '../../../src/brokers/index.js';
import type { Broker } from '../../../src/ports/broker.js';
import { VirtualClock } from './clocks.js';

export const ACCOUNT = '5WT00001';
export const CLIENT_SECRET = 'client-secret-for-tests-0123456789';
export const REFRESH_TOKEN = 'refresh-token-for-tests-9876543210';

export interface Seen {
  method: string;
  /** Path with its raw query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Answer =
  | { status?: number; body?: unknown; headers?: Record<string, string> }
  | ((response: ServerResponse, seen: Seen) => void);

/** A throw-away server that answers what the test says and remembers what it was asked. */
export class FakeApi {
  readonly seen: Seen[] = [];
  readonly #answers = new Map<string, Answer[]>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  tokens = 0;

  static async start(): Promise<FakeApi> {
    const api = new FakeApi();
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers requests for `GET /path` in this order; the last answer stays. */
  on(route: string, ...answers: Answer[]): this {
    this.#answers.set(route, answers);
    return this;
  }

  /** Requests seen for `GET /path`, the query left out. */
  asked(route: string): Seen[] {
    return this.seen.filter((one) => routeOf(one) === route);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const seen: Seen = { method, url, headers, body: Buffer.concat(chunks).toString() };
    this.seen.push(seen);
    const answers = this.#answers.get(routeOf(seen)) ?? [this.#usual(seen)];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) as Answer;
    if (typeof answer === 'function') return answer(response, seen);
    const { status = 200, body = '', headers: extra = {} } = answer;
    response.writeHead(status, { 'Content-Type': 'application/json', ...extra });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  #usual(seen: Seen): Answer {
    if (routeOf(seen) === 'POST /oauth/token') return grant(`access-token-${++this.tokens}-abcdef`);
    return failure(404, 'not_found', `nothing at ${seen.url}`);
  }
}

function routeOf({ method, url }: Seen): string {
  return `${method} ${decodeURIComponent(url.split('?', 1)[0] ?? '')}`;
}

export const grant = (token: string, life: unknown = 900): Answer => ({
  body: { access_token: token, token_type: 'Bearer', expires_in: life },
});

export const failure = (
  status: number,
  code: string | number,
  message: string,
  errors?: unknown[],
): Answer => ({
  status,
  body: { error: { code, message, ...(errors && { errors }) } },
});

export const items = (list: unknown[], pagination?: object): Answer => ({
  body: { data: { items: list }, context: '/x', ...(pagination && { pagination }) },
});

export const data = (value: unknown): Answer => ({ body: { data: value, context: '/x' } });

/** Accepts the request and says nothing. */
export const silence: Answer = () => {};

/** Accepts the request and cuts the connection. */
export const hangUp: Answer = (response) => response.socket?.destroy();

/** A broker on this server. Its clock is virtual, so pauses cost no time, but waits for answers are real. */
export function brokerOn(api: { url: string }, settings: Partial<BrokerSettings> = {}): Broker {
  return createBroker({
    name: 'tastytrade',
    apiUrl: api.url,
    streamerUrl: api.url.replace('http', 'ws'),
    clientSecret: CLIENT_SECRET,
    refreshToken: REFRESH_TOKEN,
    userAgent: 'profit-target-bot/0.0.0-test',
    timeouts: { readMs: 5_000, orderMs: 5_000 },
    clock: new VirtualClock(),
    logger: pino({ level: 'silent' }),
    ...settings,
  });
}

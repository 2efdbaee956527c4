import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type Dispatcher, request as pass } from 'undici';

// biome-ignore lint/suspicious/noExplicitAny: raw JSON on its way, changed by tests
type Json = any;

/** Requests that were stopped on their way; they go on when released. */
export interface Hold {
  /** How many are or were held. */
  readonly caught: number;
  /** What was held goes on, and what comes later isn't held any more. */
  release(): void;
  /** What was held is lost on the way. */
  drop(): void;
}

interface Rule {
  method: string;
  path: RegExp;
}

interface HoldRule extends Rule {
  at: 'request' | 'answer';
  /** How many it may still catch. */
  left: number;
  caught: number;
  /** True when held requests may go on, false when they are lost. */
  released: Promise<boolean>;
}

interface RewriteRule extends Rule {
  change(answer: Json): Json;
}

/**
 * A wire between bot and broker that tests can hold, bend or cut. Holding replaces waiting: a request stopped
 * here proves that the bot is in the middle of something, for as long as the test wants.
 */
export class BrokerProxy {
  /** Base address of the broker; set before the bot starts. */
  target = '';
  #holds: HoldRule[] = [];
  #rewrites: RewriteRule[] = [];
  #server: Server | null = null;
  #port = 0;

  static async start(): Promise<BrokerProxy> {
    const proxy = new BrokerProxy();
    await proxy.accept();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /**
   * Stops matching requests before they reach the broker (`request`), or the broker's answers to them.
   * @param most how many at most; the rest passes
   */
  hold(at: HoldRule['at'], method: string, path: RegExp, most = Number.POSITIVE_INFINITY): Hold {
    let end: (goOn: boolean) => void = () => {};
    const released = new Promise<boolean>((resolve) => {
      end = resolve;
    });
    const rule: HoldRule = { at, method, path, left: most, caught: 0, released };
    this.#holds.push(rule);
    const finish = (goOn: boolean) => {
      this.#holds = this.#holds.filter((each) => each !== rule);
      end(goOn);
    };
    return {
      get caught() {
        return rule.caught;
      },
      release: () => finish(true),
      drop: () => finish(false),
    };
  }

  /** Changes the broker's JSON answers to matching requests, until `clear`. */
  rewrite(method: string, path: RegExp, change: RewriteRule['change']): void {
    this.#rewrites.push({ method, path, change });
  }

  clear(): void {
    this.#rewrites = [];
  }

  /** From now on nobody gets a connection: what is sent can't have left. Resolves once that is so. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await new Promise<void>((resolve) => {
      server?.close(() => resolve());
      server?.closeAllConnections();
    });
    await new Promise<void>((resolve) => connect(this.#port, '127.0.0.1').on('error', () => resolve()));
  }

  async accept(): Promise<void> {
    const server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const body = await textOf(request);
    await this.#heldAt('request', method, url);
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    const answer = await pass(this.target + url, {
      method: method as Dispatcher.HttpMethod,
      headers,
      ...(body === '' ? {} : { body }),
    });
    const text = this.#changed(method, url, await answer.body.text());
    await this.#heldAt('answer', method, url);
    response.writeHead(answer.statusCode, {
      'content-type': answer.headers['content-type'] ?? 'application/json',
    });
    response.end(text);
  }

  async #heldAt(at: HoldRule['at'], method: string, url: string): Promise<void> {
    const rule = this.#holds.find((each) => each.at === at && each.left > 0 && fits(each, method, url));
    if (!rule) return;
    rule.left -= 1;
    rule.caught += 1;
    if (!(await rule.released)) throw new Error('lost on the way');
  }

  #changed(method: string, url: string, text: string): string {
    const rules = this.#rewrites.filter((each) => fits(each, method, url));
    if (rules.length === 0) return text;
    return JSON.stringify(rules.reduce((answer, { change }) => change(answer), JSON.parse(text)));
  }
}

function fits(rule: Rule, method: string, url: string): boolean {
  return rule.method === method && rule.path.test(url.split('?')[0] ?? url);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

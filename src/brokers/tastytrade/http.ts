import type { Moving } from '../../domain/broker-troubles.js';
import {
  BrokerLoginError,
  BrokerProtocolError,
  BrokerRefusal,
  BrokerTooLate,
  BrokerUnreachable,
  OutcomeUnknown,
} from '../../domain/errors.js';
import type { Deadline, Urgency } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { Secrets } from '../../ports/secrets.js';
import { repeated } from './backoff.js';
import type { Timeouts } from './broker-settings.js';
import { bodyOf, errorEnvelope } from './envelope.js';
import type { Json } from './json.js';
import { KnownBodies } from './known-bodies.js';
import type { RateGate, Turn } from './rate.js';
import type { Session } from './session.js';
import { SharedRequests } from './shared.js';
import {
  connectionTrouble,
  exchange,
  type Limits,
  type RawReply,
  type RawRequest,
  TransportFailure,
} from './transport.js';

export interface HttpOptions {
  apiUrl: string;
  userAgent: string;
  /** Named with every request of the order API; null names none. */
  orderVersion: string | null;
  timeouts: Timeouts;
  clock: Clock;
  session: Session;
  gate: RateGate;
  secrets: Secrets;
}

/** A path with its query; build it with `route` so that symbols are encoded. */
export type Path = string;

/** An answered dry run: 422 is an answer here, not an error. */
export interface Verdict {
  status: number;
  body: Json | undefined;
}

/** Every login may ask it, and its answer is a few lines. */
const WHOSE = '/customers/me/accounts';
/** A trader waits behind it, and an order's own answer would tell, too. */
const READY_MS = 3_000;
const ORDER_API = /^\/accounts\/[^/]+\/orders(\/|\?|$)/;
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Authorised requests to tastytrade with errors in the services' terms. Three kinds, by what may be lost:
 * `read` repeats itself, `verdict` (dry runs) too because it places nothing, and `place` and `cancel` send exactly one
 * request whatever happens.
 */
export class TastytradeHttp {
  readonly #reads = new SharedRequests<Json>();
  readonly #trials = new SharedRequests<Verdict>();
  readonly #known = new KnownBodies();
  #ready: Promise<void> | null = null;

  constructor(private readonly options: HttpOptions) {}

  /**
   * GETs a resource. Whoever asks the same before the request leaves shares it.
   *
   * @returns the whole body, still enveloped
   * @throws BrokerRefusal, BrokerUnreachable, BrokerLoginError, BrokerProtocolError
   */
  read(path: Path): Promise<Json> {
    return this.#reads.ask(path, 'trader', (turn, leaving) =>
      repeated(this.options.clock, async () => {
        const reply = await this.#authorised({ method: 'GET', path, turn, leaving });
        return this.#accepted(reply, path, this.#known.of(reply.text));
      }),
    );
  }

  /**
   * Makes sure of the token, by the smallest request that needs one. Whoever asks meanwhile shares it.
   *
   * @throws BrokerLoginError if the login isn't taken, not even with a new token; as `read` for the rest
   */
  ready(): Promise<void> {
    this.#ready ??= this.#authorised({
      method: 'GET',
      path: WHOSE,
      timeoutMs: READY_MS,
      turn: { urgency: 'press' },
    })
      .then((reply) => void this.#accepted(reply, WHOSE))
      .finally(() => {
        this.#ready = null;
      });
    return this.#ready;
  }

  /**
   * POSTs something that places nothing. As with reads, whoever asks the same before it leaves shares it.
   *
   * @returns the body of a 2xx or a 422 with an error envelope
   * @throws as `read`
   */
  verdict(path: Path, body: object, urgency: Urgency): Promise<Verdict> {
    const text = JSON.stringify(body);
    return this.#trials.ask(`${path} ${text}`, urgency, (turn, leaving) =>
      repeated(this.options.clock, async () => {
        const reply = await this.#authorised({
          method: 'POST',
          path,
          body: text,
          turn,
          leaving,
          repeatable: true,
        });
        if (reply.status !== 422) return { status: reply.status, body: this.#accepted(reply, path) };
        const parsed = bodyOf(reply.text);
        if (errorEnvelope(parsed) !== null) return { status: 422, body: parsed };
        return { status: 422, body: this.#accepted(reply, path) };
      }),
    );
  }

  /**
   * POSTs an order: one request, never a second one, not even after a 401. (A read or
   * `ready` comes before every order, so a token the broker no longer takes is found out there.) Only what proves that nothing was placed is
   * reported as such: a connection that was never made, or the broker's own error envelope on a 4xx. A
   * redirect, a proxy's page, a 408 and a cut-off answer prove nothing.
   *
   * @param deadline asked once the connection stands, just before the first byte would leave
   * @returns the body of a 2xx
   * @throws BrokerUnreachable, BrokerLoginError, BrokerTooLate: nothing left
   * @throws BrokerRefusal: the broker said no
   * @throws OutcomeUnknown: an order may exist
   */
  place(path: Path, body: object, deadline: Deadline): Promise<Json> {
    return this.#once({ method: 'POST', path, body: JSON.stringify(body), deadline }, 'order');
  }

  /**
   * DELETEs an order: one request like `place`, and its errors prove as much. Whether the order ends, its own status tells.
   *
   * @throws as `place`; `OutcomeUnknown` if the cancel may have arrived
   */
  async cancel(path: Path, deadline: Deadline): Promise<void> {
    await this.#once({ method: 'DELETE', path, deadline }, 'cancel');
  }

  async #once(ask: Ask & { deadline: Deadline }, what: Moving): Promise<Json> {
    const { clock, session, gate, timeouts } = this.options;
    const token = await repeated(clock, () => session.token());
    await gate.admit(ask.method, ask.path, { urgency: 'press' });
    const reply = await this.#exchange(ask, token, timeouts.orderMs).catch((error) => {
      throw movingFailure(error, what);
    });
    if (reply.status === 401) session.invalidate(token);
    const parsed = bodyOf(reply.text);
    if (reply.status >= 200 && reply.status < 300 && parsed !== undefined) return parsed;
    throw this.#movingError(reply.status, parsed, what);
  }

  /** One answer; a 401 is worth one new token and one repeat. */
  async #authorised(ask: Ask): Promise<RawReply> {
    const { session } = this.options;
    const token = await session.token();
    const first = await this.#admitted(ask, token);
    if (first.status !== 401) return first;
    session.invalidate(token);
    return this.#admitted(ask, await session.token());
  }

  async #admitted(ask: Ask, token: string): Promise<RawReply> {
    await this.options.gate.admit(ask.method, ask.path.split('?', 1)[0] ?? ask.path, ask.turn);
    ask.leaving?.();
    try {
      return await this.#exchange(ask, token, ask.timeoutMs ?? this.options.timeouts.readMs);
    } catch (error) {
      throw readFailure(error, ask.path);
    }
  }

  #exchange(
    { method, path, body, deadline, repeatable = false }: Ask,
    token: string,
    timeoutMs: number,
  ): Promise<RawReply> {
    const { apiUrl, userAgent, orderVersion, secrets } = this.options;
    secrets.addAccount(accountIn(path));
    const headers: Record<string, string> = {
      Accept: 'application/json',
      Authorization: `Bearer ${token}`,
      'User-Agent': userAgent,
    };
    // Each API has versions of its own: only the one that this is true of is named.
    if (orderVersion !== null && ORDER_API.test(path)) headers['Accept-Version'] = orderVersion;
    const request: RawRequest = { method, headers, repeatable, ...(deadline ? { deadline } : {}) };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
      request.body = body;
    }
    const limits: Limits = { timeoutMs, maxBytes: MAX_BYTES };
    return exchange(`${apiUrl}${path}`, request, limits);
  }

  /** The body of a 2xx, or the typed error of anything else. */
  #accepted({ status, text }: RawReply, path: Path, body = bodyOf(text)): Json {
    const where = plain(path);
    if (status >= 200 && status < 300) {
      if (body !== undefined) return body;
      throw new BrokerProtocolError({ code: 'NOT_JSON', where });
    }
    if (status >= 300 && status < 400) {
      throw new BrokerProtocolError({ code: 'REDIRECTED', where, status });
    }
    if (status === 401) throw new BrokerLoginError({ code: 'LOGIN_NOT_ACCEPTED', where });
    if (status >= 500 || status === 408) {
      throw new BrokerUnreachable({ code: 'BROKER_FAILED', where, said: this.#words(status, body) });
    }
    throw this.#refusal(status, body);
  }

  #movingError(status: number, body: Json | undefined, what: Moving): BrokerRefusal | OutcomeUnknown {
    const own = status >= 400 && status < 500 && status !== 408 && errorEnvelope(body) !== null;
    if (own) return this.#refusal(status, body);
    return new OutcomeUnknown({ code: 'ANSWER_PROVES_NOTHING', what, said: this.#words(status, body) });
  }

  #refusal(status: number, body: Json | undefined): BrokerRefusal {
    const { secrets } = this.options;
    const own = errorEnvelope(body);
    const details = (own?.details ?? []).map(({ code, message }) => ({
      code: secrets.scrub(code),
      message: secrets.scrub(message),
    }));
    const code = secrets.scrub(own?.code ?? `http_${status}`);
    return new BrokerRefusal(status, code, this.#words(status, body), details, status === 429);
  }

  #words(status: number, body: Json | undefined): string {
    const own = errorEnvelope(body);
    return own === null ? `HTTP ${status}` : this.options.secrets.scrub(own.message);
  }
}

interface Ask {
  method: 'GET' | 'POST' | 'DELETE';
  path: Path;
  /** JSON. */
  body?: string;
  deadline?: Deadline;
  /** It places nothing, however often it arrives. */
  repeatable?: boolean;
  /** Its place in the line before the ceilings; a trader's if none is given. */
  turn?: Turn;
  /** Instead of what a read may take. */
  timeoutMs?: number;
  /** Called when the request is about to be sent. */
  leaving?: () => void;
}

function readFailure(error: unknown, path: Path): Error {
  if (!(error instanceof TransportFailure)) return error as Error;
  const trouble = { code: 'BROKER_SILENT', where: plain(path), because: error.trouble } as const;
  return error.kind === 'too-large' ? new BrokerProtocolError(trouble) : new BrokerUnreachable(trouble);
}

function movingFailure(error: unknown, what: Moving): Error {
  if (error instanceof TransportFailure && error.kind === 'too-late') {
    return new BrokerTooLate({ code: 'TIME_RAN_OUT', what });
  }
  if (error instanceof TransportFailure && error.kind === 'never-left') {
    return new BrokerUnreachable({ code: 'NEVER_LEFT', what, because: error.trouble });
  }
  return new OutcomeUnknown({ code: 'ANSWER_UNCLEAR', what, because: connectionTrouble(error) });
}

/** The number of the account that a path is about; empty for any other. */
function accountIn(path: Path): string {
  const [, number = ''] = /^\/accounts\/([^/?]+)/.exec(path) ?? [];
  return decodeURIComponent(number);
}

/** The path as people may read it in a channel: without the query, and of an account number the last four digits. */
function plain(path: Path): string {
  const [bare = path] = path.split('?', 1);
  return bare.replace(/^(\/accounts\/)[^/]*([^/]{4})/, '$1…$2');
}

/**
 * Builds a path from a template: every inserted value is encoded, so that `BRK/B` stays one segment and the
 * spaces inside option symbols survive.
 */
export function route(strings: TemplateStringsArray, ...values: string[]): Path {
  return strings.reduce(
    (path, part, index) => `${path}${encodeURIComponent(values[index - 1] ?? '')}${part}`,
  );
}

/** Appends a query; a list becomes `key[]=a&key[]=b`. Spaces are written as %20, as tastytrade asks. */
export function withQuery(path: Path, query: Record<string, string | readonly string[] | undefined>): Path {
  const pairs = Object.entries(query).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (typeof value === 'string') return [[key, value] as const];
    return value.map((item) => [`${key}[]`, item] as const);
  });
  const text = pairs
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&');
  return text === '' ? path : `${path}?${text}`;
}

import { type Dispatcher, getGlobalDispatcher } from 'undici';
import type { ConnectionTrouble } from '../../domain/broker-troubles.js';

/** An HTTP answer of any status, read to the end. */
export interface RawReply {
  status: number;
  text: string;
}

export interface RawRequest {
  method: 'GET' | 'POST' | 'DELETE';
  headers: Record<string, string>;
  body?: string;
  /** Past it not a byte is sent. Asked when the connection stands; a GET can have none. */
  deadline?: { passed(): boolean };
  /** It changes nothing, so that it may reach the server twice. A body is otherwise sent once, whatever happens. */
  repeatable?: boolean;
}

export interface Limits {
  /** For headers and body together, in milliseconds. */
  timeoutMs: number;
  /** Largest body read, in bytes. */
  maxBytes: number;
}

/**
 * - `never-left`: the connection was not made, so no byte of the request was sent
 * - `too-late`: its deadline had passed, so no byte of the request was sent
 * - `no-answer`: it may have been sent, and no whole answer came
 * - `too-large`: an answer came that is bigger than we read
 */
export type FailureKind = 'never-left' | 'too-late' | 'no-answer' | 'too-large';

/** No usable answer. Carries no request data, so nothing secret. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  constructor(
    readonly kind: FailureKind,
    readonly trouble: ConnectionTrouble,
  ) {
    super(trouble.code);
  }
}

/**
 * Sends one request exactly once. Redirects are not followed: they come back as their 3xx status, so a
 * secret or an order never travels on to another address.
 *
 * @throws TransportFailure if no whole answer came
 */
export async function exchange(url: string, request: RawRequest, limits: Limits): Promise<RawReply> {
  const patience: Patience = { isOver: false, onOver: () => {} };
  let tooLate = false;
  const leave = () => {
    tooLate = request.deadline?.passed() === true;
    if (tooLate) throw new TransportFailure('too-late', { code: 'DEADLINE_PASSED' });
  };
  const timer = setTimeout(() => {
    patience.isOver = true;
    patience.onOver();
  }, limits.timeoutMs);
  try {
    leave();
    const options = { leave, maxBytes: limits.maxBytes };
    return await (isTrial(request) || request.method === 'DELETE'
      ? dispatched(url, request, patience, options)
      : fetched(url, request, patience, options));
  } catch (error) {
    if (tooLate) throw new TransportFailure('too-late', { code: 'DEADLINE_PASSED' });
    if (patience.isOver) {
      throw new TransportFailure('no-answer', { code: 'NO_ANSWER_WITHIN', ms: limits.timeoutMs });
    }
    throw error instanceof TransportFailure ? error : describe(error);
  } finally {
    clearTimeout(timer);
  }
}

/** How long one waits for an answer; whoever waits says what is to be done once that is over. */
interface Patience {
  isOver: boolean;
  onOver: () => void;
}

interface Leaving {
  /** Called when the connection stands, before the first byte; throws if it must not leave. */
  leave: () => void;
  maxBytes: number;
}

/** What has a body and may reach the server twice. */
function isTrial({ repeatable, deadline, body }: RawRequest): boolean {
  return repeatable === true && deadline === undefined && body !== undefined;
}

/**
 * A preview asks for hundreds of trials, and fetch takes more than twice as long for each as the client beneath it, which
 * hands over what arrives without a stream between. That follows no redirects and decodes no compressed answer, so it
 * asks for none. Never an order's way: what `onceOnly` promises rests on fetch. But a cancel's: it has no body that
 * fetch would ask for when the connection stands, and here that moment is told.
 */
function dispatched(
  url: string,
  request: RawRequest,
  patience: Patience,
  { leave, maxBytes }: Leaving,
): Promise<RawReply> {
  const { origin, pathname, search } = new URL(url);
  const { method, body = null } = request;
  const headers = { ...request.headers, 'Accept-Encoding': 'identity' };
  return new Promise((resolve, reject) => {
    const answer = new Capped(maxBytes);
    let status = 0;
    let stop = () => {};
    patience.onOver = () => {
      stop();
      reject(new Error('given up'));
    };
    const handler: Dispatcher.DispatchHandlers = {
      onConnect(abort) {
        stop = abort;
        // Its time ran out while it waited for a connection: it doesn't leave.
        if (patience.isOver) return abort();
        leave();
      },
      onHeaders(told) {
        // Something before the answer itself, such as 103, is followed by it.
        status = told;
        return true;
      },
      onData(part) {
        answer.add(part);
        return true;
      },
      onComplete: () => resolve({ status, text: answer.text() }),
      onError: reject,
    };
    getGlobalDispatcher().dispatch({ origin, path: pathname + search, method, headers, body }, handler);
  });
}

async function fetched(
  url: string,
  request: RawRequest,
  patience: Patience,
  { leave, maxBytes }: Leaving,
): Promise<RawReply> {
  const aborter = new AbortController();
  patience.onOver = () => aborter.abort();
  const { status, body } = await fetch(url, {
    method: request.method,
    headers: request.headers,
    redirect: 'manual',
    // No cookies; and some versions of fetch turn a 401 to a streamed body into a network error without this.
    credentials: 'omit',
    signal: aborter.signal,
    ...(request.body === undefined ? {} : onceOnly(request, leave)),
  });
  const answer = new Capped(maxBytes);
  // Leaving the loop early ends the answer.
  for await (const part of body ?? []) answer.add(part);
  return { status, text: answer.text() };
}

/**
 * Fetch silently sends a request again when the server answers 421, if it still has the body. A stream can
 * be read only once, so it can't. The explicit length keeps the request from being chunked.
 *
 * Fetch writes nothing of a request, not even its head, before it has the first of a streamed body, and asks for that
 * when the connection stands. So whoever asks is told there whether it may leave: however long connecting took, or the
 * machine slept over it.
 * @param leave throws if it must not leave
 */
function onceOnly(request: RawRequest, leave: () => void): RequestInit & { duplex: 'half' } {
  const bytes = new TextEncoder().encode(request.body ?? '');
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        leave();
        controller.enqueue(bytes);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return {
    headers: { ...request.headers, 'Content-Length': String(bytes.byteLength) },
    body,
    duplex: 'half',
  };
}

/** An answer as it arrives, up to so many bytes. */
class Capped {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  constructor(private readonly maxBytes: number) {}

  /** @throws TransportFailure `too-large` */
  add(part: Uint8Array): void {
    this.#size += part.byteLength;
    if (this.#size > this.maxBytes) {
      throw new TransportFailure('too-large', { code: 'ANSWER_TOO_LARGE', bytes: this.maxBytes });
    }
    this.#parts.push(part);
  }

  text(): string {
    return Buffer.concat(this.#parts).toString('utf8');
  }
}

/** Errors of a TLS handshake: certificate refused, or not TLS at all. Nothing of the request was written. */
const HANDSHAKE_CODES = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function describe(error: unknown): TransportFailure {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const fault = cause as { code?: unknown; name?: unknown };
  const named = String(typeof fault?.code === 'string' ? fault.code : (fault?.name ?? UNNAMED.named));
  const code = CUT_CODES.has(named) ? 'CONNECTION_CUT' : 'CONNECTION_FAILED';
  return new TransportFailure(neverLeft(cause) ? 'never-left' : 'no-answer', { code, named });
}

const UNNAMED = { code: 'CONNECTION_FAILED', named: 'connection failed' } as const;

/** Why an exchange failed, whatever threw. */
export function connectionTrouble(error: unknown): ConnectionTrouble {
  return error instanceof TransportFailure ? error.trouble : UNNAMED;
}

const CUT_CODES = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/**
 * Whether an error of fetch proves that the request was not sent. Only failures of looking up the name, of
 * connecting and of the TLS handshake do; a reset does not, because the bytes may have arrived before it.
 */
export function neverLeft(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false;
  const { code, syscall, errors } = cause as { code?: unknown; syscall?: unknown; errors?: unknown };
  // A host with several addresses: each was tried, and each attempt must have failed that early.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(neverLeft);
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  return code === 'UND_ERR_CONNECT_TIMEOUT' || (typeof code === 'string' && HANDSHAKE_CODES.has(code));
}

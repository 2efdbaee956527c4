import type { Logger } from 'pino';
import { z } from 'zod';
import type { LoginRefusal } from '../../domain/broker-troubles.js';
import { BrokerLoginError, BrokerUnreachable } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { Secrets } from '../../ports/secrets.js';
import { bodyOf, errorEnvelope } from './envelope.js';
import type { Json } from './json.js';
import { connectionTrouble, exchange, type RawReply } from './transport.js';
import { lenientDecimal, textIn } from './wire.js';

export interface SessionOptions {
  apiUrl: string;
  clientSecret: string;
  refreshToken: string;
  userAgent: string;
  timeoutMs: number;
  clock: Clock;
  logger: Logger;
  secrets: Secrets;
}

interface Token {
  value: string;
  /** When to ask for the next one, epoch milliseconds. */
  renewAt: number;
  /** When the broker stops taking it. */
  endsAt: number;
}

const EARLY_MS = 60_000;
/** The documented life of a token, used where the answer doesn't say. */
const USUAL_LIFE_S = 900;
/** A life outside these bounds is a mistake somewhere; renewing hourly costs nothing. */
const MIN_LIFE_S = 10;
const MAX_LIFE_S = 3_600;
const MAX_BYTES = 64 * 1024;
/** tastytrade shuts an address out for hours after many failed logins, so a refused login rests. */
const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 15 * 60_000;

/** What can stand in a header. */
const grant = z.object({ access_token: z.string().regex(/^[\x21-\x7e]+$/), expires_in: lenientDecimal });

/**
 * The access token (OAuth refresh grant, 15 minutes). Many callers share one renewal; it happens a minute
 * early. Trouble is an error for the callers of the moment and never anything more.
 */
export class Session {
  /** Truly private: it holds the credentials, and must not show up where an object is printed. */
  readonly #options: SessionOptions;
  #token: Token | null = null;
  /** The tokens whose requests may still be answered: the latest one, and the one before it. */
  #hidden: string[] = [];
  #renewal: Promise<string> | null = null;
  #refusals = 0;
  #rest: { until: number; error: BrokerLoginError } | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    options.secrets.add(options.clientSecret);
    options.secrets.add(options.refreshToken);
  }

  /**
   * A token to send now.
   *
   * @throws BrokerLoginError if the broker refuses the credentials
   * @throws BrokerUnreachable if it doesn't answer and the token at hand has run out
   */
  async token(): Promise<string> {
    const now = this.#now();
    const token = this.#token;
    if (token !== null && now < token.renewAt) return token.value;
    try {
      return await this.#renew();
    } catch (error) {
      // Renewal starts early, so what we hold still works for a little while.
      if (error instanceof BrokerUnreachable && token !== null && now < token.endsAt) return token.value;
      throw error;
    }
  }

  /** The broker refused this token. Does nothing if a newer one is already there. */
  invalidate(value: string): void {
    if (this.#token?.value === value) this.#token = null;
  }

  #renew(): Promise<string> {
    if (this.#rest !== null && this.#now() < this.#rest.until) return Promise.reject(this.#rest.error);
    this.#renewal ??= this.#login().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #login(): Promise<string> {
    const asked = this.#now();
    const reply = await this.#ask();
    const parsed = grant.safeParse(bodyOf(reply.text));
    if (reply.status < 200 || reply.status > 299 || !parsed.success) throw this.#failed(reply);
    const { access_token: value, expires_in: told } = parsed.data;
    const lifeMs = 1_000 * Math.min(Math.max(told?.toNumber() ?? USUAL_LIFE_S, MIN_LIFE_S), MAX_LIFE_S);
    this.#keep({ value, endsAt: asked + lifeMs, renewAt: asked + lifeMs - Math.min(EARLY_MS, lifeMs / 2) });
    return value;
  }

  async #ask(): Promise<RawReply> {
    const { apiUrl, clientSecret, refreshToken, userAgent, timeoutMs } = this.#options;
    try {
      return await exchange(
        `${apiUrl}/oauth/token`,
        {
          method: 'POST',
          headers: {
            Accept: 'application/json',
            'Content-Type': 'application/json',
            'User-Agent': userAgent,
          },
          // The one endpoint whose keys have underscores.
          body: JSON.stringify({
            grant_type: 'refresh_token',
            refresh_token: refreshToken,
            client_secret: clientSecret,
          }),
        },
        { timeoutMs, maxBytes: MAX_BYTES },
      );
    } catch (error) {
      throw new BrokerUnreachable({ code: 'LOGIN_SILENT', because: connectionTrouble(error) });
    }
  }

  #keep(token: Token): void {
    const { secrets } = this.#options;
    for (const value of this.#hidden.slice(0, -1)) secrets.drop(value);
    this.#hidden = [...this.#hidden.slice(-1), token.value];
    for (const value of this.#hidden) secrets.add(value);
    this.#token = token;
    this.#refusals = 0;
    this.#rest = null;
  }

  /** 408, 429 and 5xx say nothing about the credentials; every other answer won't get better by itself. */
  #failed({ status, text }: RawReply): Error {
    if (status === 408 || status === 429 || status >= 500) {
      return new BrokerUnreachable({ code: 'LOGIN_FAILED', status });
    }
    const because = this.#refusal(status, bodyOf(text));
    const error = new BrokerLoginError({ code: 'LOGIN_REFUSED', because });
    const restMs = Math.min(FIRST_REST_MS * 2 ** this.#refusals++, LONGEST_REST_MS);
    this.#rest = { until: this.#now() + restMs, error };
    this.#options.logger.error({ status, restMs }, 'broker login refused');
    return error;
  }

  #refusal(status: number, body: Json | undefined): LoginRefusal {
    if (status >= 200 && status < 300) return { why: 'no-token' };
    if (status >= 300 && status < 400) return { why: 'redirected', status };
    return { why: 'said', said: this.#options.secrets.scrub(saidOf(status, body)) };
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }
}

function saidOf(status: number, body: Json | undefined): string {
  // The broker names the code otherwise than RFC 6749 does.
  const code = textIn(body, 'error_code') ?? textIn(body, 'error');
  if (code !== null) return [code, textIn(body, 'error_description')].filter(Boolean).join(', ');
  const own = errorEnvelope(body);
  return own === null ? `HTTP ${status}` : `${own.code}, ${own.message}`;
}

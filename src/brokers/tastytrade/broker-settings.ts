import type { Logger } from 'pino';
import type { Clock } from '../../ports/clock.js';
import type { Secrets } from '../../ports/secrets.js';

/** How long each kind of call may take, in milliseconds. */
export interface Timeouts {
  /** A read, a dry run or a login, headers and body together. */
  readMs: number;
  /**
   * An order. Longer than the HTTP client's own 10 s connect limit, so that a host that can't be reached is
   * known as "never sent" and not as "unknown".
   */
  orderMs: number;
  /** Opening the account streamer's socket. */
  handshakeMs: number;
  /** The streamer's answer to one message; a missing one means the stream is dead. */
  ackMs: number;
  /** Pause between heartbeats; the streamer wants 2 s to 60 s. */
  heartbeatMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  readMs: 8_000,
  orderMs: 20_000,
  handshakeMs: 10_000,
  ackMs: 4_000,
  // A dead line passes for silence until a heartbeat goes unanswered, and silence is what presses rely on.
  heartbeatMs: 5_000,
};

/**
 * The version of the order API this adapter is written for: searches name where they start. Without a version a request
 * gets whichever the broker takes for the oldest it still serves.
 * https://developer.tastytrade.com/api-versions
 */
export const ORDER_API_VERSION = '20261012';

export interface BrokerSettings {
  /** REST address, such as `TASTYTRADE_HOSTS.sandbox.apiUrl`. */
  apiUrl: string;
  /** Account streamer address. */
  streamerUrl: string;
  clientSecret: string;
  refreshToken: string;
  /** One more host (or `host:port`) that may receive credentials. */
  allowHost?: string;
  /** `<product>/<version>`; tastytrade refuses requests without one. */
  userAgent: string;
  /** Whether requests of the order API name its version (`ORDER_API_VERSION`). The sandbox refuses the header. */
  pinVersion?: boolean;
  timeouts?: Partial<Timeouts>;
  clock: Clock;
  logger: Logger;
  /** Learns what of the broker's must not be shown: tokens, and account numbers in full. */
  secrets?: Secrets;
}

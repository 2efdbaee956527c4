import { UserError } from '../domain/errors.js';
import type { Failures } from '../domain/failures.js';

/** tastytrade's published addresses. The sandbox ("cert") is a separate system with accounts of its own. */
export const TASTYTRADE_HOSTS = {
  sandbox: {
    apiUrl: 'https://api.cert.tastyworks.com',
    streamerUrl: 'wss://streamer.cert.tastyworks.com',
  },
  production: {
    apiUrl: 'https://api.tastyworks.com',
    streamerUrl: 'wss://streamer.tastyworks.com',
  },
} as const;

const OWN_HOSTS = new Set(
  Object.values(TASTYTRADE_HOSTS).flatMap(({ apiUrl, streamerUrl }) => [
    new URL(apiUrl).hostname,
    new URL(streamerUrl).hostname,
  ]),
);

const SCHEMES = { http: ['https:', 'http:'], ws: ['wss:', 'ws:'] } as const;

/**
 * Decides whether credentials may be sent to an address: tastytrade's own hosts, this machine, or the one
 * host the settings name. Everything else is refused, and so is an unencrypted connection off this machine.
 *
 * @param raw the configured address
 * @param kind `http` for the REST address, `ws` for the account streamer's
 * @param allowHost extra host name (or `host:port`) the operator trusts
 * @returns the address without a trailing slash
 * @throws UserError with code `BROKER_URL_REFUSED`, never repeating user info from the address
 */
export function trustedUrl(raw: string, kind: 'http' | 'ws', allowHost?: string): string {
  const url = parse(raw);
  const [secure, plain] = SCHEMES[kind];
  const local = isLoopbackHost(url.hostname);
  if (url.protocol !== secure && url.protocol !== plain) {
    throw refused({ fault: 'scheme', secure });
  }
  if (url.username || url.password || url.search || url.hash) {
    throw refused({ fault: 'more-than-host' });
  }
  if (url.protocol === plain && !local) {
    throw refused({ fault: 'plain', host: url.hostname, secure, plain });
  }
  if (!local && !OWN_HOSTS.has(bareHost(url.hostname)) && !isAllowed(url, allowHost)) {
    throw refused({ fault: 'not-theirs', host: url.hostname });
  }
  return url.href.replace(/\/+$/, '');
}

function parse(raw: string): URL {
  try {
    return new URL(raw);
  } catch {
    throw refused({ fault: 'no-address' });
  }
}

/** The URL parser has already turned short and numeric IPv4 forms into dotted ones. */
export function isLoopbackHost(hostname: string): boolean {
  return bareHost(hostname) === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function isAllowed(url: URL, allowHost: string | undefined): boolean {
  const allowed = allowHost?.trim().toLowerCase();
  return allowed !== undefined && allowed !== '' && [bareHost(url.hostname), url.host].includes(allowed);
}

/** One trailing dot names the same host. */
function bareHost(hostname: string): string {
  return hostname.replace(/\.$/, '');
}

function refused(fault: Failures['BROKER_URL_REFUSED']): UserError {
  return new UserError('BROKER_URL_REFUSED', fault);
}

import type { BrokerName } from '../domain/environment.js';
import { UserError } from '../domain/errors.js';
import { TASTYTRADE_HOSTS, trustedUrl } from '../ports/tastytrade-hosts.js';
import { isLoopback } from './fields.js';
import type { Secret } from './secret.js';

const ADDRESSES = ['TASTYTRADE_API_URL', 'TASTYTRADE_STREAMER_URL'] as const;

/** What the rules below look at. */
export interface Crossed {
  BROKER: BrokerName;
  TASTYTRADE_ENV: 'sandbox' | 'production';
  TASTYTRADE_ALLOW_HOST: string | undefined;
  TASTYTRADE_CLIENT_SECRET: Secret | undefined;
  TASTYTRADE_REFRESH_TOKEN: Secret | undefined;
  TASTYTRADE_API_URL: string | undefined;
  TASTYTRADE_STREAMER_URL: string | undefined;
}

/**
 * What is wrong with settings that are each fine alone.
 *
 * @param settings those that could be read; the others are missing here
 * @param unread names of the others: a fault that was told already must not cause a second one
 * @param example of a variable
 */
export function crossChecks(
  settings: Partial<Crossed>,
  unread: ReadonlySet<string>,
  example: (name: keyof Crossed) => string,
): string[] {
  return [
    ...loginProblems(settings, unread).map(
      (name) => `${name} is missing, and the broker login needs it. Example: ${example(name)}`,
    ),
    ...paperProblems(settings),
    ...(unread.has('TASTYTRADE_ALLOW_HOST') ? [] : trustProblems(settings)),
    ...(unread.has('TASTYTRADE_ENV') ? [] : hostProblems(settings)),
    ...pairProblems(settings, unread).map(
      (problem) => `${problem} Example: ${ADDRESSES.map(example).join(' and ')}`,
    ),
  ];
}

function loginProblems(settings: Partial<Crossed>, unread: ReadonlySet<string>) {
  const needed = settings.BROKER === 'tastytrade' || settings.TASTYTRADE_API_URL !== undefined;
  const names = ['TASTYTRADE_CLIENT_SECRET', 'TASTYTRADE_REFRESH_TOKEN'] as const;
  return names.filter((name) => needed && settings[name] === undefined && !unread.has(name));
}

function paperProblems(settings: Partial<Crossed>): string[] {
  if (settings.BROKER !== 'paper') return [];
  return ADDRESSES.flatMap((name) => {
    const address = settings[name];
    if (address === undefined || isLoopback(address)) return [];
    const scheme = name === 'TASTYTRADE_API_URL' ? 'http' : 'ws';
    return `${name} must be on this machine while BROKER=paper. Example: ${name}=${scheme}://127.0.0.1:8090`;
  });
}

/** The adapter refuses them as well; here nothing has begun yet. */
function trustProblems(settings: Partial<Crossed>): string[] {
  if (settings.BROKER !== 'tastytrade') return [];
  return ADDRESSES.flatMap((name) => {
    const address = settings[name];
    if (address === undefined) return [];
    try {
      trustedUrl(address, name === 'TASTYTRADE_API_URL' ? 'http' : 'ws', settings.TASTYTRADE_ALLOW_HOST);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return `${name} can't be used. ${error.message} ${error.hint} Example: TASTYTRADE_ALLOW_HOST=${hostOf(address)}`;
    }
  });
}

/** An address must not turn a sandbox into real money behind TASTYTRADE_ENV's back, nor the other way round. */
function hostProblems(settings: Partial<Crossed>): string[] {
  const [said, other] =
    settings.TASTYTRADE_ENV === 'production'
      ? (['production', 'sandbox'] as const)
      : (['sandbox', 'production'] as const);
  const hosts = Object.values(TASTYTRADE_HOSTS[other]).map(hostOf);
  return ADDRESSES.flatMap((name) => {
    const address = settings[name];
    if (address === undefined || !hosts.includes(hostOf(address))) return [];
    return (
      `${name} names the ${other} host, and TASTYTRADE_ENV says ${said}. ` +
      `Example for ${other === 'production' ? 'real money' : 'play money'}: TASTYTRADE_ENV=${other}, and leave ${name} empty`
    );
  });
}

function pairProblems(settings: Partial<Crossed>, unread: ReadonlySet<string>): string[] {
  if (ADDRESSES.some((name) => unread.has(name))) return [];
  const [one, two] = ADDRESSES.map((name) => settings[name] !== undefined);
  return one === two ? [] : [`${ADDRESSES.join(' and ')} go together: set both or neither.`];
}

/** One trailing dot names the same host. */
function hostOf(address: string): string {
  return new URL(address).hostname.replace(/\.$/, '');
}

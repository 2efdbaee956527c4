import type { BrokerName } from '../domain/environment.js';
import { isFailure } from '../domain/errors.js';
import type { SettingsProblem } from '../domain/failures.js';
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
): SettingsProblem[] {
  return [
    ...loginProblems(settings, unread).map((name) => ({
      name,
      fault: { is: 'login-needs-it' as const },
      example: example(name),
    })),
    ...paperProblems(settings),
    ...(unread.has('TASTYTRADE_ALLOW_HOST') ? [] : trustProblems(settings)),
    ...(unread.has('TASTYTRADE_ENV') ? [] : hostProblems(settings)),
    ...(isLone(settings, unread)
      ? [{ fault: 'pair' as const, names: ADDRESSES, examples: ADDRESSES.map(example) }]
      : []),
  ];
}

function loginProblems(settings: Partial<Crossed>, unread: ReadonlySet<string>) {
  const needed = settings.BROKER === 'tastytrade' || settings.TASTYTRADE_API_URL !== undefined;
  const names = ['TASTYTRADE_CLIENT_SECRET', 'TASTYTRADE_REFRESH_TOKEN'] as const;
  return names.filter((name) => needed && settings[name] === undefined && !unread.has(name));
}

function paperProblems(settings: Partial<Crossed>): SettingsProblem[] {
  if (settings.BROKER !== 'paper') return [];
  return ADDRESSES.flatMap((name) => {
    const address = settings[name];
    if (address === undefined || isLoopback(address)) return [];
    const scheme = name === 'TASTYTRADE_API_URL' ? 'http' : 'ws';
    return { name, fault: { is: 'not-local' }, example: `${name}=${scheme}://127.0.0.1:8090` };
  });
}

/** The adapter refuses them as well; here nothing has begun yet. */
function trustProblems(settings: Partial<Crossed>): SettingsProblem[] {
  if (settings.BROKER !== 'tastytrade') return [];
  return ADDRESSES.flatMap((name) => {
    const address = settings[name];
    if (address === undefined) return [];
    try {
      trustedUrl(address, name === 'TASTYTRADE_API_URL' ? 'http' : 'ws', settings.TASTYTRADE_ALLOW_HOST);
      return [];
    } catch (error) {
      if (!isFailure(error, 'BROKER_URL_REFUSED')) throw error;
      const fault = { is: 'address-refused', refusal: error.facts } as const;
      return { name, fault, example: `TASTYTRADE_ALLOW_HOST=${hostOf(address)}` };
    }
  });
}

/** An address must not turn a sandbox into real money behind TASTYTRADE_ENV's back, nor the other way round. */
function hostProblems(settings: Partial<Crossed>): SettingsProblem[] {
  const [said, other] =
    settings.TASTYTRADE_ENV === 'production'
      ? (['production', 'sandbox'] as const)
      : (['sandbox', 'production'] as const);
  const hosts = Object.values(TASTYTRADE_HOSTS[other]).map(hostOf);
  return ADDRESSES.flatMap((name) => {
    const address = settings[name];
    if (address === undefined || !hosts.includes(hostOf(address))) return [];
    return { name, fault: { is: 'of-the-other', other, said }, example: `TASTYTRADE_ENV=${other}` };
  });
}

/** One address without the other. */
function isLone(settings: Partial<Crossed>, unread: ReadonlySet<string>): boolean {
  if (ADDRESSES.some((name) => unread.has(name))) return false;
  const [one, two] = ADDRESSES.map((name) => settings[name] !== undefined);
  return one !== two;
}

/** One trailing dot names the same host. */
function hostOf(address: string): string {
  return new URL(address).hostname.replace(/\.$/, '');
}

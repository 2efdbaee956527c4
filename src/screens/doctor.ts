import type { StreamReason } from '../domain/broker-troubles.js';
import type { Environment } from '../domain/environment.js';
import type { OddRow } from '../domain/types.js';
import { streamText } from './failures/broker.js';
import type { Words } from './failures/words.js';
import { oddRowText } from './odd-rows.js';

type Fault = Pick<Words, 'what' | 'hint'>;

/** What the doctor looks at; `which` names one of several. */
export const STEPS = {
  settings: 'settings',
  traders: 'who may place orders',
  viewers: 'who may look',
  token: 'Discord token',
  gateway: 'Discord gateway',
  server: 'Discord server',
  commands: 'slash commands',
  members: (of: 'trader' | 'viewer') => `${of}s on the server`,
  channel: (id: string) => `channel ${id}`,
  database: 'database',
  pictures: 'pictures',
  address: 'broker address',
  login: 'broker login',
  account: 'account',
  positions: (which: string) => `positions${which}`,
  orders: (which: string) => `orders${which}`,
  stream: (which: string) => `account stream${which}`,
  marketData: 'market data',
};

/** The permission to write in threads and forum posts, in the words of Discord's own settings. */
export const SEND_IN_THREADS = 'Send Messages in Threads';

/** What was found, where all is well. */
export const SEEN = {
  settings: (environment: Environment, readOnly: boolean) =>
    `${environment}${readOnly ? ', read-only: no order leaves' : ''}`,
  traders: (users: number, roles: number) => `${users} named user(s), ${roles} role(s)`,
  everyone: 'everyone in the server',
  tradersOnly: 'traders only',
  viewers: (users: number, roles: number) =>
    `traders, and as viewers ${users} named user(s), ${roles} role(s)`,
  token: (masked: string, name: string, open: boolean) => {
    const warning =
      '\n        → it is public, so anybody can invite it: Developer Portal > Bot > switch Public Bot off';
    return `${masked} is the bot "${name}"${open ? warning : ''}`;
  },
  gateway: (left: number, of: number) => `answers; ${left} of ${of} starts left for today`,
  servers: (names: readonly string[]) =>
    `in ${names.map((name) => `"${name}"`).join(', ')}; commands go to all of them`,
  member: 'the bot is a member',
  noCommands: 'not registered yet; the first start does it',
  commands: (registered: readonly string[], missing: readonly string[]) => {
    const rest = missing.length > 0 ? `; the next start adds ${missing.map(slash).join(', ')}` : '';
    return `${registered.map(slash).join(', ')}${rest}`;
  },
  members: (names: readonly string[]) => names.join(', ') || 'none named',
  channel: (name: string, lackingInThreads: readonly string[]) => {
    const but =
      lackingInThreads.length > 0 ? `; not in its threads: it lacks ${lackingInThreads.join(', ')}` : '';
    return `${name}: the bot may view, send and embed${but}`;
  },
  database: (driver: string, owner: string | null) =>
    `${driver}, migrations applied, ${owner ? `belongs to ${owner}` : 'new'}`,
  noPictures: 'off',
  picture: (bytes: number) => `can be drawn (${bytes} bytes)`,
  address: 'trusted with the credentials',
  login: (masked: readonly string[]) => `works with ${masked.join(' and ')}`,
  simulated: 'works; the simulated broker is built in (its state file was not touched)',
  holdings: (count: number, odd: readonly OddRow[]) =>
    `${count} ${count === 1 ? 'holding' : 'holdings'} read${oddText(odd)}`,
  orders: (count: number, odd: readonly OddRow[]) => `${count} open${oddText(odd)}`,
  stream: 'connected and acknowledged',
  market: (open: boolean, marks: 'served' | 'missing' | 'not-asked') =>
    `the market is ${open ? 'open' : 'closed'}${MARKS[marks]}`,
};

/** Without marks everything else still works, so their absence is told and not held against the broker. */
const MARKS = {
  served: ', marks are served',
  missing: '; no marks are served (usual in the sandbox), and previews will say so',
  'not-asked': '; no option is held to ask a mark for',
};

/** What is to be mended, and how. */
export const FAULTS = {
  noAnswer: (seconds: number): Fault => ({ what: `no answer within ${seconds} s` }),
  noTraders: {
    what: 'nobody may',
    hint: 'Name yourself in TRADER_USER_IDS, or a role in TRADER_ROLE_IDS.',
  },
  token: {
    what: 'Discord refuses the token',
    hint: 'Bot page of your application > Reset Token, and put the new one into DISCORD_TOKEN.',
  },
  offline: (cause: string): Fault => ({
    what: `Discord doesn’t answer (${cause})`,
    hint: 'Check the network, and DISCORD_API_URL if it is set.',
  }),
  noStarts: (minutes: number): Fault => ({
    what: 'no starts are left for today',
    hint: `Wait ${minutes} minutes before you start the bot.`,
  }),
  noServer: (invite: string): Fault => ({ what: 'the bot is in no server', hint: inviteText(invite) }),
  notInServer: (invite: string): Fault => ({
    what: 'the bot is not in the server of DISCORD_GUILD_ID',
    hint: inviteText(invite),
  }),
  strangers: (who: readonly string[], of: string): Fault => ({
    what: `not on this server: ${who.join(', ')}`,
    hint: `Correct ${of}_USER_IDS and ${of}_ROLE_IDS (Developer Mode > right-click > Copy ID).`,
  }),
  channel: (there: boolean): Fault => ({
    what: there ? 'the bot can’t see it' : 'there is no such channel',
    hint: 'Correct CHANNEL_IDS, or give the bot View Channel there.',
  }),
  noServerChannel: { what: 'it is not a channel of a server' },
  otherServer: { what: 'it is on another server than DISCORD_GUILD_ID', hint: 'Correct one of the two.' },
  lacking: (name: string, permissions: readonly string[]): Fault => ({
    what: `${name}: the bot lacks ${permissions.join(', ')}`,
    hint: 'Channel settings > Permissions: allow that for the bot or its role.',
  }),
  noPictures: (why: string): Fault => ({
    what: `none can be drawn: ${why}`,
    hint: 'Run npm ci on this machine, or set PICTURES=off: the bot says everything in words as well.',
  }),
  accountUnreadable: {
    what: 'one of the broker’s rows can’t be read: no account number',
    hint: 'Try again in a minute.',
  },
  accountNotOpen: (digits: string): Fault => ({
    what: `…${digits} is not among the login’s open accounts`,
    hint: 'Correct TASTYTRADE_ACCOUNT.',
  }),
  stream: (reason: StreamReason): Fault => ({
    what: streamText(reason),
    hint: 'Check TASTYTRADE_STREAMER_URL if it is set.',
  }),
} satisfies Record<string, Fault | ((...facts: never[]) => Fault)>;

/** What to do about a broker that lets nobody in, or doesn't answer. */
export const BROKER_HINTS = {
  login:
    'Check TASTYTRADE_CLIENT_SECRET and TASTYTRADE_REFRESH_TOKEN, and that TASTYTRADE_ENV is where they were made.',
  unreachable: 'Check the network and TASTYTRADE_API_URL, or wait: the broker may be down.',
};

export function stepText(name: string, text: string): string {
  return `  ok    ${name}: ${text}`;
}

export function failedText(name: string, { what, hint }: Fault): string {
  return `  FAIL  ${name}: ${what}${hint ? `\n        → ${hint}` : ''}`;
}

export function outcomeText(failed: number): string {
  return failed === 0 ? '\nAll is well.' : `\n${failed} of the steps above failed.`;
}

/** What can't be read takes nothing from the rest, but is told. */
function oddText(rows: readonly OddRow[]): string {
  return rows.length === 0 ? '' : `; can’t be read: ${rows.map(oddRowText).join(', ')}`;
}

function inviteText(address: string): string {
  return `Invite it: ${address}`;
}

function slash(name: string): string {
  return `/${name}`;
}

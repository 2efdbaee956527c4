import type { z } from 'zod';
import { BROKER_NAMES, ENVIRONMENTS, type Environment } from '../domain/environment.js';
import { UserError } from '../domain/errors.js';
import type { SettingsProblem } from '../domain/failures.js';
import { crossChecks } from './cross-checks.js';
import {
  accountNumbers,
  databaseUrl,
  faultOf,
  host,
  oneOf,
  optional,
  profitTargets,
  required,
  safeUrl,
  secret,
  snowflake,
  snowflakes,
  snowflakesOrEveryone,
  spreadTicks,
  text,
  wholeNumber,
  withDefault,
  yesNo,
} from './fields.js';

/** One entry per variable: how it is read, and an example for its error message; for a secret, `screens` says where it is from. */
const VARIABLES = {
  DISCORD_TOKEN: [required(secret), 'DISCORD_TOKEN='],
  DISCORD_GUILD_ID: [optional(snowflake), 'DISCORD_GUILD_ID=1145822100000000001'],
  DISCORD_API_URL: [optional(safeUrl(['https:', 'http:'])), 'DISCORD_API_URL=https://discord.com/api'],
  TRADER_USER_IDS: [withDefault(snowflakes, ''), 'TRADER_USER_IDS=80351110224678912'],
  TRADER_ROLE_IDS: [withDefault(snowflakes, ''), 'TRADER_ROLE_IDS=1145822100000000301'],
  VIEWER_USER_IDS: [withDefault(snowflakesOrEveryone, ''), 'VIEWER_USER_IDS=80351110224678913'],
  VIEWER_ROLE_IDS: [withDefault(snowflakesOrEveryone, ''), 'VIEWER_ROLE_IDS=1145822100000000302'],
  CHANNEL_IDS: [withDefault(snowflakes, ''), 'CHANNEL_IDS=1145822100000000101'],
  BROKER: [withDefault(oneOf(BROKER_NAMES), 'paper'), 'BROKER=paper'],
  TASTYTRADE_ENV: [withDefault(oneOf(['sandbox', 'production']), 'sandbox'), 'TASTYTRADE_ENV=sandbox'],
  TASTYTRADE_API_URL: [
    optional(safeUrl(['https:', 'http:'])),
    'TASTYTRADE_API_URL=https://api.cert.tastyworks.com',
  ],
  TASTYTRADE_STREAMER_URL: [
    optional(safeUrl(['wss:', 'ws:'])),
    'TASTYTRADE_STREAMER_URL=wss://streamer.cert.tastyworks.com',
  ],
  TASTYTRADE_ALLOW_HOST: [optional(host), 'TASTYTRADE_ALLOW_HOST=broker-proxy.example.com'],
  TASTYTRADE_CLIENT_SECRET: [optional(secret), 'TASTYTRADE_CLIENT_SECRET='],
  TASTYTRADE_REFRESH_TOKEN: [optional(secret), 'TASTYTRADE_REFRESH_TOKEN='],
  TASTYTRADE_ACCOUNT: [withDefault(accountNumbers, ''), 'TASTYTRADE_ACCOUNT=5WX00001'],
  DATABASE_URL: [
    withDefault(databaseUrl, 'sqlite:./data/bot.sqlite'),
    'DATABASE_URL=sqlite:./data/bot.sqlite',
  ],
  DATABASE_POOL_SIZE: [withDefault(wholeNumber(1, 100), '10'), 'DATABASE_POOL_SIZE=10'],
  PREVIEW_TTL_SECONDS: [withDefault(wholeNumber(10, 840), '120'), 'PREVIEW_TTL_SECONDS=120'],
  PROFIT_TARGETS: [
    withDefault(profitTargets, ''),
    'PROFIT_TARGETS=senex-trident=40/60/50,credit-vertical=50',
  ],
  ROUNDING: [withDefault(oneOf(['nearest', 'profit']), 'nearest'), 'ROUNDING=nearest'],
  SPREAD_TICKS: [optional(spreadTicks), 'SPREAD_TICKS=RUT=0.01'],
  MAX_ORDER_CONTRACTS: [optional(wholeNumber(1, 100_000)), 'MAX_ORDER_CONTRACTS=20'],
  READ_ONLY: [withDefault(yesNo, 'false'), 'READ_ONLY=true'],
  SETTLE_SECONDS: [withDefault(wholeNumber(5, 3600), '90'), 'SETTLE_SECONDS=90'],
  REMINDER_GRACE_MINUTES: [withDefault(wholeNumber(1, 10_080), '360'), 'REMINDER_GRACE_MINUTES=360'],
  PICTURES: [withDefault(yesNo, 'on'), 'PICTURES=off'],
  PAPER_STATE_FILE: [
    withDefault(text, './data/paper-broker.json'),
    'PAPER_STATE_FILE=./data/paper-broker.json',
  ],
  LOG_LEVEL: [
    withDefault(oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']), 'info'),
    'LOG_LEVEL=info',
  ],
} as const;

type Name = keyof typeof VARIABLES;
type Parsed = { [K in Name]: z.output<(typeof VARIABLES)[K][0]> };

export type Settings = Parsed;

/** The environment in the words shown to people, in large letters. */
export function environmentOf(settings: Pick<Settings, 'BROKER' | 'TASTYTRADE_ENV'>): Environment {
  return ENVIRONMENTS[settings.BROKER][settings.TASTYTRADE_ENV];
}

/**
 * Reads all settings from an environment.
 * @param withDiscord false for tools that never talk to Discord: its token may then be missing
 * @throws UserError `SETTINGS_INVALID` with all that is wrong at once. Values are not echoed for secrets.
 */
export function readSettings(environment: NodeJS.ProcessEnv, { withDiscord = true } = {}): Settings {
  const problems: SettingsProblem[] = [];
  const parsed: Partial<Record<Name, unknown>> = {};
  const unread = new Set<Name>();
  for (const name of Object.keys(VARIABLES) as Name[]) {
    const [schema, example] = VARIABLES[name];
    const unneeded = name === 'DISCORD_TOKEN' && !withDiscord && !environment[name]?.trim();
    const result = schema.safeParse(unneeded ? 'unused' : environment[name]);
    if (result.success) parsed[name] = result.data;
    else {
      unread.add(name);
      problems.push(...result.error.issues.map((issue) => ({ name, fault: faultOf(issue), example })));
    }
  }
  const settings = parsed as Settings;
  problems.push(...crossChecks(settings, unread, (name) => VARIABLES[name][1]));
  if (problems.length > 0) throw new UserError('SETTINGS_INVALID', { problems });
  return settings;
}

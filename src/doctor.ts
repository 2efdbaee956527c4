import './settings/env.js';
import { REST, Routes } from 'discord.js';
import { setUpBroker } from './broker-setup.js';
import { systemClock } from './clock.js';
import { openStore } from './db/index.js';
import { createLogger } from './log.js';
import { AccountChoice } from './services/account.js';
import { claimDatabase } from './services/database-owner.js';
import { UserError } from './services/errors.js';
import type { Broker } from './services/ports/broker.js';
import { environmentOf, readSettings, type Settings } from './settings/settings.js';

/**
 * `npm run doctor`: looks at each thing the bot stands on, one line each, and says what to mend. Sends no order,
 * changes nothing but a missing database file. Exit code 0 when all is well, 1 otherwise.
 */
const log = createLogger('silent');
let failed = 0;

/** Runs one step; its text, or what went wrong, becomes a line. Null when it failed. */
async function step<T>(name: string, look: () => Promise<[T, string]>): Promise<T | null> {
  try {
    const [value, text] = await look();
    console.log(`  ok    ${name}: ${text}`);
    return value;
  } catch (error) {
    failed += 1;
    const hint = error instanceof UserError && error.hint ? `\n        → ${error.hint}` : '';
    console.log(`  FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}${hint}`);
    return null;
  }
}

async function main(): Promise<void> {
  console.log('profit-target-bot doctor\n');
  const settings = await step('settings', async () => {
    const read = readSettings(process.env);
    return [read, `${environmentOf(read)}${read.READ_ONLY ? ', read-only' : ''}`];
  });
  if (settings) {
    await step('who may place orders', () => traders(settings));
    await checkDiscord(settings);
    await checkDatabase(settings);
    const setup = await step('broker address', async () => [
      await setUpBroker(settings, systemClock, log),
      'trusted',
    ]);
    if (setup) {
      await checkBroker(setup.broker, settings);
      await setup.close();
    }
  }
  console.log(failed === 0 ? '\nAll is well.' : `\n${failed} of the steps above failed.`);
  process.exit(failed === 0 ? 0 : 1);
}

async function traders(settings: Settings): Promise<[true, string]> {
  const [users, roles] = [settings.TRADER_USER_IDS.length, settings.TRADER_ROLE_IDS.length];
  if (users + roles === 0) {
    throw new UserError(
      'NOBODY_MAY_TRADE',
      'nobody may',
      'Name yourself in TRADER_USER_IDS, or a role in TRADER_ROLE_IDS.',
    );
  }
  return [true, `${users} user(s), ${roles} role(s)`];
}

async function checkDiscord(settings: Settings): Promise<void> {
  const token = settings.DISCORD_TOKEN;
  const rest = new REST({
    ...(settings.DISCORD_API_URL ? { api: settings.DISCORD_API_URL } : {}),
    timeout: 10_000,
  });
  rest.setToken(token.reveal());
  const me = await step('Discord token', async () => {
    const user = (await rest.get(Routes.user())) as { id: string; username: string };
    return [user, `${token.masked()} is the bot "${user.username}"`];
  });
  const guildId = settings.DISCORD_GUILD_ID;
  if (!me || !guildId) return;
  await step('Discord server', async () => {
    await rest.get(Routes.guildMember(guildId, me.id));
    return [true, 'the bot is a member'];
  });
}

async function checkDatabase(settings: Settings): Promise<void> {
  await step('database', async () => {
    const store = await openStore(settings.DATABASE_URL, { logger: log });
    try {
      await claimDatabase(store, environmentOf(settings));
      const { driver } = await store.check();
      return [true, `${driver}, migrations applied`];
    } finally {
      await store.close();
    }
  });
}

async function checkBroker(broker: Broker, settings: Settings): Promise<void> {
  const secrets = [settings.TASTYTRADE_CLIENT_SECRET, settings.TASTYTRADE_REFRESH_TOKEN];
  const shown = secrets.map((secret) => secret?.masked() ?? 'built in').join(' and ');
  const accounts = await step('broker login', async () => [await broker.accounts(), `works with ${shown}`]);
  if (!accounts) return;
  const choice = new AccountChoice(broker, settings.TASTYTRADE_ACCOUNT ?? null);
  const account = await step('account', async () => {
    const number = await choice.current();
    return [number, `…${number.slice(-4)}`];
  });
  if (!account) return;
  const holdings = await step('positions', async () => {
    const held = await broker.holdings(account);
    return [held, `${held.length} holding(s) read`];
  });
  const option = holdings?.find(({ instrument }) => instrument.option);
  if (!option) return;
  await step('market data', async () => {
    const quotes = await broker.quotes([{ symbol: option.instrument.symbol, kind: 'option' }]);
    return [
      true,
      quotes.size > 0 ? 'marks are served' : 'none served here (normal in the sandbox); previews say so',
    ];
  });
}

await main();

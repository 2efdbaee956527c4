import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalDiscord, startLocalDiscord } from '@profit-target/local-discord';
import { LocalDiscordUser } from '@profit-target/local-discord/client';
import { lockState, type PaperBroker, startPaperBroker } from '@profit-target/paper-broker';
import { PaperAdmin } from '@profit-target/paper-broker/client';
import pino from 'pino';
import sqlite3 from 'sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../src/db/index.js';
import { type Run, runProgram } from './support/program.js';

/*
 * `npm run doctor` as an operator runs it: a process of its own against a local Discord and a paper broker.
 */

const NOWHERE = '127.0.0.1:9';
const quiet = pino({ level: 'silent' });

let discord: LocalDiscord;
let paper: PaperBroker;
let admin: PaperAdmin;
let person: LocalDiscordUser;
let folder: string;

beforeAll(async () => {
  discord = await startLocalDiscord({ checkRequests: true, bots: [{ name: 'private', public: false }] });
  paper = await startPaperBroker({ rateCeilings: false });
  admin = new PaperAdmin(paper.adminUrl);
  person = await LocalDiscordUser.join(discord.url, discord.users.admin, discord.channelId);
});
afterAll(async () => {
  person.leave();
  await Promise.all([discord.close(), paper.close()]);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await admin.clearFaults();
});

function settings(): Record<string, string> {
  return {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DISCORD_GUILD_ID: discord.guildId,
    TRADER_USER_IDS: discord.users.trader,
    CHANNEL_IDS: discord.channelIds.trading,
    BROKER: 'tastytrade',
    TASTYTRADE_ENV: 'sandbox',
    TASTYTRADE_API_URL: paper.url,
    TASTYTRADE_STREAMER_URL: paper.streamerUrl,
    TASTYTRADE_CLIENT_SECRET: paper.clientSecret,
    TASTYTRADE_REFRESH_TOKEN: paper.refreshToken,
    TASTYTRADE_ACCOUNT: paper.accountNumber,
    DATABASE_URL: `sqlite:${join(folder, 'bot.sqlite')}`,
  };
}

/** Runs the doctor; whatever it says, no secret may be in it. */
async function doctor(change: Record<string, string> = {}): Promise<Run> {
  const environment = { ...settings(), ...change };
  const run = await runProgram('doctor', [], environment, folder);
  for (const name of ['DISCORD_TOKEN', 'TASTYTRADE_CLIENT_SECRET', 'TASTYTRADE_REFRESH_TOKEN'] as const) {
    expect(run.output).not.toContain(environment[name]);
  }
  return run;
}

/** The line about one step. */
function line({ output }: Run, step: string): string {
  return output.split('\n').find((each) => each.trimStart().match(new RegExp(`^(ok|FAIL) +${step}:`))) ?? '';
}

function failures({ output }: Run): string[] {
  return [...output.matchAll(/^ {2}FAIL {2}([^:]+):/gm)].map(([, step = '']) => step);
}

test('all well: every step is looked at, exit 0, and nothing but the database was touched', async () => {
  const before = (await person.log()).requests.length;
  const run = await doctor();
  expect(run.output).toContain('All is well.');
  expect(run.code).toBe(0);
  expect(line(run, 'settings')).toContain('SANDBOX');
  expect(line(run, 'Discord token')).toMatch(/lo….* is the bot "profit_targets"/);
  expect(line(run, 'Discord gateway')).toContain('starts left');
  expect(line(run, 'Discord server')).toContain('member');
  expect(line(run, 'slash commands')).toContain('not registered yet');
  expect(line(run, 'traders on the server')).toContain('trader');
  expect(line(run, `channel ${discord.channelId}`)).toContain('view, send and embed');
  expect(line(run, 'database')).toMatch(/migrations applied, new/);
  expect(line(run, 'pictures')).toMatch(/ok .* can be drawn \(\d+ bytes\)/);
  expect(line(run, 'broker login')).toContain('…');
  expect(line(run, 'account')).toContain(paper.accountNumber.slice(-4));
  expect(line(run, 'account')).not.toContain(paper.accountNumber);
  expect(line(run, 'market data')).toContain('marks are served');
  expect(line(run, 'account stream')).toContain('acknowledged');
  const { requests } = await person.log();
  expect(requests.slice(before).filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(await admin.received()).toEqual([]);
});

test('a new database is migrated and yet belongs to nobody, so that another environment may still have it', async () => {
  await doctor();
  const store = await openStore(settings().DATABASE_URL ?? '', { logger: quiet });
  expect(await store.state.recall('environment')).toBeNull();
  await store.close();
});

test('settings that can’t be read: each is named, nothing else is tried', async () => {
  const run = await doctor({ TASTYTRADE_ENV: 'prod', TRADER_USER_IDS: 'me' });
  expect(run.code).toBe(1);
  expect(run.output).toContain('TASTYTRADE_ENV is not one of sandbox, production');
  expect(run.output).toContain('TRADER_USER_IDS has "me"');
  expect(failures(run)).toEqual(['settings']);
  expect(existsSync(join(folder, 'bot.sqlite'))).toBe(false);
});

describe('Discord', () => {
  test('a bot that anybody can invite: said with where to switch it off, and no fault; of a private one nothing', async () => {
    const warning =
      '→ it is public, so anybody can invite it: Developer Portal > Bot > switch Public Bot off';
    const open = await doctor();
    expect(open.output).toContain(warning);
    expect(open.code).toBe(0);
    const [own] = discord.bots;
    const closed = await doctor({ DISCORD_TOKEN: own?.token ?? '' });
    expect(line(closed, 'Discord token')).toContain('is the bot "private"');
    expect(closed.output).not.toContain('public');
  });

  test('a wrong token: said so, and the rest is looked at all the same', async () => {
    const run = await doctor({ DISCORD_TOKEN: 'not.the.token-of-this-bot' });
    expect(run.code).toBe(1);
    expect(failures(run)).toEqual(['Discord token']);
    expect(run.output).toContain('Reset Token');
    expect(line(run, 'account stream')).toContain('ok');
  });

  test('a token with a line break inside is refused without being shown', async () => {
    const run = await doctor({ DISCORD_TOKEN: 'first-half\nsecond-half' });
    expect(run.code).toBe(1);
    expect(run.output).toContain('DISCORD_TOKEN has a space, a line break');
    expect(run.output).not.toMatch(/first-half|second-half/);
  });

  test('no answer', async () => {
    const run = await doctor({ DISCORD_API_URL: `http://${NOWHERE}/api` });
    expect(run.code).toBe(1);
    expect(line(run, 'Discord token')).toContain('Discord doesn’t answer');
    expect(run.output).toContain('DISCORD_API_URL');
  });

  test('not in the server: an invitation with the least permissions', async () => {
    const run = await doctor({ DISCORD_GUILD_ID: '1000000000000000001', CHANNEL_IDS: '' });
    expect(run.code).toBe(1);
    expect(failures(run)).toContain('Discord server');
    expect(run.output).toContain(`client_id=${discord.applicationId}`);
    expect(run.output).toContain('permissions=274878024704');
  });

  test('without DISCORD_GUILD_ID: the servers it is in', async () => {
    const run = await doctor({ DISCORD_GUILD_ID: '' });
    expect(run.code).toBe(0);
    expect(line(run, 'Discord server')).toContain('"Trading Desk"');
  });

  test('nobody may trade, or somebody who isn’t there', async () => {
    const nobody = await doctor({ TRADER_USER_IDS: '' });
    expect(nobody.code).toBe(1);
    expect(failures(nobody)).toEqual(['who may place orders']);
    expect(line(nobody, 'who may look')).toContain('traders only');
    expect(nobody.output).toContain('TRADER_USER_IDS');

    const stranger = await doctor({
      TRADER_USER_IDS: '10000000000000009',
      TRADER_ROLE_IDS: '10000000000000008',
      VIEWER_USER_IDS: '10000000000000007',
    });
    expect(stranger.code).toBe(1);
    expect(line(stranger, 'traders on the server')).toContain(
      'role 10000000000000008, user 10000000000000009',
    );
    expect(line(stranger, 'viewers on the server')).toContain('user 10000000000000007');
    expect(stranger.output).toContain('Correct VIEWER_USER_IDS and VIEWER_ROLE_IDS');
  });

  test('a channel where it may not send or embed, one it can’t see, and one that isn’t there', async () => {
    const { trading, orders, general } = discord.channelIds;
    await person.changeWorld({
      deny: {
        channel_id: orders,
        user: discord.applicationId,
        permissions: ['SEND_MESSAGES', 'EMBED_LINKS'],
      },
    });
    await person.changeWorld({
      deny: { channel_id: general, user: discord.applicationId, permissions: ['VIEW_CHANNEL'] },
    });
    await person.changeWorld({
      deny: {
        channel_id: trading,
        user: discord.applicationId,
        permissions: ['SEND_MESSAGES_IN_THREADS'],
      },
    });
    const [thread, forum] = ['10000000000000021', '10000000000000022'];
    await person.changeWorld({
      channels: [
        { name: 'thread', id: thread, type: 11, parent: trading },
        { name: 'forum', id: forum, type: 15 },
      ],
    });
    try {
      const run = await doctor({
        CHANNEL_IDS: `${trading},${thread},${forum},${orders},${general},10000000000000007`,
      });
      expect(run.code).toBe(1);
      expect(line(run, `channel ${trading}`)).toMatch(
        /ok .*view, send and embed; not in its threads: it lacks Send Messages in Threads$/,
      );
      expect(line(run, `channel ${thread}`)).toContain('#thread: the bot lacks Send Messages in Threads');
      expect(line(run, `channel ${forum}`)).toMatch(/ok .*view, send and embed$/);
      expect(line(run, `channel ${orders}`)).toContain('#orders: the bot lacks Send Messages, Embed Links');
      expect(line(run, `channel ${general}`)).toContain('can’t see it');
      expect(line(run, 'channel 10000000000000007')).toContain('no such channel');
    } finally {
      await person.changeWorld({ clear_overwrites: trading });
      await person.changeWorld({ clear_overwrites: orders });
      await person.changeWorld({ clear_overwrites: general });
    }
  });
});

describe('the database', () => {
  test('one of another environment', async () => {
    const store = await openStore(settings().DATABASE_URL ?? '', { logger: quiet });
    await store.state.remember('environment', 'PRODUCTION');
    await store.close();
    const run = await doctor();
    expect(run.code).toBe(1);
    expect(line(run, 'database')).toContain('belongs to PRODUCTION');
    expect(run.output).toContain('DATABASE_URL=sqlite:./data/sandbox.sqlite');
  });

  test('one that newer code has written', async () => {
    await doctor();
    await execute(
      "INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture9999999999999')",
    );
    const run = await doctor();
    expect(run.code).toBe(1);
    expect(line(run, 'database')).toContain('newer version');
    expect(failures(run)).toEqual(['database']);
  });

  test('one that can’t be reached: its password stays unsaid', async () => {
    const run = await doctor({ DATABASE_URL: `postgres://bot:hunter2hunter2@${NOWHERE}/bot` });
    expect(run.code).toBe(1);
    expect(line(run, 'database')).toContain(NOWHERE);
    expect(run.output).not.toContain('hunter2');
  });
});

describe('the broker', () => {
  test('no answer: said so, with where to look', async () => {
    const run = await doctor({ TASTYTRADE_API_URL: `http://${NOWHERE}` });
    expect(run.code).toBe(1);
    expect(failures(run)).toEqual(['broker login']);
    expect(run.output).toContain('TASTYTRADE_API_URL');
  });

  test('credentials it refuses', async () => {
    const run = await doctor({ TASTYTRADE_REFRESH_TOKEN: 'expired-or-mistyped-token' });
    expect(run.code).toBe(1);
    expect(failures(run)).toEqual(['broker login']);
    expect(run.output).toContain('TASTYTRADE_REFRESH_TOKEN');
  });

  test('a host that is not trusted with them', async () => {
    const run = await doctor({
      TASTYTRADE_API_URL: 'https://broker.example.com',
      TASTYTRADE_STREAMER_URL: 'wss://broker.example.com',
    });
    expect(run.code).toBe(1);
    expect(failures(run)).toEqual(['settings']);
    expect(run.output).toContain('TASTYTRADE_API_URL');
    expect(run.output).toContain('TASTYTRADE_ALLOW_HOST=broker.example.com');
    expect(existsSync(join(folder, 'bot.sqlite'))).toBe(false);
  });

  test('an account it doesn’t know: those it has, by their last digits', async () => {
    const run = await doctor({ TASTYTRADE_ACCOUNT: '5WX99999' });
    expect(run.code).toBe(1);
    expect(failures(run)).toEqual(['account']);
    expect(line(run, 'account')).toContain(`…${paper.accountNumber.slice(-4)}`);
  });

  test('no marks, as in the sandbox: told, and no fault', async () => {
    await admin.fault({ kind: 'no-market-data', times: null });
    const run = await doctor();
    expect(run.code).toBe(0);
    expect(line(run, 'market data')).toContain('no marks are served');
  });

  test('an account stream that stays silent', async () => {
    await admin.stream('silence');
    try {
      const run = await doctor();
      expect(run.code).toBe(1);
      expect(failures(run)).toEqual(['account stream']);
      expect(run.output).toContain('TASTYTRADE_STREAMER_URL');
    } finally {
      await admin.stream('resume');
    }
  });

  test('BROKER=paper looks beside a running bot: its state file stays locked and as it was', async () => {
    const file = join(folder, 'paper.json');
    const unlock = await lockState(file);
    const inside = { TASTYTRADE_API_URL: '', TASTYTRADE_STREAMER_URL: '', TASTYTRADE_ACCOUNT: '' };
    const run = await doctor({ ...inside, BROKER: 'paper', PAPER_STATE_FILE: file });
    await unlock();
    expect(run.output).toContain('PAPER');
    expect(run.code).toBe(0);
    expect(existsSync(file)).toBe(false);
  });
});

function execute(sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(join(folder, 'bot.sqlite'));
    database.exec(sql, (failed) => {
      database.close((error) => (failed || error ? reject(failed ?? error) : resolve()));
    });
  });
}

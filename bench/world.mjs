// What both benchmarks stand on: a local Discord, a paper broker, and bots as processes of their own.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLocalDiscord } from '@profit-target/local-discord';
import sqlite3 from 'sqlite3';
import { until } from './measure.mjs';

export const PROBE = new URL('probe.mjs', import.meta.url).href;
/** Another build of the bot can be measured by the same benchmark: `BENCH_BOT=../before/dist/main.js`. */
const BOT = process.env.BENCH_BOT ?? 'dist/main.js';
const PAPER = fileURLToPath(import.meta.resolve('@profit-target/paper-broker/process'));
const BARE = { id: '1460313742502789777', name: 'bare', token: 'bare.bench.bot-token' };

/** The broker's work must not be counted, nor hold up those who measure. */
async function startPaper(scenario) {
  const child = fork(PAPER, [JSON.stringify({ scenario, rateCeilings: false })], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const addresses = await Promise.race([
    new Promise((resolve, reject) =>
      child.once('message', ({ started, failed }) => (started ? resolve(started) : reject(failed))),
    ),
    ended.then((code) => Promise.reject(new Error(`the paper broker ended with ${code}`))),
  ]);
  return {
    ...addresses,
    close() {
      child.disconnect();
      return ended;
    },
  };
}

export class World {
  constructor(discord, paper, folder) {
    this.discord = discord;
    this.paper = paper;
    this.folder = folder;
    this.database = join(folder, 'bot.sqlite');
    const shared = {
      PATH: process.env.PATH,
      DISCORD_API_URL: discord.apiUrl,
      DISCORD_GUILD_ID: discord.guildId,
    };
    this.bots = {
      ours: {
        command: 'help',
        app: discord.applicationId,
        script: BOT,
        env: {
          ...shared,
          DISCORD_TOKEN: discord.token,
          TRADER_USER_IDS: discord.users.trader,
          BROKER: 'paper',
          TASTYTRADE_API_URL: paper.url,
          TASTYTRADE_STREAMER_URL: paper.streamerUrl,
          TASTYTRADE_CLIENT_SECRET: paper.clientSecret,
          TASTYTRADE_REFRESH_TOKEN: paper.refreshToken,
          TASTYTRADE_ACCOUNT: paper.accountNumber,
          DATABASE_URL: `sqlite:${this.database}`,
          LOG_LEVEL: 'warn',
        },
      },
      bare: {
        command: 'ping',
        app: BARE.id,
        script: 'bench/bare-bot.mjs',
        env: { ...shared, DISCORD_TOKEN: BARE.token },
      },
    };
  }

  /**
   * @param limited whether Discord keeps to its rate limits, or answers as fast as it can
   * @param scenario the paper broker's account
   */
  static async open({ limited, scenario = 'standard' }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const discord = await startLocalDiscord({ bots: [BARE], ...(limited ? {} : { rateLimits: false }) });
    const paper = await startPaper(scenario);
    const world = new World(discord, paper, folder);
    await world.admin('POST', 'freeze', { frozen: true });
    return world;
  }

  async close() {
    await Promise.all([this.discord.close(), this.paper.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Resolves when the bot answers: online, its command registered, and a first one acknowledged. */
  async start(bot) {
    const child = fork(bot.script, {
      env: bot.env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--import', PROBE],
    });
    await until(async () => {
      const { bots, commands } = await this.state();
      return (
        bots.find(({ id }) => id === bot.app)?.online && commands.some(({ name }) => name === bot.command)
      );
    }, 2);
    await this.acknowledgements(bot, 1);
    return child;
  }

  async stop(child) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  /**
   * Milliseconds as Discord saw them, from handing each interaction to the bot until its callback arrived.
   * @param count how many at once
   */
  async acknowledgements(bot, count) {
    const asked = Array.from({ length: count }, () =>
      this.interaction({ kind: 'command', name: bot.command, options: [], bot: bot.app }),
    );
    const ids = await Promise.all(asked);
    return Promise.all(ids.map(async (id) => (await until(() => this.#acknowledged(id))).acked_after_ms));
  }

  async #acknowledged(id) {
    const state = await (await fetch(`${this.discord.url}/local/interactions/${id}`)).json();
    return state.state === 'acked' ? state : null;
  }

  async interaction(body) {
    const { users, channelIds } = this.discord;
    const answer = await this.post('/local/interactions', {
      user: users.trader,
      channel_id: channelIds.trading,
      ...body,
    });
    return answer.interaction_id;
  }

  async messages() {
    const { url, channelIds, users } = this.discord;
    return (
      await fetch(`${url}/local/channels/${channelIds.trading}/messages?user=${users.trader}&limit=20`)
    ).json();
  }

  async state() {
    return (await fetch(`${this.discord.url}/local/state`)).json();
  }

  async post(path, body) {
    const response = await fetch(this.discord.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** What a trial of closing four legs held sends, and what the paper broker answers, as texts. */
  async trial() {
    const { url, accountNumber, clientSecret, refreshToken } = this.paper;
    const ask = async (path, body, headers = {}) => {
      const init = body
        ? { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
        : { headers };
      return (await fetch(url + path, init)).text();
    };
    const grant = { grant_type: 'refresh_token', client_secret: clientSecret, refresh_token: refreshToken };
    const { access_token: token } = JSON.parse(await ask('/oauth/token', JSON.stringify(grant)));
    const account = `/accounts/${accountNumber}`;
    const authorised = { authorization: `Bearer ${token}` };
    const { data } = JSON.parse(await ask(`${account}/positions`, undefined, authorised));
    const legs = data.items
      .filter((held) => held['instrument-type'] === 'Equity Option')
      .slice(0, 4)
      .map((held) => ({
        'instrument-type': 'Equity Option',
        symbol: held.symbol,
        quantity: 1,
        action: held['quantity-direction'] === 'Short' ? 'Buy to Close' : 'Sell to Close',
      }));
    const body = JSON.stringify({
      'order-type': 'Limit',
      'time-in-force': 'GTC',
      price: '1.25',
      'price-effect': 'Debit',
      source: 'profit-target-bot',
      'advanced-instructions': { 'strict-position-effect-validation': true },
      legs,
    });
    return { body, answer: await ask(`${account}/orders/dry-run`, body, authorised) };
  }

  /** The paper broker's levers. */
  async admin(method, path, body) {
    const init = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
    return (await fetch(`${this.paper.adminUrl}api/${path}`, { method, ...init })).json();
  }
}

/** Straight into a bot's database. */
export async function inDatabase(file, work) {
  const database = new sqlite3.Database(file);
  try {
    return await work(
      (sql, values = []) =>
        new Promise((resolve, reject) =>
          database.all(sql, values, (error, rows) => (error ? reject(error) : resolve(rows))),
        ),
    );
  } finally {
    await new Promise((resolve) => database.close(resolve));
  }
}

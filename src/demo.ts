import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PaperAddresses, startLocalServer } from './app/local-server.js';
import { isFailure } from './domain/errors.js';
import { demoEndedText, demoText } from './screens/demo.js';
import { reasonOf } from './screens/failures/index.js';

const PORT = Number(process.env.DEMO_PORT ?? 8080);

interface DiscordAddresses {
  url: string;
  apiUrl: string;
  token: string;
  guildId: string;
  users: { trader: string };
}

/**
 * `npm run demo`: a local Discord with its page, a paper broker, and between them the real bot as a process of its
 * own, set up by environment variables alone, just as it would be for the real ones. Each run starts afresh.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'profit-target-demo-'));
  const log = join(folder, 'bot.log');
  const broker = await startLocalServer<PaperAddresses>('paper-broker', { scenario: 'demo' });
  const paper = broker.addresses;
  const server = await startDiscord({ title: 'Paper market', url: paper.adminUrl });
  const discord = server.addresses;
  const bot = startBot(log, {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DISCORD_GUILD_ID: discord.guildId,
    TRADER_USER_IDS: discord.users.trader,
    VIEWER_USER_IDS: '*',
    BROKER: 'paper',
    TASTYTRADE_API_URL: paper.url,
    TASTYTRADE_STREAMER_URL: paper.streamerUrl,
    TASTYTRADE_CLIENT_SECRET: paper.clientSecret,
    TASTYTRADE_REFRESH_TOKEN: paper.refreshToken,
    TASTYTRADE_ACCOUNT: paper.accountNumber,
    DATABASE_URL: `sqlite:${join(folder, 'bot.sqlite')}`,
    LOG_LEVEL: 'info',
  });

  const stop = async (code: number) => {
    bot.removeAllListeners('exit');
    bot.kill('SIGTERM');
    await Promise.allSettled([server.close(), broker.close()]);
    process.exit(code);
  };
  bot.on('exit', (code) => {
    console.error(demoEndedText(code, log));
    void stop(1);
  });
  process.on('SIGINT', () => void stop(0));
  process.on('SIGTERM', () => void stop(0));

  await answering(discord.url);
  console.log(demoText(discord.url, log));
}

/** Resolves once the bot's commands are there, so that the first thing a visitor types works. */
async function answering(url: string): Promise<void> {
  for (;;) {
    const { commands } = (await (await fetch(`${url}/local/state`)).json()) as { commands: unknown[] };
    if (commands.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The usual port keeps the address in the browser's history useful; any other will do if it is taken. */
async function startDiscord(panel: { title: string; url: string }) {
  const start = (port: number) =>
    startLocalServer<DiscordAddresses>('local-discord', { panel, port, checkRequests: true });
  try {
    return await start(PORT);
  } catch (error) {
    if (!isFailure(error, 'LOCAL_SERVER_FAILED') || error.facts.named !== 'EADDRINUSE') throw error;
    return start(0);
  }
}

function startBot(log: string, settings: Record<string, string>): ChildProcess {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const bot = spawn(process.execPath, [main], {
    // From a folder without a `.env`: the demo's settings are all there is.
    cwd: dirname(log),
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  bot.stderr?.pipe(createWriteStream(log));
  return bot;
}

main().catch((error: unknown) => {
  console.error(reasonOf(error).what);
  process.exit(1);
});

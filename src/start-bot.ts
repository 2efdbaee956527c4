import type { Logger } from 'pino';
import { DiscordAnnouncer } from './bot/announcer.js';
import { Bot } from './bot/bot.js';
import { createClient } from './bot/client.js';
import { Dispatcher } from './bot/dispatcher.js';
import { gatewayHealth } from './bot/gateway-health.js';
import { COMMANDS } from './commands/index.js';
import { composeServices } from './compose.js';
import { environmentOf, type Settings } from './settings/settings.js';

/** Leftovers of a crash are settled first, but a broker that is down must not keep the bot from Discord. */
const SETTLE_PATIENCE_MS = 5_000;

/**
 * Wires the Discord bot and starts it.
 * @param onFatal called when Discord has closed the connection for good
 * @returns how to stop everything, letting submissions under way finish
 */
export async function startBot(
  settings: Settings,
  log: Logger,
  onFatal: (reason: string) => void,
): Promise<() => Promise<void>> {
  const client = createClient(settings.DISCORD_API_URL ?? null);
  const token = settings.DISCORD_TOKEN.reveal();
  client.rest.setToken(token);
  const announcer = new DiscordAnnouncer(client, token, environmentOf(settings), log);
  const services = await composeServices(settings, log, { announcer, gateway: () => gatewayHealth(client) });
  const dispatcher = new Dispatcher(COMMANDS, services, log);
  const bot = new Bot(client, dispatcher, COMMANDS, settings.DISCORD_GUILD_ID ?? null, log);
  const stop = async () => {
    await services.submit.close();
    await bot.stop();
    await services.close();
  };
  try {
    const settled = services.settle.settleLeftovers().catch((error: unknown) => {
      log.error({ err: error }, 'settling what a former run left open failed');
    });
    await Promise.race([settled, services.clock.sleep(SETTLE_PATIENCE_MS)]);
    void services.watchAccount();
    await bot.start(token, onFatal);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

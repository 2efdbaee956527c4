import type { Logger } from 'pino';
import { addedPictures } from '../bot/added-pictures.js';
import { Bot } from '../bot/bot.js';
import { DiscordChannel } from '../bot/channel.js';
import { createClient } from '../bot/client.js';
import { DiscordPreviews } from '../bot/discord-previews.js';
import { Dispatcher } from '../bot/dispatcher.js';
import { gatewayHealth } from '../bot/gateway-health.js';
import { COMMANDS } from '../commands/index.js';
import { OnScreen } from '../commands/on-screen.js';
import { ResvgPictures } from '../pictures/resvg-pictures.js';
import type { Secrets } from '../ports/secrets.js';
import { CronTicker } from '../scheduler/cron-ticker.js';
import { systemClock } from '../scheduler/system-clock.js';
import { AccountNames } from '../services/accounts/account-names.js';
import { ErrandClock } from '../services/orders/errand-clock.js';
import { createReminderEngine } from '../services/reminders/engine/index.js';
import { environmentOf, type Settings } from '../settings/schema.js';
import { composeServices } from './compose.js';
import { discordTelling } from './discord-telling.js';
import { VERSION } from './version.js';

/**
 * Leftovers of a crash are settled first, but a broker that is down must not keep the bot from Discord, which gives
 * whoever asks meanwhile three seconds. What isn't settled by then stays reserved in the database.
 */
const SETTLE_PATIENCE_MS = 1_500;

/**
 * Wires the Discord bot and starts it.
 * @param secrets never posted, whatever a message holds
 * @param onFatal called when Discord has closed the connection for good
 * @returns how to stop everything, letting submissions under way finish; and when Discord is connected, which may take
 *   as long as Discord is away, while orders are settled and reminders wait
 */
export async function startBot(
  settings: Settings,
  log: Logger,
  secrets: Secrets,
  onFatal: (reason: string) => void,
): Promise<{ stop: () => Promise<void>; connected: Promise<void> }> {
  const client = createClient(settings.DISCORD_API_URL ?? null, secrets);
  const token = settings.DISCORD_TOKEN.reveal();
  client.rest.setToken(token);
  const channel = new DiscordChannel(client, token);
  const bot = new Bot(client, COMMANDS, settings.DISCORD_GUILD_ID ?? null, systemClock, log);
  // Where one account is named there is nothing to wait for.
  if (settings.TASTYTRADE_ACCOUNT.length === 1) bot.tellAccounts(false);
  const releases = [() => bot.stop()];
  const stop = async () => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  try {
    // Connecting takes a while, mostly waiting: the database opens meanwhile, and early interactions wait.
    const connected = bot.connect(token, onFatal);
    connected.catch(() => {});
    const names = new AccountNames();
    const pictures = settings.PICTURES ? new ResvgPictures(secrets) : null;
    const telling = {
      graceMs: settings.REMINDER_GRACE_MINUTES * 60_000,
      ...(pictures && { illustrate: addedPictures({ channel, pictures, log }) }),
    };
    const services = await composeServices(settings, log, {
      channel,
      ...discordTelling(environmentOf(settings), names, telling),
      secrets,
      names,
      gateway: () => gatewayHealth(client),
    });
    releases.unshift(() => services.close());
    const engine = createReminderEngine({
      ...services.running,
      deliverer: services.deliverer,
      ticker: new CronTicker(log),
      clock: services.clock,
      log,
      version: VERSION,
      rules: { graceMs: telling.graceMs },
    });
    releases.push(() => engine.stop());
    releases.push(() => services.submit.close());
    releases.push(() => services.cancels.close());
    const previews = new DiscordPreviews(channel, log);
    const errands = new ErrandClock({ ...services, ticker: new CronTicker(log), previews });
    releases.push(() => errands.stop());
    const settled = services.settle.takeUpLeftovers();
    await Promise.race([settled, services.clock.sleep(SETTLE_PATIENCE_MS)]);
    errands.start();
    services.deliverer.start(new CronTicker(log));
    releases.push(async () => pictures?.stop());
    bot.serve(new Dispatcher(COMMANDS, { ...services, pictures, onScreen: new OnScreen() }, log));
    void services.watchAccounts((several) => bot.tellAccounts(several));
    services.running.market.start();
    engine.start();
    return { stop, connected };
  } catch (error) {
    await stop();
    throw error;
  }
}

import './settings/env.js';
import { createLogger } from './app/log.js';
import { UserError } from './domain/errors.js';
import { notStartedText, wordsOf } from './screens/failures/index.js';
import { hiddenIn } from './settings/hidden.js';
import { readSettings } from './settings/schema.js';

/** Starts the bot and keeps the promise that the process never ends without saying why. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const secrets = hiddenIn(settings);
  const log = createLogger(settings.LOG_LEVEL, secrets);
  const { startBot } = await import('./app/start-bot.js');

  let stopping = false;
  let stopBot = async () => {};
  const stop = (reason: string, exitCode: number) => {
    if (stopping) return;
    stopping = true;
    log[exitCode === 0 ? 'info' : 'fatal']({ exitCode }, `stopping: ${reason}`);
    const forced = setTimeout(() => process.exit(exitCode || 1), 30_000);
    stopBot()
      .catch((error: unknown) => log.error({ err: error }, 'stopping failed'))
      .finally(() => {
        clearTimeout(forced);
        process.exit(exitCode);
      });
  };
  process.on('SIGINT', () => stop('interrupted', 0));
  process.on('SIGTERM', () => stop('terminated', 0));
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection; going on'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception');
    stop('an uncaught exception', 1);
  });

  try {
    const bot = await startBot(settings, log, secrets, (reason) => stop(reason, 1));
    stopBot = bot.stop;
    await bot.connected;
  } catch (error) {
    // Whoever stops it while it waits for Discord wants no reasons.
    if (stopping && !(error instanceof UserError)) return;
    log.fatal({ err: error }, 'could not start');
    process.stderr.write(`${secrets.scrub(notStartedText(error))}\n`);
    await stopBot().catch((failure: unknown) => log.error({ err: failure }, 'stopping failed'));
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof UserError ? wordsOf(error).what : String(error)}\n`);
  process.exit(1);
});

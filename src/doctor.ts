import './settings/env.js';
import { setUpBroker } from './broker-setup.js';
import { systemClock } from './clock.js';
import { checkBroker } from './doctor/broker.js';
import { Checklist, Finding } from './doctor/checklist.js';
import { checkDatabase } from './doctor/database.js';
import { checkDiscord } from './doctor/discord.js';
import { createLogger } from './log.js';
import { environmentOf, readSettings, type Settings } from './settings/settings.js';

/**
 * `npm run doctor`: looks at each thing the bot stands on, one line each, and says what to mend. It sends no order and
 * no message and registers no command. The one thing it changes is the database, which it creates or migrates as a
 * start would. `BROKER=paper` is simulated in memory, so a bot running beside it is not disturbed. Exit code 0 when
 * all is well, 1 otherwise.
 */
async function main(): Promise<number> {
  const print = (line: string) => console.log(line);
  print('profit-target-bot doctor\n');
  const first = new Checklist(print);
  const settings = await first.step('settings', async () => {
    const read = readSettings(process.env);
    return [read, `${environmentOf(read)}${read.READ_ONLY ? ', read-only: no order leaves' : ''}`];
  });
  const list = new Checklist(print, settings ? secretsOf(settings) : []);
  if (settings) await examine(list, settings);
  const failed = first.failed + list.failed;
  print(failed === 0 ? '\nAll is well.' : `\n${failed} of the steps above failed.`);
  return failed === 0 ? 0 : 1;
}

async function examine(list: Checklist, settings: Settings): Promise<void> {
  const log = createLogger('silent');
  await list.step('who may place orders', () => traders(settings));
  await checkDiscord(list, settings);
  await checkDatabase(list, settings, log);
  const setup = await list.step('broker address', async () => [
    await setUpBroker(settings, systemClock, log, 'memory'),
    'trusted with the credentials',
  ]);
  if (setup) await checkBroker(list, setup.broker, settings);
}

async function traders(settings: Settings): Promise<readonly [true, string]> {
  const [users, roles] = [settings.TRADER_USER_IDS.length, settings.TRADER_ROLE_IDS.length];
  if (users + roles > 0) return [true, `${users} named user(s), ${roles} role(s)`];
  throw new Finding('nobody may', 'Name yourself in TRADER_USER_IDS, or a role in TRADER_ROLE_IDS.');
}

/** All that must not be printed even if some library puts it into an error. */
function secretsOf(settings: Settings): string[] {
  const { DISCORD_TOKEN, TASTYTRADE_CLIENT_SECRET, TASTYTRADE_REFRESH_TOKEN, DATABASE_URL } = settings;
  const tokens = [DISCORD_TOKEN, TASTYTRADE_CLIENT_SECRET, TASTYTRADE_REFRESH_TOKEN];
  return [...tokens.flatMap((each) => each?.reveal() ?? []), ...passwordsIn(DATABASE_URL)];
}

/** As written and as meant; shorter ones are words of any line. */
function passwordsIn(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { password, searchParams } = new URL(address);
  const meant = new URLSearchParams(`password=${password.replaceAll('+', '%2B')}`).get('password') ?? '';
  return [password, meant, searchParams.get('password') ?? ''].filter(({ length }) => length >= 4);
}

// Whatever a look left open must not keep the process.
process.exit(await main());

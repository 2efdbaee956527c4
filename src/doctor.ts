import './settings/env.js';
import { setUpBroker } from './app/broker-setup.js';
import { createLogger } from './app/log.js';
import { checkBroker } from './doctor/broker.js';
import { Checklist, Finding } from './doctor/checklist.js';
import { checkDatabase } from './doctor/database.js';
import { checkDiscord } from './doctor/discord.js';
import { checkPictures } from './doctor/pictures.js';
import { Secrets } from './ports/secrets.js';
import { systemClock } from './scheduler/system-clock.js';
import { FAULTS, outcomeText, SEEN, STEPS } from './screens/doctor.js';
import { EVERYONE } from './services/access/access.js';
import { hiddenIn } from './settings/hidden.js';
import { environmentOf, readSettings, type Settings } from './settings/schema.js';

/**
 * `npm run doctor`: looks at each thing the bot stands on, one line each, and says what to mend. It sends no order and
 * no message and registers no command. The one thing it changes is the database, which it creates or migrates as a
 * start would. `BROKER=paper` is simulated in memory, so a bot running beside it is not disturbed. Exit code 0 when
 * all is well, 1 otherwise.
 */
async function main(): Promise<number> {
  const print = (line: string) => console.log(line);
  print('profit-target-bot doctor\n');
  const first = new Checklist(print, new Secrets());
  const settings = await first.step(STEPS.settings, async () => {
    const read = readSettings(process.env);
    return [read, SEEN.settings(environmentOf(read), read.READ_ONLY)];
  });
  const secrets = settings ? hiddenIn(settings) : new Secrets();
  const list = new Checklist(print, secrets);
  if (settings) await examine(list, settings, secrets);
  const failed = first.failed + list.failed;
  print(outcomeText(failed));
  return failed === 0 ? 0 : 1;
}

async function examine(list: Checklist, settings: Settings, secrets: Secrets): Promise<void> {
  const log = createLogger('silent');
  await list.step(STEPS.traders, () => traders(settings));
  await list.step(STEPS.viewers, () => viewers(settings));
  await checkDiscord(list, settings);
  await checkDatabase(list, settings, log);
  await list.step(STEPS.pictures, () => checkPictures(settings, secrets));
  const setup = await list.step(STEPS.address, async () => [
    await setUpBroker(settings, systemClock, log, { secrets, paperState: 'memory' }),
    SEEN.address,
  ]);
  if (setup) await checkBroker(list, setup.broker, settings);
}

async function traders(settings: Settings): Promise<readonly [true, string]> {
  const [users, roles] = [settings.TRADER_USER_IDS.length, settings.TRADER_ROLE_IDS.length];
  if (users + roles > 0) return [true, SEEN.traders(users, roles)];
  throw new Finding(FAULTS.noTraders);
}

async function viewers({
  VIEWER_USER_IDS: users,
  VIEWER_ROLE_IDS: roles,
}: Settings): Promise<readonly [true, string]> {
  if ([...users, ...roles].includes(EVERYONE)) return [true, SEEN.everyone];
  if (users.length + roles.length === 0) return [true, SEEN.tradersOnly];
  return [true, SEEN.viewers(users.length, roles.length)];
}

// Whatever a look left open must not keep the process.
main().then((code) => process.exit(code));

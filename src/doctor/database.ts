import type { Logger } from 'pino';
import { openStore } from '../db/index.js';
import { SEEN, STEPS } from '../screens/doctor.js';
import { assertDatabaseOwner } from '../services/status/database-owner.js';
import { environmentOf, type Settings } from '../settings/schema.js';
import type { Checklist } from './checklist.js';

/** Opens it, which creates and migrates it where needed, but doesn't claim a new one for an environment. */
export async function checkDatabase(list: Checklist, settings: Settings, log: Logger): Promise<void> {
  await list.step(STEPS.database, async () => {
    const store = await openStore(settings.DATABASE_URL, { logger: log });
    try {
      const owner = await assertDatabaseOwner(store.state, environmentOf(settings));
      const { driver } = await store.check();
      return [true, SEEN.database(driver, owner)];
    } finally {
      await store.close();
    }
  });
}

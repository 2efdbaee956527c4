import type { DatabaseHealth } from '../ports/database-health.js';
import { remember } from './bot-state.js';
import type { Database } from './database.js';
import { countPending } from './migrate.js';

export function databaseHealth(database: Database): DatabaseHealth {
  return {
    async check() {
      const pendingMigrations = await database.read(countPending);
      if (pendingMigrations > 0) throw new Error(`the database lacks ${pendingMigrations} migrations`);
      // The same row with the same value: a write that is on disk, however often, and no row more.
      await database.write((m) => remember(m, 'write-check', 'ok'));
      return { driver: database.driver, pendingMigrations };
    },
  };
}

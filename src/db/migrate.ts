import type { Logger } from 'pino';
import { type EntityManager, MigrationExecutor } from 'typeorm';
import { UserError } from '../domain/errors.js';
import { MIGRATIONS } from './migrations/index.js';

const NAMES = MIGRATIONS.map((migration) => migration.name);

/**
 * Applies what is missing, all of it or nothing, inside the caller's transaction, which must already keep
 * other processes out. Throws a UserError on a database that newer code has written.
 */
export async function applyMigrations(manager: EntityManager, logger: Logger): Promise<void> {
  const runner = manager.queryRunner;
  if (!runner) throw new Error('migrations need a transaction');
  const executor = new MigrationExecutor(manager.connection, runner);
  executor.transaction = 'none';
  refuseNewer((await executor.getExecutedMigrations()).map((migration) => migration.name));
  const done = await executor.executePendingMigrations();
  if (done.length > 0) logger.info({ migrations: done.map(({ name }) => name) }, 'database migrated');
}

/** How many of our migrations the database lacks; throws as `applyMigrations` does. */
export async function countPending(manager: EntityManager): Promise<number> {
  const rows = await manager.query<{ name: string }[]>('SELECT "name" FROM "migrations"');
  const applied = rows.map((row) => row.name);
  refuseNewer(applied);
  return NAMES.filter((name) => !applied.includes(name)).length;
}

function refuseNewer(applied: string[]): void {
  const unknown = applied.filter((name) => !NAMES.includes(name));
  if (unknown.length === 0) return;
  throw new UserError('DATABASE_NEWER', { migrations: unknown });
}

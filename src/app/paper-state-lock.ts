import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import sqlite3 from 'sqlite3';
import { UserError } from '../domain/errors.js';

/**
 * Keeps a second process from running a paper broker on the same state file: each would write the account as it
 * knows it over the other's orders. The lock is SQLite's own on a file beside it. The operating system holds it for
 * the process, so it is gone with the process however that ends; nobody has to tell dead owners from living ones.
 *
 * @returns how to let go
 * @throws UserError `PAPER_STATE_IN_USE`
 */
export async function lockPaperState(stateFile: string): Promise<() => Promise<void>> {
  mkdirSync(dirname(stateFile), { recursive: true });
  const lock = await open(`${stateFile}.lock`);
  try {
    await run(lock, 'PRAGMA locking_mode = EXCLUSIVE');
    await run(lock, 'BEGIN EXCLUSIVE');
  } catch (error) {
    await close(lock);
    throw (error as { code?: string }).code === 'SQLITE_BUSY' ? inUse(stateFile) : error;
  }
  return () => close(lock);
}

function inUse(stateFile: string): UserError {
  return new UserError(
    'PAPER_STATE_IN_USE',
    `Another process runs a paper broker on ${stateFile}, and a second one would overwrite its orders. Nothing was started.`,
    'Stop the other one, or let both use one broker: run a paper broker of its own and name it in TASTYTRADE_API_URL ' +
      'and TASTYTRADE_STREAMER_URL. A separate account needs another PAPER_STATE_FILE.',
  );
}

function open(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database: sqlite3.Database = new sqlite3.Database(file, (error) =>
      error ? reject(error) : resolve(database),
    );
  });
}

function run(database: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.run(sql, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

function close(database: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    database.close((error) => (error ? reject(error) : resolve()));
  });
}

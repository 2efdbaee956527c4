import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import sqlite3 from 'sqlite3';

/** One whose parent was killed writes its last state and is gone in a moment; a broker that runs stays. */
const WAIT_MS = 1_000;

/** Another process holds the state file. */
class StateInUse extends Error {
  readonly code = 'STATE_IN_USE';
}

/**
 * Keeps a second process from running a paper broker on the same state file: each would write the account as it
 * knows it over the other's orders. The lock is SQLite's own on a file beside it. The operating system holds it for
 * the process, so it is gone with the process however that ends; nobody has to tell dead owners from living ones.
 *
 * @returns how to let go
 * @throws StateInUse
 */
export async function lockState(stateFile: string): Promise<() => Promise<void>> {
  mkdirSync(dirname(stateFile), { recursive: true });
  const lock = await open(`${stateFile}.lock`);
  try {
    lock.configure('busyTimeout', WAIT_MS);
    await run(lock, 'PRAGMA locking_mode = EXCLUSIVE');
    await run(lock, 'BEGIN EXCLUSIVE');
  } catch (error) {
    await close(lock);
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new StateInUse(`another process runs a paper broker on ${stateFile}`);
  }
  return () => close(lock);
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

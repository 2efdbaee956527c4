import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import sqlite3 from 'sqlite3';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import type { Database } from './database.js';
import { ENTITIES } from './entities/index.js';
import { FilePresence, presenceInMemory } from './file-presence.js';
import { applyMigrations } from './migrate.js';
import { MIGRATIONS } from './migrations/index.js';
import type { Presence } from './presence.js';
import { Gate, SerialQueue } from './queue.js';
import { sqlState } from './sql-state.js';
import { told } from './trouble.js';

/** How long a write waits for another program's lock: whoever pressed a button is to be told within three seconds. */
const LOCK_PATIENCE_MS = 2_000;
/** At start another process may be migrating. */
const START_PATIENCE_MS = 20_000;
/** We wait for a lock ourselves: while SQLite waits, it keeps a thread that others need. */
const NO_WAIT_MS = 1;
const READ_PATIENCE_MS = 1_000;
const LONGEST_PAUSE_MS = 25;
const WAL_ATTEMPTS = 50;

/**
 * SQLite through TypeORM, which has exactly one connection per data source: two transactions on it would run
 * into each other, and a read would see the open transaction's half-done rows. So writers queue here, and
 * readers get a read-only connection of their own, which WAL shows the last commit and never blocks. A
 * database in memory can't have a second connection: there, reads queue with the writes.
 */
class SqliteDatabase implements Database {
  readonly driver = 'sqlite';
  readonly #gate = new Gate();
  readonly #writes = new SerialQueue();
  /** The last write waited for a lock in vain. */
  #locked = false;

  constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource | null,
    private readonly logger: Logger,
    readonly presence: Presence,
  ) {}

  read<T>(query: (manager: EntityManager) => Promise<T>): Promise<T> {
    const { reader, writer } = this;
    return this.#gate.pass(() =>
      told(reader ? query(reader.manager) : this.#writes.run(() => query(writer.manager))),
    );
  }

  write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const asked = performance.now();
    return this.#gate.pass(() => told(this.#writes.run(() => this.#inTurn(work, asked))));
  }

  /** Behind others that waited in vain, the time in the queue counts too: nobody waits longer than the first. */
  async #inTurn<T>(work: (manager: EntityManager) => Promise<T>, asked: number): Promise<T> {
    const until = (this.#locked ? asked : performance.now()) + LOCK_PATIENCE_MS;
    try {
      const result = await inTransaction(this.writer, work, this.logger, until);
      this.#locked = false;
      return result;
    } catch (error) {
      this.#locked = isBusy(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    if (!(await this.#gate.close())) return;
    await this.presence.leave();
    await this.reader?.destroy();
    await this.writer.destroy();
  }
}

/**
 * TypeORM begins transactions *deferred*: the first read fixes the view, and the first write then fails at
 * once if another process wrote in between. IMMEDIATE takes the write lock first, waiting for its turn.
 */
async function inTransaction<T>(
  source: DataSource,
  work: (manager: EntityManager) => Promise<T>,
  logger: Logger,
  until: number,
): Promise<T> {
  const runner = source.createQueryRunner();
  await begin(runner, until);
  try {
    const result = await work(runner.manager);
    await runner.query('COMMIT');
    return result;
  } catch (error) {
    await rollBack(runner, logger);
    throw error;
  }
}

async function begin(runner: QueryRunner, until: number): Promise<void> {
  for (;;) {
    try {
      await runner.query('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw error;
      await sleep(1 + Math.random() * LONGEST_PAUSE_MS);
    }
  }
}

function isBusy(error: unknown): boolean {
  return sqlState(error) === 'SQLITE_BUSY';
}

/** SQLite rolls back by itself after some errors (disk full, I/O); then there is nothing left to undo. */
async function rollBack(runner: QueryRunner, logger: Logger): Promise<void> {
  try {
    await runner.query('ROLLBACK');
  } catch (error) {
    if (!String(error).includes('no transaction is active')) logger.error({ err: error }, 'rollback failed');
  }
}

/** Opens (and creates) a database file, or `:memory:`, with every migration applied. */
export async function openSqlite(file: string, logger: Logger): Promise<Database> {
  const inMemory = file === ':memory:';
  if (!inMemory) createPrivately(file);
  const writer = await new DataSource({ ...options(file, NO_WAIT_MS), migrations: MIGRATIONS }).initialize();
  let reader: DataSource | null = null;
  try {
    if (!inMemory) await useWriteAheadLog(writer);
    // FULL: a commit has reached the disk when it returns, so an intent survives a power cut.
    await writer.query('PRAGMA synchronous = FULL');
    const until = performance.now() + START_PATIENCE_MS;
    await inTransaction(writer, (manager) => applyMigrations(manager, logger), logger, until);
    if (!inMemory) {
      reader = await new DataSource({
        ...options(file, READ_PATIENCE_MS),
        flags: sqlite3.OPEN_READONLY,
      }).initialize();
    }
    const presence = inMemory ? presenceInMemory() : new FilePresence(file);
    return new SqliteDatabase(writer, reader, logger, presence);
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

/**
 * TypeORM asks for the driver's verbose mode, which takes a stack and writes out all values at every statement, a plan's
 * long payload too, for an error that hardly ever comes.
 */
const terse = { verbose: () => sqlite3 };

/** Foreign keys are switched on by TypeORM's driver at every connect. */
function options(file: string, busyTimeout: number) {
  return {
    type: 'sqlite',
    driver: terse,
    database: file,
    entities: ENTITIES,
    busyTimeout,
    synchronize: false,
    logging: false,
  } as const;
}

/** The file holds account numbers and orders: nobody else on the machine may read it. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

/** Switching a new file to WAL ignores the busy timeout, so two processes starting at once need patience. */
async function useWriteAheadLog(source: DataSource): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [row] = await source.query<{ journal_mode: string }[]>('PRAGMA journal_mode = WAL');
      if (row?.journal_mode === 'wal') return;
      throw new Error(`journal mode is ${row?.journal_mode}, wanted wal`);
    } catch (error) {
      if (!String(error).includes('SQLITE_BUSY') || attempt === WAL_ATTEMPTS) throw error;
      await sleep(100);
    }
  }
}

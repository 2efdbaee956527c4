import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { UserError } from '../domain/errors.js';
import type { Database, Wait } from './database.js';
import { ENTITIES } from './entities/index.js';
import { Hearing } from './hearing.js';
import { applyMigrations } from './migrate.js';
import { MIGRATIONS } from './migrations/index.js';
import { PatientClient } from './patient-client.js';
import type { Presence } from './presence.js';
import { Gate } from './queue.js';
import { SessionPresence } from './session-presence.js';
import { sqlState } from './sql-state.js';
import { told } from './trouble.js';
import { Turns } from './turns.js';

/** A start may find a server that is starting too. */
const START_TIMEOUT_MS = 10_000;
/** How long a statement waits for another program's lock: whoever pressed a button is to be told within three seconds. */
const LOCK_PATIENCE_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 2_500;
/** A server that says nothing for longer, though it would have given up a statement by then, hangs. */
const ANSWER_PATIENCE_MS = 2_700;
/** Any number, the same in every process of this bot: whoever migrates holds this lock. */
const MIGRATION_LOCK = 7_305_117;

/**
 * How often a transaction may run, by the error that ended it. After these PostgreSQL has certainly undone
 * it and another run can differ: serialization failure, deadlock, and a unique clash (somebody inserted
 * between our look and our insert; the next run's look sees it, so a clash that stays is a real one).
 * A lost connection is not among them: the commit may have happened.
 */
const ATTEMPTS = new Map([
  ['40001', 12],
  ['40P01', 12],
  ['23505', 4],
]);

/**
 * PostgreSQL with a pool and real transactions. Whoever finds no connection free waits here in line and not in the
 * pool, whose own patience would end a hundred presses at once with an error. READ COMMITTED is enough because whoever changes a plan or
 * its intents locks the plan's row first, and what crosses plans is kept apart by unique indexes.
 */
class PostgresDatabase implements Database {
  readonly driver = 'postgres';
  readonly #gate = new Gate();
  readonly #hearing = new Hearing(ANSWER_PATIENCE_MS);
  readonly #turns: Turns;

  constructor(
    private readonly source: DataSource,
    poolSize: number,
    readonly presence: Presence,
  ) {
    this.#turns = new Turns(poolSize);
  }

  read<T>(query: (manager: EntityManager) => Promise<T>, wait?: Wait): Promise<T> {
    return this.#gate.pass(() =>
      told(this.#turns.pass(() => this.#hearing.listen(() => query(this.source.manager)), wait)),
    );
  }

  /** A clash gives its turn back before it is run again: who waits longest is next. */
  write<T>(work: (manager: EntityManager) => Promise<T>, wait?: Wait): Promise<T> {
    const once = () =>
      this.#turns.pass(
        () => this.#hearing.listen(() => this.source.transaction('READ COMMITTED', work)),
        wait,
      );
    return this.#gate.pass(() => told(repeatClashes(once)));
  }

  async close(): Promise<void> {
    // A server that hangs answers no farewell either.
    if (!(await this.#gate.close())) return;
    const farewell = Promise.all([this.presence.leave(), this.source.destroy()]);
    const over = new AbortController();
    // Once it is over, nothing keeps the process.
    await Promise.race([farewell, sleep(ANSWER_PATIENCE_MS, null, over)]).finally(() => over.abort());
  }
}

/** Waits a little longer each time, by a random share, so that two clashing writers drift apart. */
async function repeatClashes<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= (ATTEMPTS.get(sqlState(error) ?? '') ?? 1)) throw error;
      await sleep(Math.random() * 5 * 2 ** Math.min(attempt, 6));
    }
  }
}

/** Connects and applies every migration; processes that start together migrate one after another. */
export async function openPostgres(url: string, logger: Logger, poolSize: number): Promise<Database> {
  await prepare(url, logger);
  const source = await new DataSource({
    ...options(url, logger),
    connectTimeoutMS: ANSWER_PATIENCE_MS,
    poolSize,
    extra: {
      Client: PatientClient,
      query_timeout: ANSWER_PATIENCE_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_PATIENCE_MS,
    },
  }).initialize();
  try {
    const presence = await SessionPresence.begin(session(url), logger);
    return new PostgresDatabase(source, poolSize, presence);
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

function session(url: string) {
  return {
    connectionString: url,
    application_name: 'profit-target-bot',
    connectionTimeoutMillis: ANSWER_PATIENCE_MS,
    query_timeout: ANSWER_PATIENCE_MS,
  };
}

/** On a connection of its own, without a deadline: another process may be migrating, which takes as long as it takes. */
async function prepare(url: string, logger: Logger): Promise<void> {
  const source = await new DataSource({
    ...options(url, logger),
    migrations: MIGRATIONS,
    connectTimeoutMS: START_TIMEOUT_MS,
    poolSize: 1,
  }).initialize();
  try {
    await demandDurability(source);
    await source.transaction('READ COMMITTED', async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await applyMigrations(manager, logger);
    });
  } finally {
    await source.destroy();
  }
}

function options(url: string, logger: Logger) {
  return {
    type: 'postgres',
    url,
    entities: ENTITIES,
    synchronize: false,
    logging: false,
    applicationName: 'profit-target-bot',
    poolErrorHandler: (error: unknown) =>
      logger.warn({ reason: wordsOf(error) }, 'a database connection broke'),
  } as const;
}

/** Of the error the words only: pg hangs the client, and with it the login, on what it reports here. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** With asynchronous commits a power cut could forget an intent whose order has left. */
async function demandDurability(source: DataSource): Promise<void> {
  const [row] = await source.query<{ synchronous_commit: string }[]>('SHOW synchronous_commit');
  if (row?.synchronous_commit !== 'off') return;
  throw new UserError('DATABASE_NOT_DURABLE', {});
}

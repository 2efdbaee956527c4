import type { Logger } from 'pino';
import { UserError } from '../domain/errors.js';
import type { Boards } from '../ports/boards.js';
import type { BotState } from '../ports/bot-state.js';
import { type DatabaseUrl, parseDatabaseUrl } from '../ports/database-url.js';
import type { Exits } from '../ports/exits.js';
import type { Halts } from '../ports/halts.js';
import type { Notices } from '../ports/notices.js';
import type { OrderArchive } from '../ports/order-archive.js';
import type { Outbox } from '../ports/outbox.js';
import type { People } from '../ports/people.js';
import type { Processes } from '../ports/processes.js';
import type { ReminderStore } from '../ports/reminder-store.js';
import type { Store } from '../ports/store.js';
import { DatabaseBotState } from './bot-state.js';
import type { Database } from './database.js';
import { databaseHealth } from './health.js';
import { DatabaseOrderArchive } from './order-archive.js';
import { DatabaseOutbox } from './outbox.js';
import { DatabasePeople } from './people.js';
import { processesOf } from './processes.js';
import { DatabaseReminderStore } from './reminder-store.js';
import { auditTrail } from './stores/audit.js';
import { boards } from './stores/boards.js';
import { cancels } from './stores/cancels.js';
import { closings } from './stores/closings.js';
import { errandStore } from './stores/errands.js';
import { exits } from './stores/exits.js';
import { halts } from './stores/halts.js';
import { notices } from './stores/notices.js';
import { orderIntents } from './stores/order-intents.js';
import { placedOrders } from './stores/placed-orders.js';
import { plans } from './stores/plans.js';
import { positionStore } from './stores/positions.js';

export { StoreRefusal } from './errors.js';
export type { Database };

/** Connections to PostgreSQL that one process holds at most, unless told otherwise. */
const POOL_SIZE = 10;

/** All the bot remembers: orders and what leads to them, and beside them what is a store of its own. */
export type BotStore = Store &
  Halts &
  Boards & {
    readonly reminders: ReminderStore;
    readonly archive: OrderArchive;
    readonly outbox: Outbox;
    readonly processes: Processes;
    readonly people: People;
    readonly notices: Notices;
    readonly exits: Exits;
    readonly state: BotState;
    close(): Promise<void>;
  };

interface Options {
  logger: Logger;
  poolSize?: number;
}

/**
 * Opens the bot's memory: creates what is missing, applies migrations, and answers only once both are done.
 *
 * @param url `sqlite:<path>`, `sqlite::memory:` or `postgres://…`; a relative path starts at the working
 *   directory
 * @throws UserError `DATABASE_URL_INVALID`, `DATABASE_UNREACHABLE`, `DATABASE_NEWER`, `DATABASE_NOT_DURABLE`;
 *   none of them repeats the URL, which may hold a password
 */
export async function openStore(url: string, options: Options): Promise<BotStore> {
  return storesOf(await openDatabase(url, options), options.logger);
}

/** As `openStore`, and nothing above it. */
export async function openDatabase(
  url: string,
  { logger, poolSize = POOL_SIZE }: Options,
): Promise<Database> {
  const where = parseDatabaseUrl(url);
  const database = await open(where, logger, poolSize).catch((error: unknown) => {
    throw error instanceof UserError ? error : unreachable(where, error);
  });
  logger.debug({ driver: database.driver }, 'database open');
  return database;
}

/** Each aggregate's port, implemented in a file of its own; each writing method is one transaction. */
export function storesOf(database: Database, logger: Logger): BotStore {
  const { leave, ...processes } = processesOf(database);
  return {
    ...plans(database),
    ...errandStore(database),
    ...orderIntents(database, logger),
    ...placedOrders(database, logger),
    ...positionStore(database, logger),
    ...auditTrail(database),
    ...cancels(database),
    ...closings(database),
    ...databaseHealth(database),
    ...halts(database),
    ...boards(database),
    reminders: new DatabaseReminderStore(database),
    archive: new DatabaseOrderArchive(database),
    outbox: new DatabaseOutbox(database),
    people: new DatabasePeople(database),
    notices: notices(database),
    exits: exits(database),
    state: new DatabaseBotState(database),
    processes,
    close: async () => {
      await leave();
      await database.close();
    },
  };
}

/** A driver is loaded only if it is wanted. */
async function open(where: DatabaseUrl, logger: Logger, poolSize: number): Promise<Database> {
  if (where.driver === 'sqlite') return (await import('./sqlite.js')).openSqlite(where.file, logger);
  return (await import('./postgres.js')).openPostgres(where.url, logger, poolSize);
}

function unreachable(where: DatabaseUrl, error: unknown): UserError {
  const name = where.driver === 'sqlite' ? where.file : `PostgreSQL at ${where.name}`;
  const failure = new UserError('DATABASE_UNREACHABLE', { name, said: reasonOf(error) });
  failure.cause = error;
  return failure;
}

/** A refused connection is an AggregateError without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}

import { DatabaseFailure } from '../domain/errors.js';
import type { DatabaseTrouble } from '../domain/failures.js';
import { sqlState } from './sql-state.js';
import { NoTurn } from './turns.js';

/** https://www.sqlite.org/rescode.html and https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BY_CODE: Record<string, DatabaseTrouble> = {
  SQLITE_BUSY: 'locked',
  SQLITE_LOCKED: 'locked',
  SQLITE_FULL: 'full',
  SQLITE_READONLY: 'read-only',
  SQLITE_PERM: 'read-only',
  SQLITE_IOERR: 'broken',
  SQLITE_CORRUPT: 'broken',
  SQLITE_NOTADB: 'broken',
  SQLITE_CANTOPEN: 'away',
  // lock_not_available
  '55P03': 'locked',
  // disk_full
  '53100': 'full',
  // read_only_sql_transaction
  '25006': 'read-only',
  // out_of_memory, too_many_connections, configuration_limit_exceeded
  '53200': 'busy',
  '53300': 'busy',
  '53400': 'busy',
  // query_canceled, which here is a statement that ran out of time
  '57014': 'busy',
  // admin_shutdown, crash_shutdown, cannot_connect_now
  '57P01': 'away',
  '57P02': 'away',
  '57P03': 'away',
  // io_error, data_corrupted, index_corrupted
  '58030': 'broken',
  XX001: 'broken',
  XX002: 'broken',
  ECONNREFUSED: 'away',
  ECONNRESET: 'away',
  EPIPE: 'away',
  ETIMEDOUT: 'away',
  EHOSTUNREACH: 'away',
  ENETUNREACH: 'away',
  ENOTFOUND: 'away',
  EAI_AGAIN: 'away',
};

/** The driver's own errors have words only. */
const BY_WORDS: [RegExp, DatabaseTrouble][] = [
  [/query read timeout|timeout exceeded when trying to connect/i, 'away'],
  [/connection terminated|client has encountered a connection error|not queryable/i, 'away'],
];

const SILENCE = /query read timeout|timeout exceeded when trying to connect|due to connection timeout/i;

/** What of the work's failure is the database's own trouble becomes a `DatabaseFailure`; all else stays as it is. */
export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const trouble = troubleOf(error);
    throw trouble ? new DatabaseFailure(trouble, error) : error;
  }
}

/** Null for an error that says nothing about the database's health. */
export function troubleOf(error: unknown): DatabaseTrouble | null {
  if (error instanceof NoTurn) return 'busy';
  if (error instanceof AggregateError) return error.errors.map(troubleOf).find((found) => found) ?? null;
  const code = sqlState(error) ?? codeOf(error);
  // Class 08: connection exceptions.
  if (code?.startsWith('08')) return 'away';
  if (code !== null && Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? null;
  const words = error instanceof Error ? error.message : '';
  return BY_WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** Nothing came back in time: neither an answer nor a refusal. */
export function isSilence(error: unknown): boolean {
  return error instanceof Error && SILENCE.test(error.message);
}

function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}

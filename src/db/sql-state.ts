import { QueryFailedError } from 'typeorm';

/** The database's own code of a failed query: PostgreSQL's five characters, SQLite's name; null for every other error. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof QueryFailedError)) return null;
  const { code } = error.driverError as { code?: unknown };
  return typeof code === 'string' ? code : null;
}

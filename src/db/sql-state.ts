import { QueryFailedError } from 'typeorm';

/** PostgreSQL's five-character code of a failed query; null for every other error. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof QueryFailedError)) return null;
  const { code } = error.driverError as { code?: unknown };
  return typeof code === 'string' ? code : null;
}

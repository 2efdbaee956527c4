import { UserError } from '../domain/errors.js';
import type { Failures } from '../domain/failures.js';

export type DatabaseUrl =
  | { driver: 'sqlite' /** A path, or `:memory:`. */; file: string }
  | {
      driver: 'postgres';
      url: string /** Host, port and database, fit for a log: no user, no password. */;
      name: string;
    };

/** Reads `DATABASE_URL`. Throws a UserError that never repeats the value: it may hold a password. */
export function parseDatabaseUrl(value: string): DatabaseUrl {
  const scheme = /^([a-z]+):/i.exec(value)?.[1]?.toLowerCase();
  if (scheme === 'sqlite') return { driver: 'sqlite', file: sqliteFile(value.slice('sqlite:'.length)) };
  if (scheme === 'postgres' || scheme === 'postgresql') {
    return { driver: 'postgres', url: value, name: postgresName(value) };
  }
  throw invalid('scheme');
}

/** `sqlite:./a`, `sqlite:/a` and `sqlite:///a` are clear; `sqlite://a` could mean a host and is refused. */
function sqliteFile(rest: string): string {
  const file = rest.startsWith('///') ? rest.slice(2) : rest;
  if (file === '') throw invalid('no-file');
  if (file.startsWith('//')) throw invalid('sqlite-host');
  if (/[?#]/.test(file)) throw invalid('sqlite-query');
  return file;
}

function postgresName(value: string): string {
  if (!URL.canParse(value)) throw invalid('no-url');
  const { host, pathname, searchParams } = new URL(value);
  if (pathname.length < 2) throw invalid('no-database');
  return `${host || searchParams.get('host') || 'localhost'}${pathname}`;
}

function invalid(why: Failures['DATABASE_URL_INVALID']['why']): UserError {
  return new UserError('DATABASE_URL_INVALID', { why });
}

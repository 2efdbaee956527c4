import type { ApiError } from '../base/api-error.js';

/** One REST request of a bot and what became of it. */
export interface LogEntry {
  n: number;
  /** ISO instant of the server's clock. */
  at: string;
  method: string;
  path: string;
  /** The route in the OpenAPI file's spelling; null: no such route. */
  route: string | null;
  /** 0 while unanswered, and when the connection was reset before anything happened. */
  status: number;
  app?: string;
  body?: unknown;
  files?: { name: string; filename: string; size: number }[];
  refused?: { code: number; message: string; errors?: Record<string, unknown> };
  fault?: string;
  reply_faults?: unknown[];
}

const MAX_ENTRIES = 50_000;
const INVALID_FORM = 50035;

/** Remembers every request of the bots, for tests that ask what was really sent. */
export class RequestLog {
  private entries: LogEntry[] = [];
  private next = 1;
  /** Counts towards Discord's ban limit: 401, 403 and 429 that is not shared. */
  invalid = 0;
  /** Answers with code 50035. */
  refused = 0;

  open(at: string, method: string, path: string, route: string | null): LogEntry {
    const entry: LogEntry = { n: this.next, at, method, path, route, status: 0 };
    this.next += 1;
    this.entries.push(entry);
    if (this.entries.length > MAX_ENTRIES) this.entries.shift();
    return entry;
  }

  refuse(entry: LogEntry, error: ApiError): void {
    entry.refused = {
      code: error.code,
      message: error.message,
      ...(error.errors ? { errors: error.errors } : {}),
    };
    if (error.code === INVALID_FORM) this.refused += 1;
  }

  close(entry: LogEntry, status: number, scope: string | null): void {
    entry.status = status;
    if (status === 401 || status === 403 || (status === 429 && scope !== 'shared')) this.invalid += 1;
  }

  /** Entries after number `n`, oldest first. */
  since(n: number): LogEntry[] {
    return this.entries.filter((entry) => entry.n > n);
  }
}

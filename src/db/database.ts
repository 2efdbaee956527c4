import type { EntityManager } from 'typeorm';
import type { Presence } from './presence.js';

/** How a job waits where no connection is free; what there is only one of (SQLite) goes in the order it came. */
export interface Wait {
  /** Orders leave or stay by it, and somebody waits for them: it goes before what tells and keeps. */
  first?: boolean;
  /** So long for its turn; then it never runs, and a `DatabaseFailure` says `busy`. */
  patienceMs?: number;
}

/**
 * The two doors to a database. Work gets its manager as an argument and must use no other: that is how a
 * function shows that it runs inside the caller's transaction.
 */
export interface Database {
  readonly driver: 'sqlite' | 'postgres';
  readonly presence: Presence;
  /** Runs a query that sees committed rows only. Each statement has its own view; it takes no write lock. */
  read<T>(query: (manager: EntityManager) => Promise<T>, wait?: Wait): Promise<T>;
  /**
   * Runs `work` in one transaction: all of it is committed when this resolves, none of it when it rejects
   * (a connection lost during the commit itself is the one case that can't be told; it rejects).
   * `work` may run more than once, so it must touch nothing but the database.
   * `work` must not call `read` or `write`.
   */
  write<T>(work: (manager: EntityManager) => Promise<T>, wait?: Wait): Promise<T>;
  /** Waits for what is under way; everything later is refused. May be called again. */
  close(): Promise<void>;
}

/** Thrown inside `write` to undo everything and still carry an answer out. */
export class RolledBack<T> extends Error {
  constructor(readonly answer: T) {
    super('rolled back on purpose');
    this.name = 'RolledBack';
  }
}

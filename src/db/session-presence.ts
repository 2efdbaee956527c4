import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { PatientClient } from './patient-client.js';
import type { Presence } from './presence.js';

/** Any number, the same in every process of this bot: of those who are there each has a lock in this class. */
const PRESENT = 7_305_118;
/** Who merely lost its connection is back by then. */
const AWAY_MS = 3_000;
const RETURN_MS = 500;

/**
 * On PostgreSQL each process holds an advisory lock by a session of its own: the server ends it with the connection, which
 * the system closes as soon as the process is gone, while a heartbeat would have to be missed for as long as a lease. A
 * process that only lost its connection comes back at once, so others are counted gone only a while after their lock; should
 * one still be wrong about it, the same nonce keeps what both post from doubling.
 */
export class SessionPresence implements Presence {
  readonly self = randomUUID();
  readonly sure = false;
  readonly #missing = new Map<string, number>();
  readonly #leaving = new AbortController();
  #session: PatientClient | null = null;
  #return: Promise<void> = Promise.resolve();

  private constructor(
    private readonly connection: pg.ClientConfig,
    private readonly log: Logger,
  ) {}

  /** @throws what connecting throws */
  static async begin(connection: pg.ClientConfig, log: Logger): Promise<SessionPresence> {
    const presence = new SessionPresence(connection, log);
    await presence.#enter();
    return presence;
  }

  async gone(others: readonly string[]): Promise<string[]> {
    if (!this.#session) return [];
    const { rows }: pg.QueryResult<{ name: string }> = await this.#session.query(
      `SELECT "name" FROM unnest($2::text[]) AS "name" WHERE NOT EXISTS (
        SELECT 1 FROM "pg_locks" WHERE "locktype" = 'advisory' AND "granted" AND "classid" = $1
          AND "objid"::bigint = hashtext("name")::bigint & 4294967295 AND "objsubid" = 2
          AND "database" = (SELECT "oid" FROM "pg_database" WHERE "datname" = current_database()))`,
      [PRESENT, [...others]],
    );
    const now = performance.now();
    const missing = rows.map(({ name }) => name).filter((name) => name !== this.self);
    for (const name of this.#missing.keys()) if (!missing.includes(name)) this.#missing.delete(name);
    for (const name of missing) if (!this.#missing.has(name)) this.#missing.set(name, now);
    return missing.filter((name) => now - (this.#missing.get(name) ?? now) >= AWAY_MS);
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#return;
    await this.#session?.end().catch(() => {});
  }

  async #enter(): Promise<void> {
    const session = new PatientClient({ ...this.connection, keepAlive: true });
    session.on('error', (error) => this.#broken(error));
    await session.connect();
    // Shared, so that two whose names have one hash stand side by side.
    await session.query('SELECT pg_advisory_lock_shared($1, hashtext($2))', [PRESENT, this.self]);
    this.#session = session;
    session.once('end', () => {
      this.#session = null;
      this.#return = this.#comeBack();
    });
  }

  #broken(error: unknown): void {
    this.log.warn({ reason: String(error) }, 'the session that tells others of this process is broken');
  }

  async #comeBack(): Promise<void> {
    while (!this.#leaving.signal.aborted) {
      await sleep(RETURN_MS);
      if (this.#leaving.signal.aborted) return;
      try {
        return await this.#enter();
      } catch (error) {
        this.#broken(error);
      }
    }
  }
}

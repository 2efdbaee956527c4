import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import sqlite3 from 'sqlite3';
import type { Presence } from './presence.js';

const MINUTE_MS = 60_000;

/** In memory nobody else can be. */
export function presenceInMemory(): Presence {
  return { self: randomUUID(), sure: true, gone: async () => [], leave: async () => {} };
}

/**
 * Beside a SQLite database each process has an empty file of its own and holds SQLite's lock on it. The system takes that
 * away with the process, however it ends and never before: who gets the lock knows that the other is gone. That works
 * wherever SQLite does, while a process number may be another's by now, or mean nothing in another container.
 */
export class FilePresence implements Presence {
  readonly self = randomUUID();
  readonly sure = true;
  readonly #lock: Promise<sqlite3.Database | null>;

  constructor(private readonly database: string) {
    closeSync(openSync(this.#file(this.self), 'a', 0o600));
    this.#lock = lockOf(this.#file(this.self));
  }

  async gone(others: readonly string[]): Promise<string[]> {
    await this.#lock;
    const named = this.#named().filter((name) => name !== this.self);
    const gone: string[] = [];
    for (const name of named) {
      const holds = others.includes(name);
      if (!(holds || this.#isOld(name)) || !(await isFree(this.#file(name)))) continue;
      if (holds) gone.push(name);
      else rmSync(this.#file(name), { force: true });
    }
    return gone;
  }

  async leave(): Promise<void> {
    const lock = await this.#lock;
    if (lock) await closed(lock);
    rmSync(this.#file(this.self), { force: true });
  }

  #file(process: string): string {
    return `${this.database}-held-by-${process}`;
  }

  /** One that has only begun may not have its lock yet. */
  #isOld(process: string): boolean {
    const begun = statSync(this.#file(process), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    return Date.now() - begun > MINUTE_MS;
  }

  #named(): string[] {
    const prefix = basename(this.#file(''));
    const names = readdirSync(dirname(this.database)).filter((name) => name.startsWith(prefix));
    return names.map((name) => name.slice(prefix.length));
  }
}

/** Held until it is closed. Null if somebody else has it. */
function lockOf(file: string): Promise<sqlite3.Database | null> {
  return new Promise((resolve, reject) => {
    const lock = new sqlite3.Database(file, sqlite3.OPEN_READWRITE, (unopened) => {
      if (unopened) return reject(unopened);
      lock.configure('busyTimeout', 1);
      // Nothing is ever written, so nothing has to be kept for undoing it.
      lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE', (held) => {
        if (!held) return resolve(lock);
        void closed(lock).then(() => resolve(null));
      });
    });
  });
}

async function isFree(file: string): Promise<boolean> {
  const lock = await lockOf(file).catch(() => null);
  if (lock) await closed(lock);
  return lock !== null;
}

function closed(lock: sqlite3.Database): Promise<void> {
  return new Promise((resolve) => lock.close(() => resolve()));
}

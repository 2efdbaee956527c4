import { DatabaseFailure } from '../domain/errors.js';
import { isSilence } from './trouble.js';

/** After a silence nobody else is let wait for as long. */
const PAUSE_MS = 1_000;

/**
 * Knows whether a server answers at all. One press takes several statements, and others stand behind it: without this
 * each would wait its own time for a server that hangs.
 */
export class Hearing {
  #answeredAt = performance.now();
  #silentUntil = 0;

  /** @param patienceMs how long one statement waits before it fails with a silence */
  constructor(private readonly patienceMs: number) {}

  /** @throws DatabaseFailure `away` without asking, right after somebody waited in vain while nobody else was answered */
  async listen<T>(work: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#silentUntil)
      throw new DatabaseFailure('away', 'it gave no answer a moment ago');
    try {
      const result = await work();
      this.#answeredAt = performance.now();
      return result;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  #note(error: unknown): void {
    const now = performance.now();
    if (!isSilence(error)) this.#answeredAt = now;
    else if (now - this.#answeredAt >= this.patienceMs) this.#silentUntil = now + PAUSE_MS;
  }
}

/** Runs jobs one after another in the order they were asked for; a failed job doesn't hold up the next. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

/** Counts what is under way, so that closing waits for it and lets nothing new begin. */
export class Gate {
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  /** Rejects once closed. */
  async pass<T>(job: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('the database is closed');
    const running = job();
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  /** True for the first caller only, once everything under way has ended. */
  async close(): Promise<boolean> {
    const first = !this.#closed;
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
    return first;
  }
}

/** Nobody's turn came in time. */
export class NoTurn extends Error {
  override readonly name = 'NoTurn';
}

/**
 * So many at once and the others in the order they came. It stands before a pool of connections, whose own wait would
 * end in an error of its own: here only those give up who asked for that.
 */
export class Turns {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /** @throws NoTurn if the job could not begin within `patienceMs`; then it never will */
  async pass<T>(job: () => Promise<T>, patienceMs = Number.POSITIVE_INFINITY): Promise<T> {
    await this.#turn(patienceMs);
    try {
      return await job();
    } finally {
      this.#next();
    }
  }

  #turn(patienceMs: number): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.add(begin);
      if (patienceMs === Number.POSITIVE_INFINITY) return;
      timer = setTimeout(() => {
        this.#waiting.delete(begin);
        reject(new NoTurn(`no connection was free within ${patienceMs} ms`));
      }, patienceMs);
    });
  }

  #next(): void {
    const [begin] = this.#waiting;
    if (begin === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(begin);
    begin();
  }
}

import type { Wait } from './database.js';

/** Nobody's turn came in time. */
export class NoTurn extends Error {
  override readonly name = 'NoTurn';
}

/**
 * So many at once; of the others those who may go first, and each kind in the order it came. It stands before a pool of
 * connections, whose own wait would end in an error of its own: here only those give up who asked for that.
 */
export class Turns {
  readonly #first = new Set<() => void>();
  readonly #others = new Set<() => void>();
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /** @throws NoTurn if the job could not begin within its patience; then it never will */
  async pass<T>(job: () => Promise<T>, wait: Wait = {}): Promise<T> {
    await this.#turn(wait);
    try {
      return await job();
    } finally {
      this.#next();
    }
  }

  #turn({ first = false, patienceMs }: Wait): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    const line = first ? this.#first : this.#others;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      line.add(begin);
      if (patienceMs === undefined) return;
      timer = setTimeout(() => {
        line.delete(begin);
        reject(new NoTurn(`no connection was free within ${patienceMs} ms`));
      }, patienceMs);
    });
  }

  #next(): void {
    const line = this.#first.size > 0 ? this.#first : this.#others;
    const [begin] = line;
    if (begin === undefined) {
      this.#free += 1;
      return;
    }
    line.delete(begin);
    begin();
  }
}

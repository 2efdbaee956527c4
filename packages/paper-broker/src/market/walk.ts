import { gaussian } from './random.js';

/** Width of one coarse step: 2^17 seconds, about a day and a half. */
const LEVELS = 17;
const BLOCK = 2 ** LEVELS;

/**
 * A Brownian path that can be read at any second, forwards or backwards, in any order, and is always the same
 * for the same seed: coarse steps are summed, then refined by midpoint displacement (Lévy's construction).
 * Value 0 at second 0; variance grows by 1 per second.
 */
export class Walk {
  readonly #sums = new Map<number, number>([[0, 0]]);

  constructor(private readonly seed: number) {}

  at(second: number): number {
    const block = Math.floor(second / BLOCK);
    let left = this.#coarse(block);
    let right = this.#coarse(block + 1);
    let from = block * BLOCK;
    let width = BLOCK;
    for (let level = 1; level <= LEVELS && second !== from; level += 1) {
      const half = width / 2;
      const middle = (left + right) / 2 + this.#bend(level, from + half) * Math.sqrt(width / 4);
      if (second >= from + half) {
        left = middle;
        from += half;
      } else {
        right = middle;
      }
      width = half;
    }
    return left;
  }

  #bend(level: number, position: number): number {
    return gaussian(this.seed, level, position | 0);
  }

  #coarse(block: number): number {
    const known = this.#sums.get(block);
    if (known !== undefined) return known;
    const step = block > 0 ? 1 : -1;
    let from = block;
    while (!this.#sums.has(from)) from -= step;
    let sum = this.#sums.get(from) ?? 0;
    while (from !== block) {
      from += step;
      sum += gaussian(this.seed, 0, from) * Math.sqrt(BLOCK);
      this.#sums.set(from, sum);
    }
    return sum;
  }
}

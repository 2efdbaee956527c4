/**
 * The last result of a work, for as long as it would be made of the very same things. They are compared one by one, as what
 * they are and not by what they say, so nobody may change them.
 */
export class Remembered<T> {
  #of: readonly unknown[] | null = null;
  #made: T | undefined;

  /** @param things all that the result hangs on, in lists */
  async get(things: readonly Iterable<unknown>[], make: () => Promise<T>): Promise<T> {
    const now = things.flatMap((list) => {
      const all = [...list];
      return [all.length, ...all];
    });
    if (this.#of !== null && isSame(this.#of, now)) return this.#made as T;
    const made = await make();
    this.#of = now;
    this.#made = made;
    return made;
  }
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}

import { setImmediate as breathe } from 'node:timers/promises';

/** Steps taken without letting others go first: a few milliseconds. */
const IN_ONE_GO = 10;

/** What long work comes to that pauses after every step (`yield`), while others get their answers. */
export async function unhurried<T>(work: Iterator<unknown, T>): Promise<T> {
  for (let steps = 1; ; steps += 1) {
    const { done, value } = work.next();
    if (done) return value;
    if (steps % IN_ONE_GO === 0) await breathe();
  }
}

/** The same at once, for whoever has nothing else to do. */
export function hurried<T>(work: Iterator<unknown, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** All of a list that is long to make, likewise. */
export function* listed<T>(items: Iterable<T>): Generator<undefined, T[]> {
  const all: T[] = [];
  for (const item of items) {
    all.push(item);
    yield;
  }
  return all;
}

/**
 * Lanes that take turns. Within a lane things come out in the order they went in, one at a time: the next only after
 * the one before is done. A lane with a thousand things delays one with a single thing by one turn.
 */
export class FairQueue<T> {
  /** In order of turn: a lane that was served goes to the back. */
  readonly #lanes = new Map<string, T[]>();
  readonly #busy = new Set<string>();

  push(lane: string, item: T): void {
    const waiting = this.#lanes.get(lane);
    if (waiting) waiting.push(item);
    else this.#lanes.set(lane, [item]);
  }

  /** The next thing of a lane that is free, which is busy from now until `done`; null if there is none. */
  take(): { lane: string; item: T } | null {
    for (const [lane, waiting] of this.#lanes) {
      if (this.#busy.has(lane)) continue;
      const item = waiting.shift();
      this.#lanes.delete(lane);
      if (item === undefined) continue;
      if (waiting.length > 0) this.#lanes.set(lane, waiting);
      this.#busy.add(lane);
      return { lane, item };
    }
    return null;
  }

  done(lane: string): void {
    this.#busy.delete(lane);
  }

  /** Takes out everything that waits. */
  drain(): T[] {
    const waiting = [...this.#lanes.values()].flat();
    this.#lanes.clear();
    return waiting;
  }
}

/** How much is under way, by key; what is over leaves nothing behind. */
export class UnderWay {
  readonly #counts = new Map<string, number>();

  /** @returns what to call, once, when it is over */
  begin(key: string): () => void {
    this.#counts.set(key, this.count(key) + 1);
    return () => {
      const left = this.count(key) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    };
  }

  count(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Those of which something is under way. */
  keys(): string[] {
    return [...this.#counts.keys()];
  }
}

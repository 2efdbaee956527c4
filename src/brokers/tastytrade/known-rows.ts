/** Of one age; so much of what every read brings is remembered, and at most twice as much. */
const MOST = 1_000;

/**
 * What rows of the broker's answers came to, by all that they say: an account is read again and again, and nearly every
 * row says what it said before. Whoever brings such a row gets the very same object, by which others see that nothing
 * changed; so nobody may change it. What isn't brought any more is forgotten.
 */
export class KnownRows<T> {
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  /** Rows of an answer that came again as a whole are found without looking at what they say. */
  readonly #keys = new WeakMap<object, { account: string; key: string }>();

  /** @param stands whether what was made of a row may be remembered, and still is true where it hangs on more than the row */
  constructor(
    private readonly stands: (made: T) => boolean,
    private readonly most = MOST,
  ) {}

  /** @param read makes it of a row that isn't known */
  of(account: string, row: unknown, read: () => T): T {
    const key = this.#keyOf(account, row);
    const known = this.#young.get(key) ?? this.#old.get(key);
    const made = known !== undefined && this.stands(known) ? known : read();
    if (this.stands(made)) this.#keep(key, made);
    return made;
  }

  #keyOf(account: string, row: unknown): string {
    const isObject = typeof row === 'object' && row !== null;
    const known = isObject ? this.#keys.get(row) : undefined;
    if (known?.account === account) return known.key;
    const key = `${account} ${JSON.stringify(row)}`;
    if (isObject) this.#keys.set(row, { account, key });
    return key;
  }

  #keep(key: string, made: T): void {
    if (this.#young.size >= this.most && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, made);
  }
}

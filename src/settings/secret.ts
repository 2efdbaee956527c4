const HIDDEN = '[secret]';

/** A string that can't slip into a log, an error or JSON by accident; `reveal()` is the only way out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** First and last two characters of a long secret, for `doctor`; nothing of a short one. */
  masked(): string {
    const value = this.#value;
    return value.length >= 12 ? `${value.slice(0, 2)}…${value.slice(-2)} (${value.length} characters)` : '…';
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN;
  }
}

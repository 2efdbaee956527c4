const HIDDEN = '[secret]';
/** Shorter strings would blank out ordinary words. */
const MIN_LENGTH = 4;

/**
 * Removes known secrets from text that came from outside, such as an error message that repeats the token it
 * refused. Our own messages never contain one; this is for the broker's.
 */
export class Secrets {
  readonly #known = new Set<string>();

  /** Remembers a secret from now on, also in its URL-encoded form. */
  add(secret: string): void {
    if (secret.length < MIN_LENGTH) return;
    this.#known.add(secret);
    this.#known.add(encodeURIComponent(secret));
  }

  /** Forgets a secret that is no longer in use, so that a long run doesn't collect tokens. */
  drop(secret: string): void {
    this.#known.delete(secret);
    this.#known.delete(encodeURIComponent(secret));
  }

  scrub(text: string): string {
    let clean = text;
    for (const secret of this.#known) clean = clean.replaceAll(secret, HIDDEN);
    return clean;
  }
}

const HIDDEN = '[secret]';
/** Shorter strings would blank out ordinary words. */
const MIN_LENGTH = 4;
/** So much of an account's number people may see: enough to tell accounts apart. */
const SHOWN_DIGITS = 4;

/**
 * What must not leave the process in words: secrets, and of account numbers all but the last four digits. Our own texts
 * hold neither; this is for those from outside, such as an error message that repeats the token it refused, and stands
 * at every way out (log, chat, terminal), so that no text has to be remembered on its way there.
 */
export class Secrets {
  readonly #known = new Set<string>();
  readonly #accounts = new Map<string, RegExp>();

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

  /** Remembers an account's number: from now on `5WX00001` reads `…0001`. */
  addAccount(number: string): void {
    if (number.length <= SHOWN_DIGITS || this.#accounts.has(number)) return;
    // Not within a longer number or word: that is something else.
    const whole = `(?<![A-Za-z0-9])${number.replace(/[^A-Za-z0-9]/g, '\\$&')}(?![A-Za-z0-9])`;
    this.#accounts.set(number, new RegExp(whole, 'gi'));
  }

  scrub(text: string): string {
    let clean = text;
    for (const secret of this.#known) clean = clean.replaceAll(secret, HIDDEN);
    for (const [number, whole] of this.#accounts) {
      clean = clean.replace(whole, `…${number.slice(-SHOWN_DIGITS)}`);
    }
    return clean;
  }

  /** The same for texts within JSON: what gives it its shape stays, whatever somebody chose as a password. */
  scrubJson(json: string): string {
    if (this.scrub(json) === json) return json;
    try {
      return JSON.stringify(JSON.parse(json), (_key, value) =>
        typeof value === 'string' ? this.scrub(value) : value,
      );
    } catch {
      return this.scrub(json);
    }
  }
}

import { bodyOf } from './envelope.js';
import type { Json } from './json.js';

/** Characters of the texts remembered; what an account of hundreds of legs is told at each read. */
const MOST = 2_000_000;

/**
 * What the last answers came to, by their whole text: most reads are told what they were told before, and an account's
 * holdings and orders are long. Whoever reads the same gets the very same object, so nobody may change it.
 */
export class KnownBodies {
  readonly #kept = new Map<string, Json>();
  #size = 0;

  constructor(private readonly most = MOST) {}

  /** The body as JSON, or undefined if it isn't JSON. */
  of(text: string): Json | undefined {
    const known = this.#kept.get(text);
    const body = known === undefined ? bodyOf(text) : known;
    if (body !== undefined) this.#keep(text, body);
    return body;
  }

  /** As the latest; the oldest make room. */
  #keep(text: string, body: Json): void {
    if (text.length > this.most) return;
    if (this.#kept.delete(text)) this.#size -= text.length;
    this.#kept.set(text, body);
    this.#size += text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= this.most) return;
      this.#kept.delete(oldest);
      this.#size -= oldest.length;
    }
  }
}

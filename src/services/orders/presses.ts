import { Latest } from '../../domain/latest.js';

/** Of older previews nobody presses any more, or their end stands in the database. */
const REMEMBERED = 1_000;

/**
 * What the presses of this process made of each preview. One message shows what all of them say, and not in the order in which
 * they said it: so where one press says that nothing was sent, no other one may send it, even while no database takes that down.
 */
export class Presses {
  /** How many are under way. */
  readonly #under = new Map<string, number>();
  readonly #became = new Latest<string, 'sent' | 'denied'>(REMEMBERED);

  /** @returns what to call when this press has ended */
  begin(planId: string): () => void {
    this.#under.set(planId, (this.#under.get(planId) ?? 0) + 1);
    return () => {
      const left = (this.#under.get(planId) ?? 1) - 1;
      if (left > 0) this.#under.set(planId, left);
      else this.#under.delete(planId);
    };
  }

  /** Its orders leave. */
  sends(planId: string): void {
    this.#became.keep(planId, 'sent');
  }

  /** @returns false where another press is under way, or has sent it: then that is not to be denied */
  deny(planId: string): boolean {
    if (this.#under.has(planId) || this.#became.get(planId) === 'sent') return false;
    this.#became.keep(planId, 'denied');
    return true;
  }

  isDenied(planId: string): boolean {
    return this.#became.get(planId) === 'denied';
  }
}

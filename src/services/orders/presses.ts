import { Latest } from '../../domain/latest.js';
import { UnderWay } from '../../domain/under-way.js';

/** Of older previews nobody presses any more, or their end stands in the database. */
const REMEMBERED = 1_000;

/**
 * What the presses of this process made of each preview. One message shows what all of them say, and not in the order in which
 * they said it: so where one press says that nothing was sent, no other one may send it, even while no database takes that down.
 */
export class Presses {
  readonly #underWay = new UnderWay();
  readonly #became = new Latest<string, 'sent' | 'denied'>(REMEMBERED);

  /** @returns what to call when this press has ended */
  begin(planId: string): () => void {
    return this.#underWay.begin(planId);
  }

  /** Its orders leave. */
  sends(planId: string): void {
    this.#became.keep(planId, 'sent');
  }

  /** @returns false where another press is under way, or has sent it: then that is not to be denied */
  deny(planId: string): boolean {
    if (this.#underWay.count(planId) > 0 || this.#became.get(planId) === 'sent') return false;
    this.#became.keep(planId, 'denied');
    return true;
  }

  isDenied(planId: string): boolean {
    return this.#became.get(planId) === 'denied';
  }
}

import type { Cancellation } from '../../../ports/cancels.js';
import type { Clock } from '../../../ports/clock.js';
import type { Store } from '../../../ports/store.js';
import type { Projector, Screen } from '../../telling/projector.js';

/**
 * How somebody who was asked about a cancellation has answered, or why there is no answer to wait for any more.
 * - `late`: nobody confirmed in time
 * - `over`: each order had ended before
 */
export type Answer = 'confirmed' | 'kept' | 'late' | 'over';

export interface QuestionWords<Page> {
  page(cancellation: Cancellation, answer: Answer): Page;
}

/** The message that asked whether to cancel: it stands as it was asked until it is over, and then says so. */
export class QuestionProjector<Page> implements Projector<Page> {
  constructor(
    private readonly store: Pick<Store, 'cancellation'>,
    private readonly words: QuestionWords<Page>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async project(id: string): Promise<Screen<Page> | null> {
    const cancellation = await this.store.cancellation(id);
    if (!cancellation) return null;
    const answer = answerTo(cancellation, this.clock.now());
    if (!answer) {
      return { news: 'question', core: 'open', sure: false, pages: [], again: cancellation.expiresAt };
    }
    const states = cancellation.orders.map(({ state, orderState }) => [state, orderState]);
    const core = JSON.stringify([answer, states]);
    return { news: 'question', core, sure: true, pages: [this.words.page(cancellation, answer)] };
  }

  /** It is the answer to a command or a press, and never looked for. */
  newsOn(): null {
    return null;
  }

  begins(): boolean {
    return false;
  }
}

/** Null while it can be answered. */
export function answerTo({ status, orders, expiresAt }: Cancellation, now: Date): Answer | null {
  if (status === 'claimed') return 'confirmed';
  if (status === 'withdrawn') return 'kept';
  if (orders.every(({ state }) => state === 'ended')) return 'over';
  return status === 'expired' || now >= expiresAt ? 'late' : null;
}

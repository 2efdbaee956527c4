import type { Urgency } from '../../ports/broker.js';
import { hurry, type Turn } from './rate.js';

/** Requests that wait to leave. Whoever asks the same before one leaves shares its answer; it can't be stale. */
export class SharedRequests<T> {
  readonly #waiting = new Map<string, { turn: Turn; answer: Promise<T> }>();

  /**
   * @param what all that makes two requests the same
   * @param urgency as urgent as the most urgent of those who share it
   * @param send must call `leaving` when the request is about to leave
   */
  ask(what: string, urgency: Urgency, send: (turn: Turn, leaving: () => void) => Promise<T>): Promise<T> {
    const shared = this.#waiting.get(what);
    if (shared !== undefined) {
      hurry(shared.turn, urgency);
      return shared.answer;
    }
    const turn: Turn = { urgency };
    const leaving = () => {
      if (this.#waiting.get(what)?.turn === turn) this.#waiting.delete(what);
    };
    const answer = send(turn, leaving).finally(leaving);
    this.#waiting.set(what, { turn, answer });
    return answer;
  }
}

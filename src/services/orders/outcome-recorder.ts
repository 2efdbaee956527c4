import type { Logger } from 'pino';
import { DatabaseFailure } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { OrderIntent, Outcome, Store } from '../../ports/store.js';

const PAUSES = [1, 2, 4, 8, 15, 30].map((seconds) => seconds * 1000);

/**
 * Writes down what the broker answered. A database that takes no writes now is tried again until it does: a refusal
 * can't be read at the broker later, as a placed order can.
 */
export class OutcomeRecorder {
  readonly #trying = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(private readonly deps: { store: Store; clock: Clock; log: Logger }) {}

  /** @returns false if it couldn't be written at once; never rejects */
  async record(intent: OrderIntent, outcome: Outcome): Promise<boolean> {
    const { store, clock, log } = this.deps;
    try {
      await store.settleIntent(intent.id, outcome, clock.now());
      return true;
    } catch (error) {
      log.error({ err: error, intentId: intent.id, outcome }, 'could not record an order outcome');
      if (error instanceof DatabaseFailure) this.#keepTrying(intent, outcome);
      return false;
    }
  }

  /** Resolves when nothing is waiting to be written any more. */
  async idle(): Promise<void> {
    while (this.#trying.size > 0) await Promise.all(this.#trying);
  }

  /** What isn't written by now is found at the broker at the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.idle();
  }

  #keepTrying(intent: OrderIntent, outcome: Outcome): void {
    const trying = this.#untilWritten(intent, outcome)
      .catch((error: unknown) => {
        if (this.#stop.signal.aborted) return;
        this.deps.log.error({ err: error, intentId: intent.id }, 'gave up recording an order outcome');
      })
      .finally(() => this.#trying.delete(trying));
    this.#trying.add(trying);
  }

  async #untilWritten(intent: OrderIntent, outcome: Outcome): Promise<void> {
    const { store, clock, log } = this.deps;
    for (let attempt = 0; ; attempt += 1) {
      await clock.sleep(PAUSES[attempt] ?? PAUSES.at(-1) ?? 0, this.#stop.signal);
      try {
        await store.settleIntent(intent.id, outcome, clock.now());
        return log.info({ intentId: intent.id, outcome }, 'recorded an order outcome late');
      } catch (error) {
        if (!(error instanceof DatabaseFailure)) throw error;
      }
    }
  }
}

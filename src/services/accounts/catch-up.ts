import type { Clock } from '../../ports/clock.js';
import type { AccountWatch } from './account-watch.js';

/** Frames get lost without a trace; for so long at most something may stay unseen. */
const AT_LEAST_EVERY_MS = 15 * 60_000;

/**
 * Has an account read whenever the stream has begun anew, and now and then: it replays nothing of what happened while
 * nobody listened.
 */
export class CatchUp {
  readonly #stop = new AbortController();

  constructor(
    watch: Pick<AccountWatch, 'listen'>,
    private readonly read: () => void,
    private readonly clock: Clock,
  ) {
    watch.listen({ onChange: () => {}, onOrder: () => {}, onLive: read });
  }

  start(): void {
    this.read();
    void this.#nowAndThen().catch(() => {});
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Ends with the signal's reason. */
  async #nowAndThen(): Promise<never> {
    for (;;) {
      await this.clock.sleep(AT_LEAST_EVERY_MS, this.#stop.signal);
      this.read();
    }
  }
}

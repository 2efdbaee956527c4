import type { Logger } from 'pino';
import type { BrokerOrder } from '../../domain/types.js';
import type { Clock } from '../../ports/clock.js';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
/** Recorded in one transaction, so that who else writes waits for no more than that. */
const AT_ONCE = 500;

export interface OrderIntakeDeps {
  /** Keeps what the broker told. @returns the plans that it is news of */
  record(orders: BrokerOrder[]): Promise<readonly string[]>;
  /** Does what has to be done about it, as long as that takes. */
  react(orders: readonly BrokerOrder[], news: readonly string[]): Promise<void>;
  clock: Pick<Clock, 'sleep'>;
  log: Logger;
}

/**
 * Has kept whatever the broker tells of orders, the stream above all, which tells it once: what a database in trouble
 * couldn't take is offered again until it does. Told late it is as good, since each message says all it knows.
 *
 * What comes while something is being recorded is recorded together, so that a burst costs few transactions; what has to
 * be done about it holds nothing up.
 */
export class OrderIntake {
  readonly #stop = new AbortController();
  readonly #left: BrokerOrder[] = [];
  #recording = false;

  constructor(private readonly deps: OrderIntakeDeps) {}

  /** Never throws, and doesn't wait. */
  take(orders: readonly BrokerOrder[]): void {
    for (const order of orders) this.#left.push(order);
    if (!this.#recording) void this.#record();
  }

  /** What is left is read again at the next start. */
  stop(): void {
    this.#stop.abort();
  }

  async #record(): Promise<void> {
    const { record, clock, log } = this.deps;
    this.#recording = true;
    let pause = FIRST_PAUSE_MS;
    while (this.#left.length > 0 && !this.#stop.signal.aborted) {
      const orders = this.#left.splice(0, AT_ONCE);
      try {
        void this.#react(orders, await record(orders));
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        log.error({ err: error }, 'could not record orders; trying again');
        this.#left.unshift(...orders);
        await clock.sleep(pause, this.#stop.signal).catch(() => {});
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
    this.#recording = false;
  }

  /** What it couldn't do is done once they are offered again. */
  async #react(orders: readonly BrokerOrder[], news: readonly string[]): Promise<void> {
    const { react, clock, log } = this.deps;
    try {
      await react(orders, news);
    } catch (error) {
      log.error({ err: error }, 'could not do what orders ask for; trying again');
      await clock.sleep(FIRST_PAUSE_MS, this.#stop.signal).then(
        () => this.take(orders),
        () => {},
      );
    }
  }
}

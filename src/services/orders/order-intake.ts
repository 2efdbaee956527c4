import type { Logger } from 'pino';
import type { BrokerOrder } from '../../domain/types.js';
import type { Clock } from '../../ports/clock.js';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

export interface OrderIntakeDeps {
  /** Takes over what the broker told. */
  absorb(orders: readonly BrokerOrder[]): Promise<void>;
  clock: Pick<Clock, 'sleep'>;
  log: Logger;
}

/**
 * Has taken over whatever the broker tells of orders, the stream above all, which tells it once: what a database in trouble
 * couldn't take is offered again until it does. Told late it is as good, since each message says all it knows.
 */
export class OrderIntake {
  readonly #stop = new AbortController();
  readonly #left: BrokerOrder[] = [];
  #offering = false;

  constructor(private readonly deps: OrderIntakeDeps) {}

  /** Never throws, and doesn't wait. */
  take(orders: readonly BrokerOrder[]): void {
    if (orders.length > 0) void this.#taken(orders);
  }

  /** What is left is read again at the next start. */
  stop(): void {
    this.#stop.abort();
  }

  /** @returns false where it is left */
  async #taken(orders: readonly BrokerOrder[]): Promise<boolean> {
    try {
      await this.deps.absorb(orders);
      return true;
    } catch (error) {
      if (this.#stop.signal.aborted) return false;
      this.deps.log.error({ err: error }, 'could not record orders; trying again');
      this.#left.push(...orders);
      if (!this.#offering) void this.#offerAgain();
      return false;
    }
  }

  async #offerAgain(): Promise<void> {
    this.#offering = true;
    try {
      for (let pause = FIRST_PAUSE_MS; this.#left.length > 0; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        await this.deps.clock.sleep(pause, this.#stop.signal);
        await this.#taken(this.#left.splice(0));
      }
    } catch {
      // Stopped.
    } finally {
      this.#offering = false;
    }
  }
}

import type { BrokerOrder } from './domain/types.js';
import type { AccountStream, Broker, StreamListener } from './ports/broker.js';
import type { Clock } from './ports/clock.js';

export type WatchListener = {
  /** Something changed, or may have changed unseen: cached views are stale. */
  onChange(): void;
  onOrder(order: BrokerOrder): void;
};

export type WatchState = { live: true; since: Date } | { live: false; since: Date; reason: string };

/**
 * Listens to the broker's account stream and remembers when each contract last changed. That answers one
 * question cheaply and honestly: can what was read at an instant still be taken as true? Only an unbroken live
 * stream since that instant, silent about these contracts, says yes; anything else means "read again".
 */
export class AccountWatch {
  #state: WatchState;
  #stream: AccountStream | null = null;
  readonly #lastChange = new Map<string, number>();
  readonly #listeners = new Set<WatchListener>();

  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
  ) {
    this.#state = { live: false, since: clock.now(), reason: 'not started' };
  }

  get state(): WatchState {
    return this.#state;
  }

  listen(listener: WatchListener): void {
    this.#listeners.add(listener);
  }

  start(account: string): void {
    this.#stream = this.broker.watch(account, this.#streamListener());
  }

  async stop(): Promise<void> {
    await this.#stream?.close();
    this.#stream = null;
    this.#down('stopped');
  }

  /** True only if nothing about these symbols can have changed since `at` without us knowing. */
  unchangedSince(at: Date, symbols: Iterable<string>): boolean {
    if (!this.#state.live || this.#state.since > at) return false;
    for (const symbol of symbols) {
      if ((this.#lastChange.get(symbol) ?? 0) >= at.getTime()) return false;
    }
    return true;
  }

  #streamListener(): StreamListener {
    return {
      onLive: () => {
        this.#state = { live: true, since: this.clock.now() };
        this.#changed();
      },
      onDown: (reason) => {
        this.#down(reason);
        this.#changed();
      },
      onPosition: (symbol) => {
        this.#lastChange.set(symbol, this.clock.now().getTime());
        this.#changed();
      },
      onOrder: (order) => {
        const now = this.clock.now().getTime();
        for (const leg of order.legs) this.#lastChange.set(leg.instrument.symbol, now);
        for (const listener of this.#listeners) listener.onOrder(order);
        this.#changed();
      },
    };
  }

  #down(reason: string): void {
    this.#state = { live: false, since: this.clock.now(), reason };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener.onChange();
  }
}

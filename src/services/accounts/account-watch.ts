import type { StreamReason } from '../../domain/broker-troubles.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { AccountStream, Broker, StreamListener } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';

export interface WatchListener {
  /** Something changed, or may have changed unseen: cached views are stale. */
  onChange(): void;
  onOrder(order: BrokerOrder): void;
  /** From now on all is heard; what happened before was not. */
  onLive?(): void;
}

export type WatchState = { live: true; since: Date } | { live: false; since: Date; reason: StreamReason };

/**
 * Listens to the broker's account stream and counts what changes. That answers one question cheaply and honestly:
 * can what was read at a mark still be taken as true? Only an unbroken live stream since that mark, silent about
 * these contracts, says yes; anything else means "read again". Counted, not timed: clocks jump.
 */
export class AccountWatch {
  #state: WatchState;
  #stream: AccountStream | null = null;
  /** Rises with every change and every gap. */
  #count = 0;
  /** The count when the present unbroken stretch of the stream began. */
  #liveFrom = 0;
  readonly #lastChange = new Map<string, number>();
  readonly #listeners = new Set<WatchListener>();

  /** @param instance tells marks of this process from those of another or an earlier one */
  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
    private readonly instance: string,
  ) {
    this.#state = { live: false, since: clock.now(), reason: { code: 'NOT_STARTED' } };
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
    this.#down({ code: 'CLOSED_BY_US' });
  }

  /** Now, for `unchangedSince`; take it before reading. */
  mark(): string {
    return `${this.instance}:${this.#count}`;
  }

  /**
   * True only if nothing about these symbols can have changed since `mark` without us knowing. An underlying's own
   * symbol stands for all orders on it.
   */
  unchangedSince(mark: string, symbols: Iterable<string>): boolean {
    const [instance, text] = mark.split(':');
    const count = Number(text);
    if (!this.#state.live || instance !== this.instance || !(count >= this.#liveFrom)) return false;
    for (const symbol of symbols) {
      if ((this.#lastChange.get(symbol) ?? 0) > count) return false;
    }
    return true;
  }

  #streamListener(): StreamListener {
    return {
      onLive: () => {
        this.#count += 1;
        this.#liveFrom = this.#count;
        this.#state = { live: true, since: this.clock.now() };
        this.#changed();
        for (const listener of this.#listeners) listener.onLive?.();
      },
      onDown: (reason) => {
        this.#down(reason);
        this.#changed();
      },
      onPosition: (symbol) => {
        this.#touch([symbol]);
        this.#changed();
      },
      onOrder: (order) => {
        // Its underlying too: an order may open contracts that nobody knew to ask about.
        this.#touch([order.underlying, ...order.legs.map(({ instrument }) => instrument.symbol)]);
        for (const listener of this.#listeners) listener.onOrder(order);
        this.#changed();
      },
    };
  }

  #touch(symbols: readonly string[]): void {
    this.#count += 1;
    for (const symbol of symbols) this.#lastChange.set(symbol, this.#count);
  }

  #down(reason: StreamReason): void {
    this.#count += 1;
    this.#state = { live: false, since: this.clock.now(), reason };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener.onChange();
  }
}

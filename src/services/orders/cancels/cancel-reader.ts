import type { Logger } from 'pino';
import type { AccountName } from '../../../domain/account-names.js';
import { type CancelPatience, judgedCancel, OPEN_CANCELS } from '../../../domain/cancel-life.js';
import { BrokerError } from '../../../domain/errors.js';
import type { BrokerOrder } from '../../../domain/types.js';
import type { Broker } from '../../../ports/broker.js';
import type { Cancellation, OrderCancel } from '../../../ports/cancels.js';
import type { Clock } from '../../../ports/clock.js';
import type { Store } from '../../../ports/store.js';
import type { Desks } from '../../accounts/desks.js';
import { type Left, readLeft } from '../left.js';
import { CLOCK_MARGIN_MS, SEND_WITHIN_MS } from '../send-deadline.js';
import type { SettleService } from '../settle.js';

/** The broker's single reads lag behind its answers by less than this. */
const LAG_MS = 60_000;

export interface CancelReaderDeps {
  broker: Pick<Broker, 'order'>;
  store: Pick<Store, 'cancellation' | 'moveCancels' | 'recordOrders'>;
  clock: Clock;
  desks: Pick<Desks, 'find' | 'nameOf'>;
  settle: Pick<SettleService, 'lookNow'>;
  /** How long a cancel without an answer is looked for before it counts as not arrived. */
  absentAfterMs: number;
  log: Logger;
}

/** One order and its cancel. */
export interface CancelledOrder {
  cancel: OrderCancel;
  /** As read now; null where it can't be. */
  order: BrokerOrder | null;
}

/** What became of a cancellation so far. */
export interface CancelNews {
  cancellation: Cancellation;
  name: AccountName;
  orders: readonly CancelledOrder[];
  /** How the positions stand that were closed by these orders; null while that isn't known. */
  left: Left | null;
}

/** Finds out what became of cancels by reading the orders, and nothing else: nothing is asked for again. */
export class CancelReader {
  constructor(private readonly deps: CancelReaderDeps) {}

  /**
   * Looks at each order once, and writes down what that says.
   * @returns null for what nobody confirmed
   */
  async read(id: string): Promise<CancelNews | null> {
    const { store, clock, desks } = this.deps;
    const before = await store.cancellation(id);
    if (before?.status !== 'claimed' || !before.claimedAt) return null;
    const waitedMs = clock.now().getTime() - before.claimedAt.getTime();
    const read = await Promise.all(before.orders.map(({ orderId }) => this.#order(before.account, orderId)));
    await this.#record(read.flatMap((order) => order ?? []));
    await this.#judge(id, read, waitedMs);
    const after = (await store.cancellation(id)) ?? before;
    const orders = after.orders.map((cancel, index) => ({ cancel, order: read[index] ?? null }));
    const left = isSettled(after) ? await this.#left(after) : null;
    return {
      cancellation: after,
      name: desks.nameOf(after.account),
      orders,
      left,
    };
  }

  async #order(account: string, id: string): Promise<BrokerOrder | null> {
    try {
      return await this.deps.broker.order(account, id);
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.deps.log.warn({ err: error, orderId: id }, 'could not read an order that is to be cancelled');
      return null;
    }
  }

  /** What ended by this is told on its own message too, by whoever reads it first. */
  async #record(orders: BrokerOrder[]): Promise<void> {
    const { store, clock, settle } = this.deps;
    for (const planId of await store.recordOrders(orders, clock.now())) void settle.lookNow(planId);
  }

  async #judge(id: string, read: readonly (BrokerOrder | null)[], waitedMs: number): Promise<void> {
    const { store, clock } = this.deps;
    const patience = this.#patience();
    const recorded = (await store.cancellation(id))?.orders ?? [];
    const changes = recorded.flatMap(({ id: cancelId, state }, index) => {
      const order = read[index];
      const judged = order ? judgedCancel(state, order, waitedMs, patience) : state;
      return judged === state ? [] : [{ id: cancelId, state: judged, reason: null }];
    });
    if (changes.length > 0) await store.moveCancels(changes, clock.now());
  }

  #patience(): CancelPatience {
    const { absentAfterMs } = this.deps;
    return {
      unknown: absentAfterMs,
      requesting: SEND_WITHIN_MS + Math.max(absentAfterMs, CLOCK_MARGIN_MS),
      requested: LAG_MS,
    };
  }

  #left({ account, orders }: Cancellation): Promise<Left | null> {
    const ended = orders.filter(({ state }) => state === 'ended').map(({ orderId }) => orderId);
    return readLeft(
      this.deps,
      account,
      ended,
      orders.flatMap(({ positionIds }) => positionIds),
    );
  }
}

/** Each order's cancel has come to an end, one way or another. */
export function isSettled({ orders }: Pick<Cancellation, 'orders'>): boolean {
  return orders.every(({ state }) => !OPEN_CANCELS.includes(state));
}

import { isOpen } from '../../domain/order-fills.js';
import type { Reason } from '../../domain/reasons.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { type OrderIntent, type Outcome, type Store, UNRESOLVED } from '../../ports/store.js';
import { lookalikesOf } from './lookalikes.js';
import { CLOCK_MARGIN_MS, SEND_WITHIN_MS } from './send-deadline.js';

const SECOND = 1000;
/** The broker's clock, by which it searches, may differ from ours; a wide window costs next to nothing. */
const CLOCK_SKEW = 24 * 60 * 60 * SECOND;

export interface OrderFatesDeps {
  broker: Broker;
  store: Store;
  clock: Clock;
  /** How long an order without an answer is looked for before it counts as not placed. */
  absentAfterMs: number;
}

/**
 * - `settled`: nothing about the plan is unknown any more
 * - `open`: some order's fate is still unknown
 * - `asking`: likewise, and what a person is to be asked about it has changed
 */
export type Look = 'settled' | 'open' | 'asking';

/**
 * Finds out what became of orders whose answer was lost, by reading the broker's orders and nothing else: the
 * external identifier is echoed but neither searchable nor de-duplicated, so sending again could double them.
 */
export class OrderFates {
  /** When whoever was sending a plan's orders was known to be gone; forgotten once they are settled. */
  readonly #gone = new Map<string, Date>();

  constructor(private readonly deps: OrderFatesDeps) {}

  /** The process that was sending a plan's orders can send nothing any more: what hasn't left by now never will. */
  senderGone(planId: string): void {
    if (!this.#gone.has(planId)) this.#gone.set(planId, this.deps.clock.now());
  }

  /** Reads the broker's orders once, if anything about the plan is unknown. */
  async look(planId: string): Promise<Look> {
    const look = await this.#look(planId);
    if (look === 'settled') this.#gone.delete(planId);
    return look;
  }

  async #look(planId: string): Promise<Look> {
    const { store, clock } = this.deps;
    const startedAt = clock.now();
    const open = (await store.intents(planId)).filter(({ state }) => UNRESOLVED.includes(state));
    const [first] = open;
    if (!first) return 'settled';
    if (open.every(({ state }) => state === 'reserved')) {
      // Safe even if its process still lives: what is abandoned can't be released to send any more.
      await store.abandonPlan(planId, { code: 'BOT_STOPPED' }, startedAt);
      return 'settled';
    }
    const sent = open.filter(({ state }) => state !== 'reserved');
    const orders = await this.#ordersSince(first.account, sent);
    const looks: Look[] = [];
    // One after another: an order that one of them turns out to be is no other's lookalike.
    for (const intent of sent) looks.push(await this.#settleFrom(intent, orders, startedAt));
    if (looks.includes('asking')) return 'asking';
    return sent.length === open.length && looks.every((look) => look === 'settled') ? 'settled' : 'open';
  }

  async #settleFrom(intent: OrderIntent, orders: readonly BrokerOrder[], lookedAt: Date): Promise<Look> {
    const { store, clock } = this.deps;
    const order = orders.find(({ externalIdentifier }) => externalIdentifier === intent.externalIdentifier);
    // It is there, and the row to come may name its id.
    if (order?.odd?.name === null) return 'open';
    if (order) {
      await store.settleIntent(intent.id, placed(order), clock.now());
      await store.recordOrders([order], clock.now());
      return 'settled';
    }
    const waited = lookedAt.getTime() - (intent.sentAt ?? intent.createdAt).getTime();
    if (lookedAt < this.#absentFrom(intent)) return 'open';
    const alike = await this.#lookalikes(intent, orders);
    // One without an id can't be asked about, and can't be ruled out either.
    if (alike.some((each) => isOpen(each) && each.odd?.name === null)) return 'open';
    const working = alike.filter(isOpen).map(({ id }) => id);
    if (working.length > 0) return this.#ask(intent, working);
    const seconds = Math.round(waited / SECOND);
    const ended = alike.map(({ id, status }) => ({ orderId: id, status }));
    const reason = { code: 'NOT_SHOWN', seconds, ended } as const;
    await store.settleIntent(intent.id, { state: 'absent', reason }, clock.now());
    return 'settled';
  }

  /**
   * From when on an order that the broker doesn't list isn't there. With an answer lost for good only the list can be late.
   * Else its request may not even have left: nobody says that it isn't there before that has become impossible, because
   * whoever was sending it is gone, or by time alone.
   */
  #absentFrom({ planId, state, sentAt, createdAt }: OrderIntent): Date {
    const { absentAfterMs } = this.deps;
    const sent = (sentAt ?? createdAt).getTime();
    if (state === 'unknown') return new Date(sent + absentAfterMs);
    const latest = sent + SEND_WITHIN_MS + Math.max(absentAfterMs, CLOCK_MARGIN_MS);
    const gone = this.#gone.get(planId);
    return new Date(gone ? Math.min(latest, gone.getTime() + absentAfterMs) : latest);
  }

  /** Only a person can say whose these are. */
  async #ask(intent: OrderIntent, ids: string[]): Promise<Look> {
    if (ids.join() === intent.lookalikes.join()) return 'open';
    await this.deps.store.setLookalikes(intent.id, ids);
    return 'asking';
  }

  /** Without those that another of our orders turned out to be. */
  async #lookalikes(intent: OrderIntent, orders: readonly BrokerOrder[]): Promise<BrokerOrder[]> {
    const alike = lookalikesOf(intent, orders);
    if (alike.length === 0) return [];
    const ids = alike.map(({ id }) => id);
    const known = await this.deps.store.intentsByOrderIds(intent.account, ids);
    return alike.filter(({ id }) => !known.has(id)).sort((a, b) => a.id.localeCompare(b.id));
  }

  /** Open orders and the history since these intents were written: a lost order is in one of them. */
  async #ordersSince(account: string, intents: OrderIntent[]): Promise<BrokerOrder[]> {
    const { broker, clock } = this.deps;
    const earliest = Math.min(...intents.map(({ createdAt }) => createdAt.getTime()));
    const [open, history] = await Promise.all([
      broker.openOrders(account),
      broker.searchOrders(account, {
        from: new Date(earliest - CLOCK_SKEW),
        to: new Date(clock.now().getTime() + CLOCK_SKEW),
      }),
    ]);
    return [...open, ...history];
  }
}

export function placed(order: BrokerOrder, reason: Reason | null = null): Outcome & { state: 'placed' } {
  return { state: 'placed', brokerOrderId: order.id, brokerStatus: order.status, reason };
}

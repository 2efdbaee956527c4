import type { Logger } from 'pino';
import { isOpen } from '../../domain/order-fills.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { CancelledHere } from '../../ports/cancels.js';
import type { Clock } from '../../ports/clock.js';
import { partnerOf } from '../../ports/order-intents.js';
import type { Report } from '../../ports/report.js';
import type { OrderIntent, Plan, Store } from '../../ports/store.js';
import { paired, reportLine } from './report.js';

/** Reads back what became of a plan's orders, from the store and the broker, and remembers what it saw. */
export class ReportReader {
  constructor(
    private readonly broker: Broker,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /**
   * An order that can't be read keeps what is known of it; this never throws for the broker's sake.
   * @param former the report told before, if any
   */
  async read(plan: Plan, former: Report | null = null): Promise<Report> {
    const intents = await this.store.intents(plan.id);
    const orders = await this.#orders(intents);
    // Whoever reads is about to tell; should that come to nothing, it stays owed.
    await this.store.recordOrders(
      orders.filter((order) => order !== null),
      this.clock.now(),
      plan.id,
    );
    const ids = intents.flatMap(({ brokerOrderId }) => brokerOrderId ?? []);
    const cancels = await this.store.cancelsOf(plan.account, ids);
    return {
      planId: plan.id,
      userId: plan.userId,
      account: plan.account,
      phase: intents.every(({ brokerOrderId }, index) => brokerOrderId === null || orders[index])
        ? 'checked'
        : 'sent',
      inPlaceOf: await this.store.cancelledFor(plan.id),
      lines: paired(
        intents.map((intent, index) => {
          const before = former?.lines.find(
            ({ orderId }) => orderId !== null && orderId === intent.brokerOrderId,
          );
          const line = reportLine(intent, orders[index] ?? null, before ?? null);
          return { ...line, cancelled: cancelledHere(cancels.get(line.orderId ?? '')) };
        }),
      ),
      waitsForOpen: orders.some((order) => order?.state === 'submitted') ? await this.#waitsForOpen() : null,
    };
  }

  /**
   * Read side by side. What ended the one of a pair may have happened between their two reads: then the other is read once
   * more, so that the end of a stop isn't told without the fill that brought it.
   */
  async #orders(intents: readonly OrderIntent[]): Promise<(BrokerOrder | null)[]> {
    const orders = await Promise.all(intents.map((intent) => this.#order(intent)));
    const cancelled = intents.filter((_, index) => orders[index]?.state === 'cancelled');
    const again = intents.map(async (intent, index) => {
      const order = orders[index] ?? null;
      const alone = !order || !isOpen(order) || !partnerOf(intent, cancelled);
      return alone ? order : ((await this.#order(intent)) ?? order);
    });
    return Promise.all(again);
  }

  async #order(intent: OrderIntent): Promise<BrokerOrder | null> {
    if (intent.brokerOrderId === null) return null;
    try {
      return await this.broker.order(intent.account, intent.brokerOrderId);
    } catch (error) {
      this.log.warn({ err: error, orderId: intent.brokerOrderId }, 'could not read an order back');
      return null;
    }
  }

  /** Orders not resting yet wait for the open if the market is closed; null if it is open or unknown. */
  async #waitsForOpen(): Promise<Report['waitsForOpen']> {
    try {
      const session = await this.broker.marketSession();
      return session.open ? null : { opensAt: session.opensAt };
    } catch (error) {
      this.log.warn({ err: error }, 'could not read the market session');
      return null;
    }
  }
}

/** The cancel by which it ended, surely: an order that was replaced meanwhile ended by that. */
function cancelledHere(cancels: readonly CancelledHere[] = []): CancelledHere | null {
  const surely = cancels.filter(
    ({ reason }) => reason === null || typeof reason === 'string' || reason.code !== 'PERHAPS_NOT_THIS',
  );
  return (
    surely.findLast(
      ({ state, orderState, replacedBy }) =>
        state === 'ended' && orderState === 'cancelled' && replacedBy === null,
    ) ?? null
  );
}

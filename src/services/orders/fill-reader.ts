import { BrokerRefusal } from '../../domain/errors.js';
import { type Exact, sumExact } from '../../domain/exact.js';
import { filledLeg, tradedAt } from '../../domain/orders.js';
import { feesOf } from '../../domain/trade-fees.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { Broker, TradeBooking } from '../../ports/broker.js';
import type { FillNews } from '../../ports/fill-news.js';
import type { Store } from '../../ports/store.js';
import { hasEnded, reportLine } from '../telling/report.js';

const DAY_MS = 86_400_000;

export interface FillReaderDeps {
  broker: Pick<Broker, 'order' | 'trades'>;
  store: Pick<Store, 'intent' | 'plan' | 'positionKey'>;
}

/** Reads what one of our orders has traded and what it made, to the cent once the broker's ledger has every row. */
export class FillReader {
  constructor(private readonly deps: FillReaderDeps) {}

  /**
   * @returns null while nothing of it has traded
   * @throws BrokerError while the broker can't be asked
   */
  async read(intentId: number): Promise<FillNews | null> {
    const { broker, store } = this.deps;
    const intent = await store.intent(intentId);
    const plan = intent && (await store.plan(intent.planId));
    if (!plan || intent.brokerOrderId === null) return null;
    const order = await broker.order(intent.account, intent.brokerOrderId);
    const line = reportLine(intent, order);
    if (!line.fill) return null;
    const opening = await this.#opening(intent.account, intent.positionId);
    return {
      userId: plan.userId,
      account: intent.account,
      line,
      filledAt: tradedAt(order).last,
      openedAt: opening && tradedAt(opening).first,
      fees: await this.#fees(order, opening),
    };
  }

  /** The order that opened the position; null if none is known. */
  async #opening(account: string, positionId: number): Promise<BrokerOrder | null> {
    const key = (await this.deps.store.positionKey(positionId)) ?? '';
    if (!key.startsWith('order:')) return null;
    return this.deps.broker.order(account, key.slice('order:'.length)).catch((error: unknown) => {
      if (error instanceof BrokerRefusal && !error.retryable) return null;
      throw error;
    });
  }

  async #fees(order: BrokerOrder, opening: BrokerOrder | null): Promise<FillNews['fees']> {
    const since = new Date(
      ((opening && tradedAt(opening).first) ?? order.receivedAt ?? new Date(0)).getTime() - DAY_MS,
    );
    const legs = await Promise.all(
      order.legs.map(async (leg) => {
        const contracts = filledLeg(order, leg).quantity;
        const { symbol } = leg.instrument;
        const trades = await this.deps.broker.trades(order.account, { symbol, since });
        return { contracts, trades };
      }),
    );
    const total = (fees: (trades: TradeBooking[], contracts: number) => Exact | null) => {
      const known = legs.map(({ trades, contracts }) => fees(trades, contracts));
      return known.every((fee) => fee !== null) ? sumExact(known) : null;
    };
    return {
      closing: total((trades, contracts) => feesOf(trades, order.id, contracts, 'all')),
      opening: opening && total((trades, contracts) => feesOf(trades, opening.id, contracts, 'some')),
    };
  }
}

/** Whether nothing more is to come of it: it has ended, and its fees are booked. */
export function isFinal({ line, fees }: FillNews): boolean {
  return hasEnded(line) && line.fill?.price != null && fees.closing !== null;
}

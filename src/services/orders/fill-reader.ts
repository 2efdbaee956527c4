import { DAY_MS } from '../../domain/dates.js';
import { type Exact, sumExact } from '../../domain/exact.js';
import { filledLeg, tradedAt } from '../../domain/orders.js';
import type { LedgerRow } from '../../domain/realised.js';
import { feesOf } from '../../domain/trade-fees.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { FillNews } from '../../ports/fill-news.js';
import type { Store } from '../../ports/store.js';
import { openingOrder } from '../accounts/opening-order.js';
import { hasEnded } from '../telling/report.js';
import { pairLine } from './pair-line.js';

export interface FillReaderDeps {
  broker: Pick<Broker, 'order' | 'ledger'>;
  store: Pick<Store, 'intent' | 'intents' | 'plan' | 'positionKey'>;
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
    const line = await pairLine(this.deps, intent, order);
    if (!line.fill) return null;
    const opening = await openingOrder(this.deps, intent.account, intent.positionId);
    return {
      planId: plan.id,
      userId: plan.userId,
      account: intent.account,
      line,
      filledAt: tradedAt(order).last,
      openedAt: opening && tradedAt(opening).first,
      fees: await this.#fees(order, opening),
    };
  }

  async #fees(order: BrokerOrder, opening: BrokerOrder | null): Promise<FillNews['fees']> {
    const since = new Date(
      ((opening && tradedAt(opening).first) ?? order.receivedAt ?? new Date(0)).getTime() - DAY_MS,
    );
    const legs = await Promise.all(
      order.legs.map(async (leg) => {
        const contracts = filledLeg(order, leg).quantity;
        const { symbol } = leg.instrument;
        const { rows } = await this.deps.broker.ledger(order.account, { symbol, since });
        return { contracts, rows };
      }),
    );
    const total = (fees: (rows: LedgerRow[], contracts: number) => Exact | null) => {
      const known = legs.map(({ rows, contracts }) => fees(rows, contracts));
      return known.every((fee) => fee !== null) ? sumExact(known) : null;
    };
    return {
      closing: total((rows, contracts) => feesOf(rows, order.id, contracts, 'all')),
      opening: opening && total((rows, contracts) => feesOf(rows, opening.id, contracts, 'some')),
    };
  }
}

/** Whether nothing more is to come of it: it has ended, and its pair with it, and its fees are booked. */
export function isFinal({ line, fees }: FillNews): boolean {
  return hasEnded(line) && !line.partner?.works && line.fill?.price != null && fees.closing !== null;
}

import { DAY_MS } from '../../domain/dates.js';
import { BrokerError } from '../../domain/errors.js';
import { type Exact, sumExact } from '../../domain/exact.js';
import { isOpening } from '../../domain/leg-actions.js';
import { filledLeg, tradedAt } from '../../domain/order-fills.js';
import { keyOfOrder } from '../../domain/position-key.js';
import type { LedgerRow } from '../../domain/realised.js';
import { isRoll, type ToldChain } from '../../domain/rolls.js';
import { feesOf } from '../../domain/trade-fees.js';
import type { BrokerOrder } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { FillNews } from '../../ports/fill-news.js';
import type { OrderIntent, Store } from '../../ports/store.js';
import type { Chains } from '../accounts/chains.js';
import { openingOrder } from '../accounts/opening-order.js';
import { hasEnded } from '../telling/report.js';
import { pairLine } from './pair-line.js';

export interface FillReaderDeps {
  broker: Pick<Broker, 'order' | 'ledger'>;
  chains: Pick<Chains, 'read'>;
  store: Pick<Store, 'intent' | 'intents' | 'plan' | 'positionKey'>;
}

/** Reads what one of our orders has traded and what it made, to the cent once the broker's ledger has every row. */
export class FillReader {
  constructor(private readonly deps: FillReaderDeps) {}

  /**
   * @returns null while nothing of it has traded
   * @throws BrokerError while the broker can't be asked about it, or about the other order of its pair
   */
  async read(intentId: number): Promise<FillNews | null> {
    const { broker, store } = this.deps;
    const intent = await store.intent(intentId);
    const plan = intent && (await store.plan(intent.planId));
    if (!plan || intent.brokerOrderId === null) return null;
    const order = await broker.order(intent.account, intent.brokerOrderId);
    const line = await pairLine(this.deps, intent, order);
    if (!line.fill) return null;
    return {
      planId: plan.id,
      userId: plan.userId,
      account: intent.account,
      line,
      filledAt: tradedAt(order).last,
      ...(await this.#made(intent, order)),
    };
  }

  /** Beside its own price. A fill isn't held up by that: what can't be read now, the next look reads. */
  async #made({ account, positionId }: OrderIntent, order: BrokerOrder): Promise<FillMade> {
    try {
      const opening = await openingOrder(this.deps, account, positionId);
      const legs = await this.#booked(order, opening);
      const fees = feesIn(legs, order, opening);
      return {
        openedAt: opening && tradedAt(opening).first,
        fees,
        chain: opening && (await this.#chain(order, opening, legs, fees.closing !== null)),
      };
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      return { openedAt: null, fees: { closing: null, opening: null }, chain: null, unread: true };
    }
  }

  /** What the ledger has of each contract that an order closes. */
  async #booked(order: BrokerOrder, opening: BrokerOrder | null): Promise<BookedLeg[]> {
    const since = new Date(
      ((opening && tradedAt(opening).first) ?? order.receivedAt ?? new Date(0)).getTime() - DAY_MS,
    );
    return Promise.all(
      order.legs.map(async (leg) => {
        const contracts = filledLeg(order, leg).quantity;
        const { symbol } = leg.instrument;
        const { rows } = await this.deps.broker.ledger(order.account, { symbol, since });
        return { contracts, rows };
      }),
    );
  }

  /** A roll opened it, or another order closed some of it, which may have been one. */
  async #chain(
    order: BrokerOrder,
    opening: BrokerOrder,
    legs: readonly BookedLeg[],
    booked: boolean,
  ): Promise<ToldChain | null> {
    const openedAt = tradedAt(opening).first;
    const isOther = ({ orderId, action }: LedgerRow) =>
      orderId !== null && orderId !== order.id && action !== null && !isOpening(action);
    if (!openedAt || !(isRoll(opening) || legs.some(({ rows }) => rows.some(isOther)))) return null;
    const symbols = opening.legs.flatMap(({ instrument }) => (instrument.option ? instrument.symbol : []));
    const reach = booked ? { through: order.id } : { without: order.id };
    const [chain] = await this.deps.chains.read(order.account, [
      { key: keyOfOrder(opening.id), openedAt, symbols, ...reach },
    ]);
    return chain ? { ...chain, sure: chain.sure && booked } : null;
  }
}

type FillMade = Pick<FillNews, 'openedAt' | 'fees' | 'chain' | 'unread'>;

interface BookedLeg {
  contracts: number;
  rows: LedgerRow[];
}

function feesIn(
  legs: readonly BookedLeg[],
  order: BrokerOrder,
  opening: BrokerOrder | null,
): FillNews['fees'] {
  const total = (fees: (rows: LedgerRow[], contracts: number) => Exact | null) => {
    const known = legs.map(({ rows, contracts }) => fees(rows, contracts));
    return known.every((fee) => fee !== null) ? sumExact(known) : null;
  };
  return {
    closing: total((rows, contracts) => feesOf(rows, order.id, contracts, 'all')),
    opening: opening && total((rows, contracts) => feesOf(rows, opening.id, contracts, 'some')),
  };
}

/** Whether nothing more is to come of it: it has ended, and its pair with it, and the ledger has all of it and of its chain. */
export function isFinal({ line, fees, chain }: FillNews): boolean {
  if (!hasEnded(line) || line.partner?.works || line.fill?.price == null) return false;
  return fees.closing !== null && (chain?.sure ?? true);
}

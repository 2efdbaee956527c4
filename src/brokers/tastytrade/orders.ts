import { setImmediate as breath } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Secrets } from '../../secrets.js';
import type { BrokerOrder } from '../../services/domain/types.js';
import { BrokerProtocolError, OutcomeUnknown } from '../../services/errors.js';
import type {
  Deadline,
  DryRun,
  Notice,
  OrderRequest,
  OrderSearch,
  Receipt,
  Urgency,
} from '../../services/ports/broker.js';
import type { ContractSizes } from './contract-sizes.js';
import { errorEnvelope, notices } from './envelope.js';
import { route, type TastytradeHttp } from './http.js';
import type { Json } from './json.js';
import { orderBody } from './order-body.js';
import { concernsUs, isOpen, ourOrder, readOrder, symbolsIn, toOrder } from './order-wire.js';
import { allItems } from './pages.js';
import { placedAnswer, toDryRun } from './preflight.js';
import { read, single } from './wire.js';

/** A page size the history is known to accept; its default is 10. */
const PER_PAGE = 50;
/** Orders read without letting others go first: some milliseconds. */
const AT_ONCE = 50;

export interface OrdersOptions {
  http: TastytradeHttp;
  sizes: ContractSizes;
  secrets: Secrets;
  logger: Logger;
  /** Label every order carries. */
  source: string;
}

/** The account's orders: reading them, dry runs, and the one call that moves money. */
export class Orders {
  constructor(private readonly options: OrdersOptions) {}

  /**
   * Every order that can still fill. `/orders/live` holds today's orders of all states and older GTC ones;
   * it is read on demand and never polled, which the broker forbids.
   */
  async open(account: string): Promise<BrokerOrder[]> {
    const items = await allItems(this.options.http, route`/accounts/${account}/orders/live`);
    return (await this.#all(items, account)).filter(isOpen);
  }

  /** The order history of a window, oldest first. */
  async search(account: string, search: OrderSearch): Promise<BrokerOrder[]> {
    const query = {
      'start-at': search.from.toISOString(),
      'end-at': search.to.toISOString(),
      'underlying-symbol': search.underlying,
      status: search.filledOnly ? ['Filled'] : undefined,
      sort: 'Desc',
    };
    // Newest first: an order that arrives while we page moves others to later pages, so none is skipped.
    const items = await allItems(this.options.http, route`/accounts/${account}/orders`, query, PER_PAGE);
    const found = await this.#all(items, account);
    // The later reading of an order seen on two pages wins.
    const once = [...new Map(found.map((order) => [order.id, order])).values()].reverse();
    return once.filter((order) => !search.filledOnly || order.state === 'filled').sort(byReceipt);
  }

  async one(account: string, id: string): Promise<BrokerOrder> {
    const body = await this.options.http.read(route`/accounts/${account}/orders/${id}`);
    const { data } = read(single, body, 'an order');
    const [order] = await this.#all([data], account);
    if (order === undefined) throw new BrokerProtocolError(`Order ${id} is no stock or option order.`);
    return order;
  }

  async dryRun(account: string, order: OrderRequest, urgency: Urgency): Promise<DryRun> {
    const body = orderBody(order, this.options.source);
    const verdict = await this.options.http.verdict(
      route`/accounts/${account}/orders/dry-run`,
      body,
      urgency,
    );
    return toDryRun(verdict, this.options.secrets);
  }

  /** Sends the order once; see `TastytradeHttp.place` for what each error proves. */
  async submit(
    account: string,
    order: OrderRequest,
    externalIdentifier: string,
    deadline: Deadline,
  ): Promise<Receipt> {
    const body = orderBody(order, this.options.source, externalIdentifier);
    const answer = await this.options.http.place(route`/accounts/${account}/orders`, body, deadline);
    const receipt = this.#receipt(answer, account);
    this.options.logger.info(
      { order: receipt.order.id, status: receipt.order.status, externalIdentifier },
      'order accepted',
    );
    return receipt;
  }

  /** An id in the answer proves that the order exists. Without one, even an answer of success proves nothing. */
  #receipt(answer: Json, account: string): Receipt {
    const parsed = placedAnswer.safeParse(answer);
    const data = parsed.success ? parsed.data.data : null;
    const own = errorEnvelope(answer);
    const outer = own === null ? [] : own.details.length > 0 ? own.details : [own];
    const remarks = this.#scrubbed([...notices(data?.warnings), ...outer, ...notices(data?.errors)]);
    try {
      return { order: toOrder(data?.order, this.options.sizes, account), warnings: remarks };
    } catch (error) {
      const reasons = [...remarks.map(({ message }) => message), (error as Error).message].join('; ');
      throw new OutcomeUnknown(`The broker answered the order with success but names none: ${reasons}`);
    }
  }

  #scrubbed(items: readonly Notice[]): Notice[] {
    const { secrets } = this.options;
    return items.map(({ code, message }) => ({ code: secrets.scrub(code), message: secrets.scrub(message) }));
  }

  /** One unreadable order fails the whole list: coverage and "was it placed?" need all of them. */
  async #all(items: readonly unknown[], account: string): Promise<BrokerOrder[]> {
    const { http, sizes } = this.options;
    const orders: BrokerOrder[] = [];
    for (let from = 0; from < items.length; from += AT_ONCE) {
      const some = items
        .slice(from, from + AT_ONCE)
        .filter(concernsUs)
        .map(readOrder);
      await sizes.look(http, some.flatMap(symbolsIn));
      orders.push(...some.map((order) => ourOrder(order, sizes, account)));
      // Years of orders take a while to read, and others want their answers meanwhile.
      if (from + AT_ONCE < items.length) await breath();
    }
    return orders;
  }
}

function byReceipt(a: BrokerOrder, b: BrokerOrder): number {
  return (a.receivedAt?.getTime() ?? 0) - (b.receivedAt?.getTime() ?? 0);
}

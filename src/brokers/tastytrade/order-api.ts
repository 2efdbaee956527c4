import { setImmediate as breath } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isStop } from '../../domain/covers.js';
import { OutcomeUnknown } from '../../domain/errors.js';
import { isOpen } from '../../domain/order-fills.js';
import type { BrokerOrder, OddRow } from '../../domain/types.js';
import type {
  CancelTarget,
  Deadline,
  DryRun,
  OrderPair,
  OrderRequest,
  OrderSearch,
  PairReceipt,
  Receipt,
  Remark,
  Urgency,
} from '../../ports/broker.js';
import type { Secrets } from '../../ports/secrets.js';
import type { ContractSizes } from './contract-sizes.js';
import { errorEnvelope, remarks } from './envelope.js';
import { route, type TastytradeHttp } from './http.js';
import type { Json } from './json.js';
import { KnownRows } from './known-rows.js';
import { idIn } from './odd-order.js';
import { orderBody, pairBody } from './order-body.js';
import { isForeignOrder, readOrder, symbolsIn } from './order-wire.js';
import { allItems } from './pages.js';
import { toDryRun } from './preflight.js';
import { fieldOf, single, tried } from './wire.js';

/** A page size the history is known to accept; its default is 10. */
const PER_PAGE = 50;
/** Orders read without letting others go first: some milliseconds. */
const AT_ONCE = 50;

export interface OrderApiOptions {
  http: TastytradeHttp;
  sizes: ContractSizes;
  secrets: Secrets;
  logger: Logger;
  /** Label every order carries. */
  source: string;
}

/** The account's orders: reading them, dry runs, and the two calls that move money. */
export class OrderApi {
  readonly #known: KnownRows<BrokerOrder>;

  constructor(private readonly options: OrderApiOptions) {
    // Contract sizes aren't told with an order.
    this.#known = new KnownRows(
      ({ odd, legs }) => !odd && legs.every(({ instrument }) => options.sizes.agrees(instrument)),
    );
  }

  /**
   * Every order that can still fill. `/orders/live` holds today's orders of all states and older GTC ones;
   * it is read on demand and never polled, which the broker forbids.
   */
  async open(account: string): Promise<BrokerOrder[]> {
    const items = await allItems(this.options.http, route`/accounts/${account}/orders/live`);
    return withoutTwins((await this.#all(items, account)).filter(isOpen));
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
    const answer = tried(single, body);
    const data = 'data' in answer ? answer.data.data : null;
    const { http, sizes } = this.options;
    await sizes.look(http, symbolsIn(data));
    const order = readOrder(data, sizes, account);
    // Asked for by its id, it is that order, whatever else can't be read.
    return order.odd ? { ...order, id, odd: { ...order.odd, name: id } } : order;
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

  async dryRunPair(account: string, pair: OrderPair, urgency: Urgency): Promise<DryRun> {
    const body = pairBody(pair, this.options.source);
    const path = route`/accounts/${account}/complex-orders/dry-run`;
    return toDryRun(await this.options.http.verdict(path, body, urgency), this.options.secrets);
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

  /** Sends both orders by one request; as `submit` for what each error proves. */
  async submitPair(
    account: string,
    pair: OrderPair,
    externalIdentifiers: Record<keyof OrderPair, string>,
    deadline: Deadline,
  ): Promise<PairReceipt> {
    const body = pairBody(pair, this.options.source, externalIdentifiers);
    const answer = await this.options.http.place(route`/accounts/${account}/complex-orders`, body, deadline);
    const orders = this.#parts(answer, account);
    const receipt = {
      target: partOf(orders, externalIdentifiers.target, (order) => order.orderType === 'Limit'),
      stop: partOf(orders, externalIdentifiers.stop, isStop),
    };
    if (!receipt.target && !receipt.stop) throw this.#unproven(answer);
    this.options.logger.info(
      { target: receipt.target?.id, stop: receipt.stop?.id, externalIdentifiers },
      'pair of orders accepted',
    );
    return receipt;
  }

  /** Asks once for an order's end; what became of it only reading tells. */
  async cancel(account: string, { id, complexId }: CancelTarget, deadline: Deadline): Promise<void> {
    const path =
      complexId === null
        ? route`/accounts/${account}/orders/${id}`
        : route`/accounts/${account}/complex-orders/${complexId}`;
    await this.options.http.cancel(path, deadline);
    this.options.logger.info({ order: id, complexOrder: complexId }, 'cancel taken');
  }

  /**
   * An id in the answer proves that the order exists, whatever else of it can't be read. Without one, even an answer
   * of success proves nothing.
   */
  #receipt(answer: Json, account: string): Receipt {
    const told = fieldOf(fieldOf(answer, 'data'), 'order');
    if (idIn(told) === null) throw this.#unproven(answer);
    return { order: readOrder(told, this.options.sizes, account), warnings: this.#remarks(answer) };
  }

  /** The orders of a complex one that name an id. */
  #parts(answer: Json, account: string): BrokerOrder[] {
    const told = fieldOf(fieldOf(fieldOf(answer, 'data'), 'complex-order'), 'orders');
    const rows = Array.isArray(told) ? told.filter((row) => idIn(row) !== null) : [];
    return rows.map((row) => readOrder(row, this.options.sizes, account));
  }

  #unproven(answer: Json): OutcomeUnknown {
    return new OutcomeUnknown({
      code: 'NO_ORDER_ID',
      said: this.#remarks(answer).map(({ message }) => message),
    });
  }

  #remarks(answer: Json): Remark[] {
    const data = fieldOf(answer, 'data');
    const own = errorEnvelope(answer);
    const outer = own === null ? [] : own.details.length > 0 ? own.details : [own];
    return this.#scrubbed([
      ...remarks(fieldOf(data, 'warnings')),
      ...outer,
      ...remarks(fieldOf(data, 'errors')),
    ]);
  }

  #scrubbed(items: readonly Remark[]): Remark[] {
    const { secrets } = this.options;
    return items.map(({ code, message }) => ({ code: secrets.scrub(code), message: secrets.scrub(message) }));
  }

  /** An order that can't be read is among them as an odd one: coverage and "was it placed?" need all. */
  async #all(items: readonly unknown[], account: string): Promise<BrokerOrder[]> {
    const { http, sizes } = this.options;
    const orders: BrokerOrder[] = [];
    for (let from = 0; from < items.length; from += AT_ONCE) {
      const some = items.slice(from, from + AT_ONCE).filter((item) => !isForeignOrder(item));
      await sizes.look(http, some.flatMap(symbolsIn));
      orders.push(
        ...some.map((item) => this.#known.of(account, item, () => readOrder(item, sizes, account))),
      );
      // Years of orders take a while to read, and others want their answers meanwhile.
      if (from + AT_ONCE < items.length) await breath();
    }
    return orders;
  }
}

/** By our mark, or where the broker echoes none by the only kind of order it can be. */
function partOf(
  orders: readonly BrokerOrder[],
  mark: string,
  isKind: (order: BrokerOrder) => boolean,
): BrokerOrder | null {
  const marked = orders.find(({ externalIdentifier }) => externalIdentifier === mark);
  return marked ?? orders.find((order) => order.externalIdentifier === null && isKind(order)) ?? null;
}

/** Two orders of one id: which of them is meant nobody knows, so both are odd. */
function withoutTwins(orders: readonly BrokerOrder[]): BrokerOrder[] {
  const byId = new Map<string, BrokerOrder>();
  for (const order of orders) {
    const twin = byId.get(order.id);
    byId.set(order.id, twin && legsText(twin) !== legsText(order) ? oddTwin(twin, order) : order);
  }
  return [...byId.values()];
}

function oddTwin(one: BrokerOrder, other: BrokerOrder): BrokerOrder {
  const symbols = [one, other].flatMap(({ legs, odd }) => [
    ...legs.map(({ instrument }) => instrument.symbol),
    ...(odd && odd.concern !== 'account' ? odd.concern.symbols : []),
  ]);
  const vague = [one, other].find(({ odd }) => odd?.concern === 'account' || odd?.concern.kin);
  const odd: OddRow = {
    what: 'order',
    name: one.id,
    why: { code: 'ID_TWICE' },
    doubts: 'coverage',
    concern: vague?.odd?.concern ?? { symbols, kin: null },
  };
  return { ...other, legs: [], odd };
}

function legsText({ legs, odd }: BrokerOrder): string {
  return JSON.stringify([odd ?? null, legs.map(({ instrument, action }) => [instrument.symbol, action])]);
}

function byReceipt(a: BrokerOrder, b: BrokerOrder): number {
  return (a.receivedAt?.getTime() ?? 0) - (b.receivedAt?.getTime() ?? 0);
}

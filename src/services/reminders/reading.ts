import type { Logger } from 'pino';
import { BrokerError, UserError } from '../../domain/errors.js';
import type { Decimal } from '../../domain/money.js';
import type { Grid } from '../../domain/ticks.js';
import { gridFor } from '../../domain/ticks.js';
import type { BrokerOrder, IsoDate } from '../../domain/types.js';
import type { Balances, Broker } from '../../ports/broker.js';
import type { Store } from '../../ports/store.js';
import type { Book, BookSource } from '../accounts/positions.js';
import { type ClosedOrder, closedOn, ordersOfDay } from './closed.js';
import { type Market, readMarket } from './market.js';

export interface ReadingDeps {
  desks: BookSource;
  broker: Broker;
  store: Pick<Store, 'orderLinks'>;
  spreadTicks: ReadonlyMap<string, Decimal>;
  log: Logger;
}

/**
 * One look at the account, shared by all reminders of one moment. Each part is read when it is first asked for, and
 * once. The account itself has to be readable; what only adds to it (balances, prices of underlyings) is told as
 * missing instead.
 */
export class Reading {
  readonly #parts = new Map<string, Promise<unknown>>();

  constructor(private readonly deps: ReadingDeps) {}

  /** @throws BrokerError if the account can't be read */
  book(): Promise<Book> {
    return this.#once('book', () => this.deps.desks.read());
  }

  /** Prices and dividends of everything held. */
  market(): Promise<Market> {
    return this.#once('market', async () => readMarket(await this.book(), this.deps.broker, this.deps.log));
  }

  /** Null if the broker doesn't tell them now. */
  balances(): Promise<Balances | null> {
    return this.#once('balances', async () => {
      const { account } = await this.book();
      return this.#orNull(this.deps.broker.balances(account), 'balances');
    });
  }

  /** Orders that closed something on a day at the exchange, with what they realised. */
  closedOn(day: IsoDate): Promise<ClosedOrder[]> {
    return this.#once(`closed ${day}`, async () => {
      const book = await this.book();
      const orders = ordersOfDay(day, book.history);
      const ids = orders.map(({ id }) => id);
      return closedOn(day, orders, await this.deps.store.orderLinks(book.account, ids));
    });
  }

  /** The valid prices of an order; null where that can't be known. */
  async grid({ underlying, legs }: BrokerOrder): Promise<Grid | null> {
    try {
      return gridFor(legs.length, await this.deps.broker.underlying(underlying), this.deps.spreadTicks);
    } catch (error) {
      if (!(error instanceof BrokerError || error instanceof UserError)) throw error;
      return null;
    }
  }

  #once<T>(part: string, read: () => Promise<T>): Promise<T> {
    const known = this.#parts.get(part) as Promise<T> | undefined;
    if (known) return known;
    const reading = read();
    this.#parts.set(part, reading);
    return reading;
  }

  async #orNull<T>(read: Promise<T>, what: string): Promise<T | null> {
    try {
      return await read;
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.deps.log.warn({ err: error }, `could not read ${what} for a reminder`);
      return null;
    }
  }
}

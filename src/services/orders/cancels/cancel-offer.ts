import type { AccountName } from '../../../domain/account-names.js';
import { endingWith as endsOfCover } from '../../../domain/closing.js';
import { UserError } from '../../../domain/errors.js';
import { isOpen } from '../../../domain/order-fills.js';
import type { BrokerOrder } from '../../../domain/types.js';
import type { CancelTerms } from '../../../ports/cancels.js';
import type { Store } from '../../../ports/store.js';
import type { AccountDesk } from '../../accounts/account-desk.js';
import type { Desks } from '../../accounts/desks.js';
import type { Book, OpenPosition } from '../../accounts/positions.js';
import { missing } from '../../previews/refusals.js';
import { type OrdersService, type WorkingOrder, workingOrders } from '../working-orders.js';

/** Which orders are meant: a position's targets, one order, or what one preview placed. */
export type CancelWish =
  | { kind: 'position'; id: number; account: string | null }
  | { kind: 'order'; id: string }
  | { kind: 'plan'; id: string };

/** What somebody is asked about before anything is cancelled. */
export interface CancelOffer {
  id: string;
  userId: string;
  account: string;
  name: AccountName;
  expiresAt: Date;
  /** To be cancelled, each with those that end with it. */
  orders: readonly WorkingOrder[];
  /** What else ends with these, as parts of the same complex orders. */
  along: readonly BrokerOrder[];
  /** Meant as well, but the broker takes no cancel of them now: they are on their way, or being cancelled already. */
  stuck: readonly WorkingOrder[];
  /** The positions these close, as they would be without them. */
  afterwards: readonly OpenPosition[];
}

export interface Meant {
  /** Of the account whose book it is. */
  desk: Pick<AccountDesk, 'positions'>;
  book: Book;
  /** At least one. */
  orders: readonly WorkingOrder[];
}

export interface CancelWishesDeps {
  store: Pick<Store, 'plan' | 'intents'>;
  desks: Pick<Desks, 'holding' | 'serving'>;
  orders: Pick<OrdersService, 'find'>;
}

/** Finds the working orders that somebody means, by a fresh read. */
export class CancelWishes {
  constructor(private readonly deps: CancelWishesDeps) {}

  /** @throws UserError `NOTHING_TO_CANCEL`, and as `Desks.holding` and `OrdersService.find`; BrokerError */
  async find(wish: CancelWish): Promise<Meant> {
    switch (wish.kind) {
      case 'position':
        return this.#ofPosition(wish.id, wish.account);
      case 'order':
        return this.#one(wish.id);
      case 'plan':
        return this.#ofPlan(wish.id);
    }
  }

  /** Its targets, and whatever else of ours closes it. What was placed elsewhere for another end is left alone. */
  async #ofPosition(positionId: number, account: string | null): Promise<Meant> {
    const desk = await this.deps.desks.holding([positionId], account);
    const book = await desk.positions.read();
    desk.positions.find(book, positionId);
    const orders = workingOrders(book).filter(
      ({ positions, flaws, ours }) =>
        positions.some(({ id }) => id === positionId) && (flaws.length === 0 || ours),
    );
    if (orders.length > 0) return { desk, book, orders };
    throw new UserError('NOTHING_TO_CANCEL', { positionId, order: null });
  }

  async #one(id: string): Promise<Meant> {
    const { book, order } = await this.deps.orders.find(id);
    if (isOpen(order.order)) {
      return { desk: await this.deps.desks.serving(book.account), book, orders: [order] };
    }
    throw new UserError('NOTHING_TO_CANCEL', { positionId: null, order: { id, status: order.order.status } });
  }

  async #ofPlan(planId: string): Promise<Meant> {
    const { store, desks } = this.deps;
    const plan = await store.plan(planId);
    if (!plan) throw missing();
    const desk = await desks.serving(plan.account);
    const placed = new Set((await store.intents(planId)).map(({ brokerOrderId }) => brokerOrderId));
    const book = await desk.positions.read();
    const orders = workingOrders(book).filter(({ order, others }) =>
      [order, ...others].some(({ id }) => placed.has(id)),
    );
    if (orders.length > 0) return { desk, book, orders };
    throw new UserError('NOTHING_TO_CANCEL', { positionId: null, order: null });
  }
}

/** All orders that end with one: those that exclude it, and every other part of its complex order. */
export function endingWith({ order, others }: WorkingOrder, { openOrders }: Book): BrokerOrder[] {
  return endsOfCover({ lead: order, others }, openOrders);
}

/** Beside these orders and those they exclude: all that the broker ends with them. */
export function endingAlong(orders: readonly WorkingOrder[], book: Book): BrokerOrder[] {
  const told = new Set(orders.flatMap(({ order, others }) => [order, ...others].map(({ id }) => id)));
  const all = orders.flatMap((order) => endingWith(order, book));
  return [...new Map(all.map((each) => [each.id, each])).values()].filter(({ id }) => !told.has(id));
}

/** Whether the broker takes a cancel of it now, as its own flags say. */
export function isCancellable(working: WorkingOrder, book: Book): boolean {
  return endingWith(working, book).some(({ cancellable }) => cancellable !== false);
}

export function termsOf(working: WorkingOrder, book: Book): CancelTerms[] {
  const positionIds = working.positions.map(({ id }) => id);
  const ending = endingWith(working, book);
  const taken = ending.filter(({ cancellable }) => cancellable !== false);
  // The cancel of one part ends them all: the end of another is by this cancel, too.
  const complexes = new Set(taken.flatMap(({ complex }) => complex?.id ?? []));
  return ending
    .filter((order) => taken.includes(order) || complexes.has(order.complex?.id ?? ''))
    .map((order) => orderTerms(order, positionIds));
}

export function orderTerms(order: BrokerOrder, positionIds: readonly number[]): CancelTerms {
  const { underlying, legs, orderType, timeInForce, price, effect, stopTrigger } = order;
  return {
    orderId: order.id,
    complexId: order.complex?.id ?? null,
    positionIds,
    underlying,
    legs: legs.map(({ instrument: { symbol }, action, quantity }) => ({ symbol, action, quantity })),
    orderType,
    timeInForce,
    price,
    effect,
    stopTrigger,
  };
}

/** The positions that these orders close, as they stand once all that ends has ended. */
export async function afterwardsOf(
  { desk, book, orders }: Meant,
  ending: ReadonlySet<string>,
): Promise<OpenPosition[]> {
  const concerned = new Set(orders.flatMap(({ positions }) => positions.map(({ id }) => id)));
  const { positions } = await desk.positions.without(book, ending);
  return positions.filter(({ id }) => concerned.has(id));
}

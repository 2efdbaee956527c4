import { tradedAt } from '../../domain/order-fills.js';
import { keyOfOrder } from '../../domain/position-key.js';
import { endOfPosition, type PositionEnd } from '../../domain/position-life.js';
import { type ClosedPosition, closedSince } from '../../domain/realised.js';
import { chainsOf, isRoll, type ToldChain } from '../../domain/rolls.js';
import type { BrokerOrder, Holding } from '../../domain/types.js';
import { type WayOut, waysOut } from '../../domain/ways-out.js';
import { EVERY_ORDER, type OrderTrail } from '../../ports/audit.js';
import type { Broker } from '../../ports/broker.js';
import type { Notices } from '../../ports/notices.js';
import type { Store } from '../../ports/store.js';
import type { Chains, ChainWish } from '../accounts/chains.js';
import { type LedgerReaderDeps, type Made, madeSince } from '../accounts/ledger-reader.js';
import { KnownOrders, openingOrder } from '../accounts/opening-order.js';

const EVER = new Date(0);

/** A position of which the last contract is gone. */
export interface ClosingNews {
  positionId: number;
  account: string;
  position: ClosedPosition;
  end: PositionEnd;
  ways: readonly ClosingWay[];
  /** What the rolls it is a part of made by then, with this; null where nothing was rolled. */
  chain: ToldChain | null;
}

export interface ClosingWay extends WayOut {
  /** What the order was that we placed for it; null where that was `/close`, or none of ours. */
  by: 'target' | 'stop' | null;
}

/**
 * - `closed`: nothing of it is left, and the ledger has all of it
 * - `not-booked`: the ledger lacks rows still
 * - `nothing`: some of it is open, what opened it isn't known, or it is nobody's news
 */
export type Closing = { kind: 'closed'; news: ClosingNews } | { kind: 'not-booked' } | { kind: 'nothing' };

/** How a position ended, and when that was read. */
export interface EndedPosition {
  account: string;
  positionId: number;
  end: PositionEnd;
  at: Date;
}

export interface ClosingReaderDeps extends LedgerReaderDeps {
  broker: Pick<Broker, 'ledger' | 'holdings' | 'order'>;
  chains: Pick<Chains, 'read'>;
  notices: Pick<Notices, 'channelOf'>;
  /** Whether the last read of its account has it; null where none was made yet. */
  isShown(account: string, positionId: number): boolean | null;
  /** Told how a position ended, each time that is read. */
  onEnd(ended: EndedPosition): void;
  store: Pick<Store, 'trail' | 'positionAccounts' | 'positionKey' | 'orderLinks'>;
}

/** A position, and what opened it. */
interface Begun {
  positionId: number;
  account: string;
  opening: BrokerOrder;
  openedAt: Date;
}

/** What an account's ledger says, worked out once for all of its positions. */
interface Statement {
  made: Made;
  readAt: Date;
  /** By what opened them. */
  closed: ReadonlyMap<string, ClosedPosition>;
  /** Contracts by the order that traded them. */
  booked: ReadonlyMap<string | null, number>;
}

const NOTHING: Closing = { kind: 'nothing' };
const NOT_BOOKED: Closing = { kind: 'not-booked' };

/** Whether a position is closed by now, and what it made over its whole life, by the broker's ledger. */
export class ClosingReader {
  readonly #orders: KnownOrders;

  constructor(private readonly deps: ClosingReaderDeps) {
    this.#orders = new KnownOrders(deps.broker);
  }

  /** @throws BrokerError while the broker can't be asked */
  async read(positionId: number): Promise<Closing> {
    return (await this.readAll([positionId])).get(positionId) ?? NOTHING;
  }

  /** By position, with one look at the ledger of each account; what isn't known to have been opened is left out. @throws as `read` */
  async readAll(positionIds: readonly number[]): Promise<Map<number, Closing>> {
    const accounts = await this.deps.store.positionAccounts(positionIds);
    const begun = await Promise.all([...accounts].map(([id, account]) => this.#begun(id, account)));
    const known = begun.flatMap((each) => each ?? []);
    const told = new Map<number, Closing>();
    for (const account of new Set(accounts.values())) {
      const own = known.filter((each) => each.account === account);
      if (own.length === 0) continue;
      const readAt = this.deps.clock.now();
      const since = new Date(Math.min(...own.map(({ openedAt }) => openedAt.getTime())));
      const made = await madeSince(this.deps, account, since);
      const statement = statementOf(made, readAt);
      const closings = new Map<Begun, Closing>();
      for (const each of own) closings.set(each, await this.#closing(each, statement));
      const chains = await this.#chains(account, closings, made);
      for (const [{ positionId }, closing] of closings) told.set(positionId, withChain(closing, chains));
    }
    return told;
  }

  /** Null where no order is known to have opened it. */
  async #begun(positionId: number, account: string): Promise<Begun | null> {
    const opening = await openingOrder({ broker: this.#orders, store: this.deps.store }, account, positionId);
    const openedAt = opening && tradedAt(opening).first;
    return openedAt ? { positionId, account, opening, openedAt } : null;
  }

  async #closing(
    { positionId, account, opening }: Begun,
    { made, readAt, closed, booked }: Statement,
  ): Promise<Closing> {
    const trail = await this.deps.store.trail(account, positionId, EVERY_ORDER);
    if (!trail.every((order) => isBooked(order, booked))) return NOT_BOOKED;
    const key = keyOfOrder(opening.id);
    const position = closed.get(key);
    if (!position) return isAsOpened(key, made) ? NOTHING : NOT_BOOKED;
    const symbols = new Set(position.legs.map(({ instrument }) => instrument.symbol));
    if (made.unsure.some(({ symbol }) => symbols.has(symbol))) return NOT_BOOKED;
    const end = endOfPosition(position);
    if (!end) {
      // Another position may hold the same contracts.
      const isGone = this.deps.isShown(account, positionId) === false;
      return !isGone && isHeld(position, made.held) ? NOTHING : NOT_BOOKED;
    }
    this.deps.onEnd({ account, positionId, end, at: readAt });
    if (trail.length === 0 && !(await this.#isNews(account, position))) return NOTHING;
    const placed = new Map(trail.map(({ intent }) => [intent.brokerOrderId, intent]));
    const ways = waysOut(position.closings, made.rows).map((way) => ({
      ...way,
      by: purposeOf(placed.get(way.orderId)),
    }));
    return { kind: 'closed', news: { positionId, account, position, end, ways, chain: null } };
  }

  /** By no order of ours it is news where what is new in its account was told by then. */
  async #isNews(account: string, { closedAt }: ClosedPosition): Promise<boolean> {
    const channel = await this.deps.notices.channelOf(account);
    return channel !== null && closedAt >= channel.since;
  }

  /** What rolls made with those that are part of one, by opening: of all at once, a look may go back years. */
  async #chains(
    account: string,
    closings: ReadonlyMap<Begun, Closing>,
    made: Made,
  ): Promise<Map<string, ToldChain | null>> {
    const rolled = chainsOf(made);
    const wishes = [...closings].flatMap(([{ opening, openedAt }, closing]) => {
      const isRolled = isRoll(opening) || rolled.has(keyOfOrder(opening.id));
      return isRolled && closing.kind === 'closed' ? wishOf(closing.news, openedAt) : [];
    });
    const chains = await this.deps.chains.read(account, wishes);
    return new Map(wishes.map(({ key }, index) => [key, chains[index] ?? null]));
  }
}

function wishOf({ position: { opening, closings, legs } }: ClosingNews, openedAt: Date): ChainWish {
  const through = closings.findLast(({ closedBy }) => closedBy !== null)?.closedBy ?? undefined;
  const symbols = legs.map(({ instrument }) => instrument.symbol);
  return { key: opening, openedAt, symbols, ...(through !== undefined && { through }) };
}

function withChain(closing: Closing, chains: ReadonlyMap<string, ToldChain | null>): Closing {
  if (closing.kind !== 'closed') return closing;
  const chain = chains.get(closing.news.position.opening) ?? null;
  return { ...closing, news: { ...closing.news, chain } };
}

function purposeOf(intent: OrderTrail['intent'] | undefined): ClosingWay['by'] {
  if (!intent || intent.kind === 'close') return null;
  return intent.stopTrigger ? 'stop' : 'target';
}

function statementOf(made: Made, readAt: Date): Statement {
  const closed = new Map(closedSince(made, EVER).map((each) => [each.opening, each]));
  const booked = new Map<string | null, number>();
  for (const { orderId, quantity } of made.rows)
    booked.set(orderId, (booked.get(orderId) ?? 0) + quantity.toNumber());
  return { made, readAt, closed, booked };
}

/** Whether the ledger has as many contracts of an order as it traded. */
function isBooked({ intent, fills }: OrderTrail, booked: Statement['booked']): boolean {
  const traded = fills.reduce((count, { quantity }) => count + quantity, 0);
  return (booked.get(intent.brokerOrderId) ?? 0) >= traded;
}

/** Whether as many of its contracts are held, by whatever positions, as were opened and nothing closed: no row is still to come. */
function isAsOpened(key: string, made: Made): boolean {
  const legs = made.openings.get(key) ?? [];
  return legs.length > 0 && legs.every(({ instrument }) => made.agrees(instrument.symbol));
}

/** Whether some of what the ledger has as open is held; else its rows are still to come, such as those of an expiration. */
function isHeld({ legs }: ClosedPosition, held: readonly Holding[]): boolean {
  return legs.some(
    (leg) =>
      leg.held > 0 &&
      held.some(({ instrument, side }) => instrument.symbol === leg.instrument.symbol && side === leg.side),
  );
}

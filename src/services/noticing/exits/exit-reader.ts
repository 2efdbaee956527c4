import type { AccountName } from '../../../domain/account-names.js';
import { exchangeMidnight } from '../../../domain/calendar/exchange.js';
import { dte, exchangeDay } from '../../../domain/dates.js';
import { dayChange } from '../../../domain/day-change.js';
import { type DaySteps, daySteps } from '../../../domain/day-profits.js';
import { UserError } from '../../../domain/errors.js';
import type { Exact } from '../../../domain/exact.js';
import { dueDay, limitOf } from '../../../domain/exits.js';
import { firstEnd, isOver, type SessionOf } from '../../../domain/expiration.js';
import { hidesHoldings } from '../../../domain/odd-rows.js';
import type { IsoDate } from '../../../domain/types.js';
import type { Broker, MarketSession } from '../../../ports/broker.js';
import type { Clock } from '../../../ports/clock.js';
import type { Exits } from '../../../ports/exits.js';
import type { Halt } from '../../../ports/halts.js';
import type { Outbox } from '../../../ports/outbox.js';
import type { PlacedOrders } from '../../../ports/placed-orders.js';
import type { PositionStore } from '../../../ports/positions.js';
import type { AccessRules } from '../../access/access.js';
import type { Halting } from '../../access/halting.js';
import type { AccountDesk } from '../../accounts/account-desk.js';
import { type Chains, withChain } from '../../accounts/chains.js';
import type { Desks } from '../../accounts/desks.js';
import type { Book, OpenPosition } from '../../accounts/positions.js';
import { baredBy } from '../../previews/giving-way.js';
import { type PricedClose, pricedClose } from '../../previews/priced-close.js';
import type { PreviewPricer } from '../../previews/pricing.js';
import { NotYet } from '../../telling/projector.js';
import { markOfOrders } from '../shown-orders.js';
import { EXIT } from './exit-watch.js';

/** Just after it has opened the quotes are wide. */
const SETTLED_MS = 15 * 60_000;
/** Where the broker doesn't tell when it opens. */
const CLOSED_MS = 15 * 60_000;
/** What can't be read stays so for a while. */
const UNREAD_MS = 15 * 60_000;
/** An order of ours on its way is known in a moment. */
const UNDER_WAY_MS = 3_000;

/** A position that has come to its days, as its card tells of it. */
export interface ExitCard {
  id: number;
  /** Days to expiration: the limit that it has come to. */
  limit: number;
  name: AccountName;
  /** Who is mentioned. */
  userId: string;
  /** Null once nothing of it is held, or trades any more. */
  held: HeldExit | null;
}

export interface HeldExit {
  view: OpenPosition;
  quotes: Book['quotes'];
  readAt: Date;
  /** The day on which it came to its limit. */
  due: IsoDate;
  /** Whole days since it was opened; null if nobody knows. */
  age: number | null;
  steps: DaySteps;
  /** What this day made since the close before it, by the broker; null if not known, or among the steps. */
  today: Exact | null;
  /** Closing it now; or why that can't be, or the orders by which somebody is closing all of it. */
  offer: ExitOffer | { why: UserError } | { closing: readonly string[] };
  /** Nothing may be sent, by settings. */
  readOnly: boolean;
  halt: Halt | null;
}

/** What a press on the card confirms. */
export interface ExitOffer extends Pick<PricedClose, 'position' | 'givingWay' | 'close'> {
  /** Other positions that lose targets by it. */
  bared: readonly OpenPosition[];
  mark: string;
}

export interface ExitReaderDeps {
  desks: Pick<Desks, 'find'>;
  store: Pick<PositionStore, 'positionAccounts'> & Pick<PlacedOrders, 'workingIntents'>;
  exits: Pick<Exits, 'exitRule' | 'profitsOf'>;
  outbox: Pick<Outbox, 'notes'>;
  broker: Pick<Broker, 'marketSession'>;
  pricer: Pick<PreviewPricer, 'close'>;
  chains: Pick<Chains, 'of'>;
  halting: Pick<Halting, 'current'>;
  access: AccessRules;
  sessionOf: SessionOf;
  clock: Pick<Clock, 'now'>;
}

/** Reads a position that has come to its days, and previews its close without any plan: a press makes one of its own. */
export class ExitReader {
  constructor(private readonly deps: ExitReaderDeps) {}

  /**
   * @returns null where there is nothing to be told (any more)
   * @throws NotYet before its day, while the market is closed, or an order of ours on it has no known fate; BrokerError
   */
  async read(topic: string): Promise<ExitCard | null> {
    const { desks, store, exits, clock } = this.deps;
    const [id = 0, limit = 0] = topic.split('/').map(Number);
    const [note] = await this.deps.outbox.notes({ kind: EXIT, topic });
    const told = note !== undefined && note.pages.length + note.directPages.length > 0;
    if (note && !told && note.createdAt > clock.now()) throw new NotYet(note.createdAt);
    const account = (await store.positionAccounts([id])).get(id);
    const desk = account === undefined ? null : await desks.find(account);
    if (!desk) return null;
    const rule = await exits.exitRule(desk.number);
    if (!told && !rule?.days.includes(limit)) return null;
    if (!told) await this.#assertOpen();
    const book = await desk.positions.read();
    const card = { id, limit, name: desk.name, userId: note?.userId ?? '' };
    const view = book.positions.find((each) => each.id === id);
    if (!view && hidesHoldings(book.odd)) throw new NotYet(new Date(clock.now().getTime() + UNREAD_MS));
    const end = view && firstEnd(view.position, view.ends);
    if (!view || !end || isOver(end, book.readAt)) return told ? { ...card, held: null } : null;
    if (view.underWay) throw new NotYet(new Date(clock.now().getTime() + UNDER_WAY_MS));
    const due = dueDay(end.day, limit, this.deps.sessionOf);
    const days = dte(book.readAt, end.day);
    // What was to expire first is gone, and the rest has more time.
    if (!told && days > limit) throw new NotYet(new Date(exchangeMidnight(due)));
    // Of several limits that it has come to meanwhile, only the last is told.
    if (!told && limitOf(rule?.days ?? [], days) !== limit) return null;
    if (told) await this.#assertOpen();
    return { ...card, held: { due, ...(await this.#held(desk, book, view)) } };
  }

  async #held(desk: AccountDesk, book: Book, view: OpenPosition): Promise<Omit<HeldExit, 'due'>> {
    const { halting, access, chains } = this.deps;
    const { openedAt } = view.position;
    return {
      view: withChain(view, await chains.of(book, [view])),
      quotes: book.quotes,
      readAt: book.readAt,
      age: openedAt && dte(openedAt, exchangeDay(book.readAt)),
      ...(await this.#sinceThen(view, book)),
      offer: await this.#offer(desk, book, view),
      readOnly: access.readOnly,
      halt: await halting.current(),
    };
  }

  /** What was noted of each day, and what this one has made so far. */
  async #sinceThen(
    { id, position, profit: { dollars } }: OpenPosition,
    { readAt, quotes }: Book,
  ): Promise<Pick<HeldExit, 'steps' | 'today'>> {
    const { exits, sessionOf } = this.deps;
    const day = exchangeDay(readAt);
    const noted = (await exits.profitsOf(id)).filter((each) => each.day < day);
    // Where the day before was noted, this one goes on from there.
    const now = dollars && noted.length > 0 ? [{ day, dollars, units: position.units }] : [];
    const steps = daySteps([...noted, ...now], position.openedAt, sessionOf);
    return { steps, today: now.length > 0 ? null : dayChange(position, quotes, day) };
  }

  async #offer(desk: AccountDesk, read: Book, view: OpenPosition): Promise<HeldExit['offer']> {
    const { positions, number } = desk;
    const { id } = view;
    const closing = await this.#closing(read, view);
    if (closing.length > 0) return { closing };
    try {
      const how = { close: CLOSE, leaveNaked: false, instead: null, urgency: 'viewer' } as const;
      const closed = await pricedClose(this.deps, positions, { read, id }, how);
      const { position, givingWay, close, book } = closed;
      const ending = givingWay.map((order) => order.id);
      const bared = baredBy(givingWay, read, book).filter((each) => each.id !== id);
      return { position, givingWay, close, bared, mark: markOfOrders(number, position.targets, ending) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { why: error };
    }
  }

  /** Orders of ours that close all that is held of it, by id; none where some of it is left. */
  async #closing({ account, openOrders }: Book, { id, position }: OpenPosition): Promise<string[]> {
    const intents = await this.deps.store.workingIntents(account);
    const ids = intents.flatMap(({ kind, positionId, brokerOrderId }) =>
      kind === 'close' && positionId === id ? (brokerOrderId ?? []) : [],
    );
    const legs = openOrders.filter((order) => ids.includes(order.id)).flatMap((order) => order.legs);
    const whole = position.legs.every(
      ({ instrument: { symbol, option }, held }) =>
        option === null ||
        held <= sum(legs.flatMap((leg) => (leg.instrument.symbol === symbol ? leg.remaining : []))),
    );
    return whole ? ids : [];
  }

  /** @throws NotYet until the market has been open for a while */
  async #assertOpen(): Promise<void> {
    const now = this.deps.clock.now();
    const from = tellableFrom(await this.deps.broker.marketSession(), now);
    if (from > now) throw new NotYet(from);
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** All of it, at the middle of the market. */
const CLOSE = { at: 'mid', portion: null } as const;

function tellableFrom({ open, opensAt }: MarketSession, now: Date): Date {
  const settled = opensAt && new Date(opensAt.getTime() + SETTLED_MS);
  // Of an open market some brokers tell when it opens next.
  if (open) return settled && opensAt <= now ? settled : now;
  return settled && settled > now ? settled : new Date(now.getTime() + CLOSED_MS);
}

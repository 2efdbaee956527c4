import type { AccountName } from '../../domain/account-names.js';
import { fallbackCalendar } from '../../domain/calendar/fallback.js';
import { exchangeDay } from '../../domain/dates.js';
import type { Decimal } from '../../domain/money.js';
import type { PositionCover } from '../../domain/position-cover.js';
import type { Board, Boards } from '../../ports/boards.js';
import type { OrderIntent } from '../../ports/order-intents.js';
import type { PlacedOrders } from '../../ports/placed-orders.js';
import type { Desks } from '../accounts/desks.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import { onlyProtects } from '../accounts/ties.js';
import { workingOrders } from '../orders/working-orders.js';

/**
 * How a position stands with its targets.
 * - `missing`: nothing works for it, and a target could
 * - `stale`: a target of ours is recorded as working, and the broker's list has it no more
 * - `part`: some of it has targets
 * - `reserved`: other orders claim it, which are no targets
 * - `unsure`: what works can't be told now
 * - `protects`: it is there to cover or to hedge, and wants no target
 * - `elsewhere`: all of it has targets, of which some were placed elsewhere
 * - `matched`: all of it has targets that we placed
 */
export type Standing =
  | 'missing'
  | 'stale'
  | 'part'
  | 'reserved'
  | 'unsure'
  | 'protects'
  | 'elsewhere'
  | 'matched';

/** The most urgent first. */
const URGENCY: readonly Standing[] = [
  'stale',
  'missing',
  'part',
  'unsure',
  'reserved',
  'elsewhere',
  'matched',
  'protects',
];

/** Those that a preview of targets mends. */
export const MENDABLE: readonly Standing[] = ['stale', 'missing', 'part'];

export interface BoardLine {
  view: OpenPosition;
  standing: Standing;
  /** Targets that work, by the broker's id. */
  targets: readonly string[];
  /** Our targets that the broker's list has no more. */
  gone: readonly string[];
  /** How far the mark is from the nearest target, per share; zero or less is there. Null without marks or targets. */
  toTarget: Decimal | null;
}

export interface BoardNews {
  board: Board;
  name: AccountName;
  /** Null once it was taken down. */
  shown: Shown | null;
}

interface Shown {
  book: Book;
  /** The most urgent first. */
  lines: readonly BoardLine[];
}

export interface BoardReaderDeps {
  store: Pick<Boards, 'board'> & Pick<PlacedOrders, 'workingIntents'>;
  desks: Pick<Desks, 'find'>;
}

/** Reads what a board shows. */
export class BoardReader {
  constructor(private readonly deps: BoardReaderDeps) {}

  /** @returns null where it belongs to no account that is served @throws BrokerError while that can't be read */
  async read(id: number): Promise<BoardNews | null> {
    const { store, desks } = this.deps;
    const board = await store.board(id);
    const desk = board && (await desks.find(board.account));
    if (!board || !desk) return null;
    if (board.down) return { board, name: desk.name, shown: null };
    const book = await desk.positions.read();
    const ours = await store.workingIntents(board.account);
    return { board, name: desk.name, shown: { book, lines: linesOf(book, ours) } };
  }
}

/** One of our orders, and the position it is for. */
type RecordedOrder = Pick<OrderIntent, 'positionId' | 'brokerOrderId'>;

/** @param ours orders that are recorded as working */
export function linesOf(book: Book, ours: readonly RecordedOrder[]): BoardLine[] {
  const open = new Set(book.openOrders.map(({ id }) => id));
  const working = workingOrders(book);
  const lines = book.positions.map((view): BoardLine => {
    const parts = view.working.filter(({ flaws }) => flaws.length === 0);
    const gone = ours.flatMap(({ positionId, brokerOrderId: id }) =>
      positionId === view.id && id !== null && !open.has(id) ? id : [],
    );
    const distances = working
      .filter(({ flaws, positions }) => flaws.length === 0 && positions.includes(view))
      .flatMap(({ toMark }) => toMark ?? []);
    const [first, ...rest] = distances;
    return {
      view,
      standing: standingOf(view, gone),
      targets: parts.map(({ order }) => order.id),
      gone,
      toTarget: first ? rest.reduce((least, each) => (each.lt(least) ? each : least), first) : null,
    };
  });
  return lines.sort(byUrgency);
}

function standingOf(view: OpenPosition, gone: readonly string[]): Standing {
  const { cover, working, underWay, odd } = view;
  if (underWay || odd.length > 0) return 'unsure';
  if (gone.length > 0) return 'stale';
  if (cover.state === 'full') {
    const targets = working.filter(({ flaws }) => flaws.length === 0);
    return targets.every(({ linked }) => linked) ? 'matched' : 'elsewhere';
  }
  return onlyProtects(view) ? 'protects' : WITHOUT[cover.state];
}

const WITHOUT: Record<Exclude<PositionCover['state'], 'full'>, Standing> = {
  part: 'part',
  reserved: 'reserved',
  none: 'missing',
};

/** What needs somebody first, then what is nearest to its target, then as the positions are numbered. */
function byUrgency(one: BoardLine, other: BoardLine): number {
  const urgency = URGENCY.indexOf(one.standing) - URGENCY.indexOf(other.standing);
  if (urgency !== 0) return urgency;
  if (one.toTarget && other.toTarget && !one.toTarget.eq(other.toTarget))
    return one.toTarget.lt(other.toTarget) ? -1 : 1;
  if ((one.toTarget === null) !== (other.toTarget === null)) return one.toTarget ? -1 : 1;
  return one.view.id - other.view.id;
}

/** While its market trades a board shows quotes no older than this; else there is little to see. */
const OPEN_MS = 60_000;
const CLOSED_MS = 15 * 60_000;

/** When a board is to be looked at again though nothing in the account changed. */
export function nextQuotes(now: Date): Date {
  const session = fallbackCalendar.day(exchangeDay(now));
  const open = session !== null && session.open <= now && now < session.close;
  return new Date(now.getTime() + (open ? OPEN_MS : CLOSED_MS));
}

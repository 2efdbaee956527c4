import type { MarketHours } from '../../../domain/calendar/calendar.js';
import { exchangeDay } from '../../../domain/dates.js';
import { type Exact, sumExact } from '../../../domain/exact.js';
import type { BrokerOrder, IsoDate, OddRow } from '../../../domain/types.js';
import { isOfUnderlying } from '../../../domain/underlyings.js';
import type { Balances } from '../../../ports/broker.js';
import type { Book, OpenPosition } from '../../accounts/positions.js';
import { type WorkingOrder, workingOrders } from '../../orders/working-orders.js';
import type { ClosedOrder } from '../closed.js';
import { type ExpiringPosition, expiring } from '../expiring.js';
import type { Market } from '../market.js';
import { type OpenedOrder, openedOn } from '../opened.js';
import type { ReminderOptions } from '../options.js';
import { selected } from '../selection.js';
import type { Kind } from './kind.js';
import { findMissing } from './missing-targets.js';

/** A sum in which some parts may not be known. */
export interface PartialSum {
  /** Null if no part is known. */
  dollars: Exact | null;
  unknown: number;
}

interface Overview {
  book: Book;
  day: IsoDate;
  /** The day's session; null on a day without. */
  session: MarketHours | null;
  /** Within `SOON_DAYS`. */
  expiring: ExpiringPosition[];
  without: OpenPosition[];
  partly: OpenPosition[];
  /** What works on them can't be told. */
  unsure: OpenPosition[];
  /** Rows of the broker's that leave unsure what is held or works. */
  unread: OddRow[];
  orders: WorkingOrder[];
}

/** Before the close: what the day brings. After it: what it brought. */
export type DailySummary =
  | ({ part: 'before' } & Overview)
  | ({
      part: 'after';
      closed: ClosedOrder[];
      opened: OpenedOrder[];
      realised: PartialSum;
      open: PartialSum;
      positions: number;
      /** Those the summary is about. */
      held: OpenPosition[];
      balances: Balances | null;
      /** Working orders whose limit the mark has reached. */
      reached: WorkingOrder[];
    } & Overview);

/** Expirations this near belong into a summary. */
const SOON_DAYS = 7;

export const dailySummary: Kind<DailySummary> = {
  trading: true,
  uses: ['account', 'underlying', 'sayWhenEmpty'],
  usually: 'market close +15m',
  async look({ reading, options, now, dueAt, calendar }) {
    const day = exchangeDay(dueAt);
    const session = calendar.day(day);
    const book = await reading.book();
    const overview = overviewOf(book, await reading.market(), options, { now, day, session });
    const found =
      session && dueAt >= session.close
        ? afterClose(
            overview,
            {
              closed: ofUnderlying(await reading.closedOn(day), options),
              opened: ofUnderlying(openedOn(day, book.history), options),
            },
            selected(book, options),
            await reading.balances(),
          )
        : { part: 'before' as const, ...overview };
    return saysSomething(found) || options.sayWhenEmpty ? found : null;
  },
};

export function overviewOf(
  book: Book,
  market: Market,
  options: ReminderOptions,
  { now, day, session }: { now: Date; day: IsoDate; session: MarketHours | null },
): Overview {
  const { without, partly, unsure, unread } = findMissing(book, options);
  const near = expiring(selected(book, options), book, market, now);
  return {
    book,
    day,
    session,
    expiring: near.filter(({ dte }) => dte <= SOON_DAYS),
    without,
    partly,
    unsure,
    unread,
    orders: workingOrders(book).filter(
      ({ order }) => options.underlying === undefined || isOfUnderlying(options.underlying, order),
    ),
  };
}

export function afterClose(
  overview: Overview,
  { closed, opened }: { closed: ClosedOrder[]; opened: OpenedOrder[] },
  views: readonly OpenPosition[],
  balances: Balances | null,
): DailySummary {
  return {
    part: 'after',
    ...overview,
    closed,
    opened,
    realised: partialSum(closed.map(({ realised }) => realised)),
    open: partialSum(views.map(({ profit }) => profit.dollars)),
    positions: views.length,
    held: [...views],
    balances,
    reached: overview.orders.filter(({ toMark }) => toMark?.lte(0)),
  };
}

function partialSum(parts: readonly (Exact | null)[]): PartialSum {
  const known = parts.filter((part) => part !== null);
  return { dollars: known.length > 0 ? sumExact(known) : null, unknown: parts.length - known.length };
}

function ofUnderlying<T extends { order: BrokerOrder }>(orders: T[], { underlying }: ReminderOptions): T[] {
  return orders.filter(({ order }) => underlying === undefined || isOfUnderlying(underlying, order));
}

function saysSomething(found: DailySummary): boolean {
  const { expiring: near, without, partly, unread, orders } = found;
  const quiet = near.length + without.length + partly.length + unread.length + orders.length === 0;
  return (
    !quiet || (found.part === 'after' && found.closed.length + found.opened.length + found.positions > 0)
  );
}

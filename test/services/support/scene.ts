import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import { coverage } from '../../../src/domain/coverage.js';
import { type LastTrade, lastTradeOf } from '../../../src/domain/expiration.js';
import { groupPositions } from '../../../src/domain/grouping.js';
import { positionCover } from '../../../src/domain/position-cover.js';
import { openProfit } from '../../../src/domain/profit.js';
import { componentsOf, titleOf } from '../../../src/domain/strategies/index.js';
import { attributeWorking, type WorkingOrderPart } from '../../../src/domain/targets.js';
import type {
  BrokerOrder,
  Component,
  Holding,
  Instrument,
  Position,
  Quote,
} from '../../../src/domain/types.js';
import type { DryRun } from '../../../src/ports/broker.js';
import type { Book, OpenPosition } from '../../../src/services/accounts/positions.js';
import { tiesOf } from '../../../src/services/accounts/ties.js';
import { d, filledOrder, holding } from '../../domain/build.js';
import { ACCOUNT, NAME, T0 } from './builders.js';

export const CLEAN: DryRun = { fees: d('2.50'), buyingPowerChange: d(500), warnings: [], errors: [] };

/** A QQQ Senex Trident for a credit of 2.00 per put vertical and 1.00 for the call vertical. */
export const TRIDENT = {
  opening: filledOrder('100', [
    'sell-to-open 2 QQQ 2026-12-18 480 P @ 4.00',
    'buy-to-open 2 QQQ 2026-12-18 475 P @ 2.00',
    'sell-to-open 1 QQQ 2026-12-18 520 C @ 3.00',
    'buy-to-open 1 QQQ 2026-12-18 525 C @ 2.00',
  ]),
  held: [
    '-2 QQQ 2026-12-18 480 P @ 4.00',
    '2 QQQ 2026-12-18 475 P @ 2.00',
    '-1 QQQ 2026-12-18 520 C @ 3.00',
    '1 QQQ 2026-12-18 525 C @ 2.00',
  ].map((text) => holding(text)),
};

/** A book as `PositionService.read` makes it, from what is held and ordered. */
export function bookOf(
  holdings: Holding[],
  orders: BrokerOrder[] = [],
  openOrders: BrokerOrder[] = [],
  quotes: Map<string, Quote> = new Map(),
): Book {
  const all = [...orders, ...openOrders];
  const grouped = groupPositions({ account: ACCOUNT, holdings, orders: all, links: new Map() });
  const working = attributeWorking(grouped, openOrders, new Map());
  const covers = coverage(
    grouped.flatMap(({ legs }) => legs),
    holdings,
    openOrders,
  );
  const coverOf = (position: Position, components: Component[], parts: WorkingOrderPart[]) => ({
    position,
    components,
    working: parts,
    cover: positionCover({ position, components, working: parts, coverage: covers }),
  });
  const tied = tiesOf(grouped, holdings, (key) => 37 + grouped.findIndex((position) => position.key === key));
  const positions = grouped.map(
    (position, index): OpenPosition => ({
      id: 37 + index,
      title: titleOf(position),
      ...coverOf(position, componentsOf(position), working.get(position.key) ?? []),
      underWay: false,
      step: 'open',
      odd: [],
      ends: endsOf(position.legs),
      profit: openProfit(position, quotes),
      ...tied(position),
    }),
  );
  return {
    account: ACCOUNT,
    name: NAME,
    readAt: T0,
    mark: 'x:1',
    holdings,
    openOrders,
    underWay: new Set(),
    odd: [],
    history: [],
    quotes,
    positions,
    marksMissing: null,
  };
}

/** When these trade last, by the exchanges' rules. */
export function endsOf(legs: readonly { instrument: Instrument }[]): Map<string, LastTrade> {
  return new Map(
    legs.flatMap(({ instrument: { symbol, option } }) =>
      option ? [[symbol, lastTradeOf(option, null, fallbackCalendar.day)] as const] : [],
    ),
  );
}

/** What is free of each contract held, as the broker would count. */
export function freeOf(book: Book) {
  return coverage(
    book.positions.flatMap(({ position }) => position.legs),
    book.holdings,
    book.openOrders,
  );
}

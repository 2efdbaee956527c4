import { coverage } from '../../../src/domain/coverage.js';
import { groupPositions } from '../../../src/domain/grouping.js';
import { positionCover } from '../../../src/domain/position-cover.js';
import { openProfit } from '../../../src/domain/profit.js';
import { componentsOf, parseProfitTargets, titleOf } from '../../../src/domain/strategies/index.js';
import { attributeWorking, type WorkingOrderPart } from '../../../src/domain/targets.js';
import type { BrokerOrder, Component, Position, Quote } from '../../../src/domain/types.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import { tiesOf } from '../../../src/services/accounts/ties.js';
import type { Market, UnderlyingFacts } from '../../../src/services/reminders/market.js';
import { d, holding, option } from '../../domain/build.js';
import { endsOf } from '../../services/support/scene.js';

/** A Monday, 10:00 in New York. */
export const NOW = new Date('2026-11-23T15:00:00Z');
export const ACCOUNT = '5WT00001';

export interface BookParts {
  /** As `holding` reads them: `-1 QQQ 2026-12-18 480 P @ 1.20`. */
  holdings?: string[];
  history?: BrokerOrder[];
  openOrders?: BrokerOrder[];
  /** Marks by contract as `option` reads it. */
  marks?: Record<string, string>;
}

/** An account as it would be read, put together by the same rules; ids count from 1, oldest first. */
export function bookOf({ holdings = [], history = [], openOrders = [], marks = {} }: BookParts): Book {
  const held = holdings.map((text) => holding(text));
  const positions = groupPositions({ account: ACCOUNT, holdings: held, orders: [...history, ...openOrders] });
  const working = attributeWorking(positions, openOrders);
  const covers = coverage(
    positions.flatMap(({ legs }) => legs),
    held,
    openOrders,
  );
  const coverOf = (position: Position, components: Component[], parts: WorkingOrderPart[]) => ({
    position,
    components,
    working: parts,
    cover: positionCover({ position, components, working: parts, coverage: covers }),
  });
  const targets = parseProfitTargets('');
  const tied = tiesOf(positions, held, (key) => 1 + positions.findIndex((position) => position.key === key));
  const quotes = new Map(Object.entries(marks).map(([text, mark]) => [option(text).symbol, quote(mark)]));
  return {
    account: ACCOUNT,
    name: { digits: '0001', nickname: null, oneOfSeveral: false },
    readAt: NOW,
    mark: 'test:0',
    holdings: held,
    openOrders,
    underWay: new Set(),
    odd: [],
    history: [...history, ...openOrders],
    quotes,
    marksMissing: null,
    positions: positions.map((position, index) => ({
      id: index + 1,
      title: titleOf(position),
      ...coverOf(position, componentsOf(position, targets), working.get(position.key) ?? []),
      underWay: false,
      step: 'open',
      odd: [],
      ends: endsOf(position.legs),
      profit: openProfit(position, quotes),
      ...tied(position),
    })),
  };
}

export function quote(mark: string): Quote {
  return { bid: null, ask: null, mark: d(mark) };
}

/** What is known of underlyings; a stock without dividends unless told otherwise. */
export function marketOf(facts: Record<string, Partial<Omit<UnderlyingFacts, 'symbol'>>>): Market {
  return new Map(
    Object.entries(facts).map(([symbol, given]) => [
      symbol,
      { symbol, isIndex: false, price: null, dividend: { date: null, amount: null }, ...given },
    ]),
  );
}

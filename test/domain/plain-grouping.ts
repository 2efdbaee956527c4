import { exactOrNull } from '../../src/domain/exact.js';
import { type Allocation, allocate, type Demand, heldOf } from '../../src/domain/grouping/allocate.js';
import { addDoubt, type Draft, heldBySide } from '../../src/domain/grouping/draft.js';
import { fitToHeld } from '../../src/domain/grouping/fit-to-held.js';
import { coverShortCalls } from '../../src/domain/grouping/leftovers.js';
import { openingOf } from '../../src/domain/grouping/openings.js';
import { type GroupingInput, positionOf } from '../../src/domain/grouping.js';
import { isOpening, sideHeld } from '../../src/domain/leg-actions.js';
import { describeTerse } from '../../src/domain/occ.js';
import { filledLeg, tradedAt } from '../../src/domain/order-fills.js';
import { STRATEGIES } from '../../src/domain/strategies/index.js';
import type { BrokerOrder, Holding, Position } from '../../src/domain/types.js';

/**
 * Grouping written plainly: every order is looked at, and every closing order asks every position. It says what the
 * fast one must say, and costs the square of the history.
 */
export function plainGrouping({ account, holdings, orders, links = new Map() }: GroupingInput): Position[] {
  const once = [...new Map(orders.map((order) => [order.id, order])).values()];
  const openings = once.map((order) => openingOf(order, heldBySide(holdings)));
  const drafts = openings.flatMap(({ draft }) => draft ?? []).sort(byAge);
  const guessed = new Set<string>();
  for (const order of once.toSorted(byTrade)) close(order, drafts, links.get(order.id), guessed);
  fitToHeld(drafts, heldBySide(holdings));
  drafts.push(
    ...leftovers(
      drafts,
      holdings,
      openings.flatMap(({ strays }) => [...strays]),
    ),
  );
  drafts.sort(byAge);
  coverShortCalls(drafts, heldBySide(holdings));
  const living = drafts.filter(({ legs }) => legs.some(({ held }) => held > 0));
  return living.map((draft) => positionOf(account, draft, STRATEGIES));
}

function close(
  order: BrokerOrder,
  drafts: readonly Draft[],
  link: string | undefined,
  guessed: Set<string>,
): void {
  const demand: Demand[] = order.legs
    .filter(({ action, instrument }) => !isOpening(action) && instrument.option)
    .map((leg) => ({
      symbol: leg.instrument.symbol,
      side: sideHeld(leg.action),
      quantity: filledLeg(order, leg).quantity,
      ordered: leg.quantity,
    }))
    .filter(({ quantity }) => quantity > 0);
  const closedAt = tradedAt(order).last;
  const mayClose = ({ openedAt }: Draft) => !openedAt || !closedAt || openedAt <= closedAt;
  const candidates = drafts.filter((draft) => (link ? draft.key === link : mayClose(draft)));
  const having = candidates.filter((draft) => demand.some((want) => heldOf(draft, want) > 0));
  const { takes, contested }: Allocation<Draft> = allocate(demand, candidates);
  for (const { holder } of takes) holder.closedBy.add(order.id);
  for (const draft of contested) addDoubt(draft, { code: 'CLOSES_ONE_OF_SEVERAL', orderId: order.id });
  const keys = demand.map(({ symbol, side }) => `${symbol} ${side}`);
  const unclear = !link && keys.some((key) => guessed.has(key));
  for (const draft of unclear ? having : [])
    addDoubt(draft, { code: 'CLOSES_PERHAPS_ANOTHER', orderId: order.id });
  if (unclear || contested.length > 0) for (const key of keys) guessed.add(key);
}

function leftovers(
  drafts: readonly Draft[],
  holdings: readonly Holding[],
  strays: [string, number][],
): Draft[] {
  const groups = new Map<string, Draft>();
  for (const { instrument, side, quantity, averageOpenPrice, createdAt } of holdings) {
    const { symbol, underlying, option } = instrument;
    const sharing = drafts.filter(({ legs }) =>
      legs.some((leg) => leg.instrument.symbol === symbol && leg.side === side && leg.held > 0),
    );
    const same = sharing.flatMap(({ legs }) => legs.filter((leg) => leg.instrument.symbol === symbol));
    const stray = strays.reduce((total, [each, count]) => total + (each === symbol ? count : 0), 0);
    const left = quantity - same.reduce((total, { held }) => total + held, 0) - stray;
    if (!option || left <= 0) continue;
    const key = `inferred:${underlying}:${option.expiration}`;
    const group = groups.get(key) ?? inferredDraft(key);
    groups.set(key, group);
    group.legs.push({ instrument, side, opened: left, held: left, openPrice: exactOrNull(averageOpenPrice) });
    if (createdAt && (!group.openedAt || createdAt < group.openedAt)) group.openedAt = createdAt;
    if (sharing.length > 0) addDoubt(group, { code: 'SHARED_CONTRACT', contract: describeTerse(instrument) });
  }
  return [...groups.values()];
}

function inferredDraft(key: string): Draft {
  const draft: Draft = {
    key,
    legs: [],
    inferred: true,
    openedAt: null,
    openingOrderId: null,
    opening: false,
    rolled: false,
    closedBy: new Set(),
    doubts: new Map(),
  };
  addDoubt(draft, { code: 'NO_OPENING_ORDER' });
  return draft;
}

function byAge(a: Draft, b: Draft): number {
  return (a.openedAt?.getTime() ?? 0) - (b.openedAt?.getTime() ?? 0) || byNumber(a.key, b.key);
}

function byTrade(a: BrokerOrder, b: BrokerOrder): number {
  const time = (order: BrokerOrder) => tradedAt(order).last?.getTime() ?? 0;
  return time(a) - time(b) || byNumber(a.id, b.id);
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

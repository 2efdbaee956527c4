import type { Doubt } from './doubts.js';
import { entryDoubt } from './entry.js';
import { applyClosings, type Links } from './grouping/closings.js';
import { byAge, type Draft, heldBySide } from './grouping/draft.js';
import { fitToHeld } from './grouping/fit-to-held.js';
import { coverShortCalls, leftoversOf } from './grouping/leftovers.js';
import { openingOf, type Strays } from './grouping/openings.js';
import { relevantOrders } from './grouping/relevant.js';
import { componentsOf, entryOf, recognise, STRATEGIES, type Strategy } from './strategies/index.js';
import { gcd, isOptionLeg } from './strategies/shape.js';
import type { BrokerOrder, Holding, Position } from './types.js';

export type { Links } from './grouping/closings.js';

export interface GroupingInput {
  account: string;
  holdings: readonly Holding[];
  /** The account's history and open orders, in any order; the same order may come twice, the later wins. */
  orders: readonly BrokerOrder[];
  /** Closing orders we placed ourselves: broker order id to position key. */
  links?: Links;
  strategies?: readonly Strategy[];
}

/**
 * The account's option positions, oldest first. A filled opening order defines one; closing orders and what is
 * really held reduce it; what no order explains is grouped by expiration and marked inferred. What could be
 * otherwise is said in `doubts`. Legs keep `held` 0 once closed, because strategies are judged as opened;
 * a position with nothing held is gone. Over all positions no symbol is ever held more than the account does.
 */
export function groupPositions(input: GroupingInput): Position[] {
  return [...positionsIn(input)];
}

/** The same one after the other, for whoever lets others go first meanwhile. */
export function* positionsIn(input: GroupingInput): Generator<Position> {
  const { account, holdings, links = new Map<string, string>(), strategies = STRATEGIES } = input;
  const once = [...new Map(input.orders.map((order) => [order.id, order])).values()];
  const orders = relevantOrders(once, optionSymbols(holdings));
  const held = heldBySide(holdings);
  const strays: Strays = new Map();
  const drafts: Draft[] = [];
  for (const order of orders) {
    const opening = openingOf(order, held);
    if (opening.draft) drafts.push(opening.draft);
    for (const [symbol, count] of opening.strays) strays.set(symbol, (strays.get(symbol) ?? 0) + count);
  }
  drafts.sort(byAge);
  applyClosings(orders, drafts, links);
  fitToHeld(drafts, held);
  drafts.push(...leftoversOf(drafts, holdings, strays));
  drafts.sort(byAge);
  coverShortCalls(drafts, held);
  for (const draft of drafts) {
    if (draft.legs.some(({ held }) => held > 0)) yield positionOf(account, draft, strategies);
  }
}

/** The contracts that decide which orders matter. */
export function optionSymbols(holdings: readonly Holding[]): string[] {
  return holdings.flatMap(({ instrument }) => (instrument.option ? instrument.symbol : []));
}

/** What a draft is once its legs are settled. */
export function positionOf(account: string, draft: Draft, strategies: readonly Strategy[]): Position {
  const { legs, doubts, closedBy, ...rest } = draft;
  const options = legs.filter(isOptionLeg);
  const position: Position = {
    ...rest,
    account,
    underlying: options[0]?.instrument.underlying ?? '',
    strategy: recognise(legs, strategies).id,
    legs,
    units: gcd(options.map(({ held }) => held)),
    entry: entryOf(options),
    closedBy: [...closedBy],
    doubts: [...doubts.values()],
  };
  position.doubts.push(...componentDoubts(position));
  return position;
}

function componentDoubts(position: Position): Doubt[] {
  return componentsOf(position).flatMap(({ label, entry, units }) => {
    const doubt = units > 0 ? entryDoubt(entry) : null;
    return doubt ? [{ code: 'ENTRY_IMPLAUSIBLE', label, doubt }] : [];
  });
}

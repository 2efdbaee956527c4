import { exactOrNull } from '../exact.js';
import { describeTerse, isAdjusted } from '../occ.js';
import type { Holding, PositionLeg } from '../types.js';
import { addDoubt, type Draft, type Held, holdingOf, sideKey } from './draft.js';
import type { Strays } from './openings.js';

/**
 * Groups option holdings that no opening order explains by underlying and expiration, priced by the account's
 * averages. Contracts of an opening order that is still filling are not leftovers yet.
 */
export function leftoversOf(drafts: readonly Draft[], holdings: readonly Holding[], strays: Strays): Draft[] {
  const holders = draftsByLeg(drafts);
  const groups = new Map<string, Draft>();
  for (const holding of holdings) {
    const { instrument, side, averageOpenPrice, createdAt } = holding;
    const sharing = [...(holders.get(sideKey(instrument.symbol, side)) ?? [])];
    const explained = sumHeld(sharing, instrument.symbol) + (strays.get(instrument.symbol) ?? 0);
    const quantity = holding.quantity - explained;
    if (!instrument.option || quantity <= 0) continue;
    const key = `inferred:${instrument.underlying}:${instrument.option.expiration}`;
    const group = groups.get(key) ?? emptyGroup(key);
    groups.set(key, group);
    group.legs.push({
      instrument,
      side,
      opened: quantity,
      held: quantity,
      openPrice: exactOrNull(averageOpenPrice),
    });
    if (createdAt && (!group.openedAt || createdAt < group.openedAt)) group.openedAt = createdAt;
    if (sharing.length > 0)
      addDoubt(group, { code: 'SHARED_CONTRACT', contract: describeTerse(holding.instrument) });
  }
  return [...groups.values()];
}

/** A short call alone, over enough shares that cover no other call yet, is a covered call. */
export function coverShortCalls(drafts: readonly Draft[], holdings: Held): void {
  const used = new Map<string, number>();
  for (const draft of drafts) {
    const call = loneShortCall(draft);
    if (!call) continue;
    const { underlying, multiplier } = call.instrument;
    const shares = holdingOf(holdings, underlying, 'long');
    const needed = call.held * multiplier;
    const free = (shares?.quantity ?? 0) - (used.get(underlying) ?? 0);
    if (!shares || needed > free) continue;
    used.set(underlying, (used.get(underlying) ?? 0) + needed);
    draft.legs.push({
      instrument: shares.instrument,
      side: 'long',
      opened: call.opened * multiplier,
      held: needed,
      openPrice: exactOrNull(shares.averageOpenPrice),
    });
  }
}

/** Which drafts still hold a contract on a side. */
function draftsByLeg(drafts: readonly Draft[]): Map<string, Set<Draft>> {
  const holders = new Map<string, Set<Draft>>();
  for (const draft of drafts) {
    for (const { instrument, side, held } of draft.legs) {
      if (held === 0) continue;
      const key = sideKey(instrument.symbol, side);
      const sharing = holders.get(key) ?? new Set();
      if (sharing.add(draft).size === 1) holders.set(key, sharing);
    }
  }
  return holders;
}

/** An adjusted call delivers something else than plain shares, so they don't cover it. */
function loneShortCall({ legs }: Draft): PositionLeg | null {
  const [call, ...others] = legs;
  const terms = call?.instrument.option;
  if (!call || others.length > 0 || terms?.type !== 'call' || isAdjusted(terms)) return null;
  return call.side === 'short' && call.held > 0 ? call : null;
}

function emptyGroup(key: string): Draft {
  const group: Draft = {
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
  addDoubt(group, { code: 'NO_OPENING_ORDER' });
  return group;
}

function sumHeld(drafts: readonly Draft[], symbol: string): number {
  let total = 0;
  for (const { legs } of drafts)
    for (const leg of legs) if (leg.instrument.symbol === symbol) total += leg.held;
  return total;
}

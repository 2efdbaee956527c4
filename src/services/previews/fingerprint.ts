import { claimedBy, coversOf } from '../../domain/covers.js';
import type { BrokerOrder, Holding } from '../../domain/types.js';
import type { OrderRequest } from '../../ports/broker.js';

/** What the account held and had working in one contract when the trader looked. */
interface ContractState {
  /** Contracts held, negative when short. */
  held: number;
  restricted: number;
  /** Contracts still to be filled by each working closing order, by order id; of a pair by its limit's. */
  closing: Record<string, number>;
}

export type Fingerprint = Record<string, ContractState>;

/** The state of these contracts; compared at the press, so that nothing is sent that was not shown. */
export function fingerprint(
  symbols: Iterable<string>,
  holdings: readonly Holding[],
  openOrders: readonly BrokerOrder[],
): Fingerprint {
  const states: Fingerprint = {};
  const bySymbol = new Map(holdings.map((holding) => [holding.instrument.symbol, holding]));
  for (const symbol of symbols) {
    const holding = bySymbol.get(symbol);
    states[symbol] = {
      held: holding ? (holding.side === 'short' ? -holding.quantity : holding.quantity) : 0,
      restricted: holding?.restricted ?? 0,
      closing: {},
    };
  }
  for (const cover of coversOf(openOrders)) {
    for (const [symbol, contracts] of claimedBy(cover)) {
      const state = states[symbol];
      if (state && contracts > 0) state.closing[cover.lead.id] = contracts;
    }
  }
  return states;
}

/** Underlyings of orders that only sell: they may take the cover from a short. */
export function onlySold(orders: readonly Pick<OrderRequest, 'underlying' | 'legs'>[]): Set<string> {
  return new Set(
    orders
      .filter(({ legs }) => legs.every(({ action }) => action === 'sell-to-close'))
      .map(({ underlying }) => underlying),
  );
}

/** Shorts of these underlyings that nobody was shown, in words: what is to be sold may be their cover. */
export function newShorts(
  shown: Fingerprint,
  holdings: readonly Holding[],
  sold: ReadonlySet<string>,
  name: (symbol: string) => string,
): string[] {
  return holdings
    .filter(({ side, instrument }) => side === 'short' && sold.has(instrument.underlying))
    .filter(({ instrument }) => !Object.hasOwn(shown, instrument.symbol))
    .map(
      ({ instrument, quantity }) => `${name(instrument.symbol)}: none held before, ${held(-quantity)} now`,
    );
}

/** What changed, in words; empty when nothing did. */
export function differences(
  shown: Fingerprint,
  now: Fingerprint,
  name: (symbol: string) => string,
): string[] {
  return Object.entries(shown).flatMap(([symbol, before]) => {
    const after = now[symbol] ?? { held: 0, restricted: 0, closing: {} };
    const changes: string[] = [];
    if (before.held !== after.held) {
      changes.push(`${name(symbol)}: ${held(before.held)} before, ${held(after.held)} now`);
    }
    if (before.restricted !== after.restricted) {
      changes.push(`${name(symbol)}: ${after.restricted} not tradable now (${before.restricted} before)`);
    }
    for (const id of new Set([...Object.keys(before.closing), ...Object.keys(after.closing)])) {
      const [was, is] = [before.closing[id] ?? 0, after.closing[id] ?? 0];
      if (was === is) continue;
      if (was === 0) changes.push(`${name(symbol)}: closing order ${id} appeared (${is} working)`);
      else if (is === 0) changes.push(`${name(symbol)}: closing order ${id} is no longer working`);
      else changes.push(`${name(symbol)}: closing order ${id} works ${is} now, ${was} before`);
    }
    return changes;
  });
}

function held(quantity: number): string {
  if (quantity === 0) return 'none held';
  return `${Math.abs(quantity)} ${quantity < 0 ? 'short' : 'long'}`;
}

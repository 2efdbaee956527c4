import { claimedBy, coversOf } from '../../domain/covers.js';
import type { AccountChange } from '../../domain/failures.js';
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

/** The same once so many contracts of each symbol have been closed. */
export function without(states: Fingerprint, closed: ReadonlyMap<string, number>): Fingerprint {
  return Object.fromEntries(
    Object.entries(states).map(([symbol, state]) => {
      const gone = closed.get(symbol) ?? 0;
      return [symbol, { ...state, held: state.held - Math.sign(state.held) * gone }];
    }),
  );
}

/** Underlyings of orders that only sell: they may take the cover from a short. */
export function onlySold(orders: readonly Pick<OrderRequest, 'underlying' | 'legs'>[]): Set<string> {
  return new Set(
    orders
      .filter(({ legs }) => legs.every(({ action }) => action === 'sell-to-close'))
      .map(({ underlying }) => underlying),
  );
}

/** Shorts of these underlyings that nobody was shown: what is to be sold may be their cover. */
export function newShorts(
  shown: Fingerprint,
  holdings: readonly Holding[],
  sold: ReadonlySet<string>,
): AccountChange[] {
  return holdings
    .filter(({ side, instrument }) => side === 'short' && sold.has(instrument.underlying))
    .filter(({ instrument }) => !Object.hasOwn(shown, instrument.symbol))
    .map(({ instrument: { symbol }, quantity }) => ({ what: 'held', symbol, before: 0, now: -quantity }));
}

/** What changed; empty when nothing did. */
export function differences(shown: Fingerprint, now: Fingerprint): AccountChange[] {
  return Object.entries(shown).flatMap(([symbol, was]) => {
    const is = now[symbol] ?? { held: 0, restricted: 0, closing: {} };
    const orderIds = new Set([...Object.keys(was.closing), ...Object.keys(is.closing)]);
    const compared: AccountChange[] = [
      { what: 'held', symbol, before: was.held, now: is.held },
      { what: 'restricted', symbol, before: was.restricted, now: is.restricted },
      ...[...orderIds].map((orderId) => ({
        what: 'closing' as const,
        symbol,
        orderId,
        before: was.closing[orderId] ?? 0,
        now: is.closing[orderId] ?? 0,
      })),
    ];
    return compared.filter((change) => change.what !== 'unreadable' && change.before !== change.now);
  });
}

import { claimedBy, coversOf } from './covers.js';
import { UserError } from './errors.js';
import { isOpening, sideHeld } from './leg-actions.js';
import type { BrokerOrder, Holding, Instrument, LegAction, Side } from './types.js';

/** How much of one contract can still be closed, over the whole account. */
export interface Coverage {
  instrument: Instrument;
  side: Side;
  held: number;
  /** Part of `held` the broker won't let trade. */
  restricted: number;
  /** Contracts that working closing orders will still trade, those placed elsewhere included. */
  working: number;
  /** Held, less restricted, less working; never below zero. */
  free: number;
}

/** A leg of an order we mean to place. */
export interface ClosingLeg {
  instrument: Instrument;
  action: LegAction;
  contracts: number;
}

/**
 * Coverage by symbol for these legs. A symbol that is not held, or held on the other side, has `held` 0.
 */
export function coverage(
  legs: Iterable<{ instrument: Instrument; side: Side }>,
  holdings: readonly Holding[],
  openOrders: readonly BrokerOrder[],
): Map<string, Coverage> {
  const working = workingToClose(openOrders);
  const held = new Map(holdings.map((holding) => [holding.instrument.symbol, holding]));
  const result = new Map<string, Coverage>();
  for (const { instrument, side } of legs) {
    const holding = held.get(instrument.symbol);
    const owned = holding?.side === side ? holding : undefined;
    // A closed leg of one position must not hide what another holds on the other side.
    if (!owned && result.has(instrument.symbol)) continue;
    const line = {
      held: owned?.quantity ?? 0,
      restricted: owned?.restricted ?? 0,
      working: working.get(instrument.symbol) ?? 0,
    };
    const free = Math.max(0, line.held - line.restricted - line.working);
    result.set(instrument.symbol, { instrument, side, ...line, free });
  }
  return result;
}

/**
 * Contracts by symbol that orders still working will close. Whatever their side: a closing order that makes
 * no sense to us is no reason to place another beside it. Orders of which only one can fill count once.
 */
export function workingToClose(openOrders: readonly BrokerOrder[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const cover of coversOf(openOrders)) {
    for (const [symbol, contracts] of claimedBy(cover))
      total.set(symbol, (total.get(symbol) ?? 0) + contracts);
  }
  return total;
}

/**
 * Proves that all planned closing legs together fit into what is free.
 *
 * @throws UserError `OVER_COVERED` for the first contract that doesn't, or that is not held on that side.
 */
export function assertCovered(planned: Iterable<ClosingLeg>, covers: ReadonlyMap<string, Coverage>): void {
  const totals = new Map<string, number>();
  for (const { instrument, action, contracts } of planned) {
    const { symbol } = instrument;
    const total = (totals.get(symbol) ?? 0) + contracts;
    totals.set(symbol, total);
    const cover = covers.get(symbol);
    const closes = cover !== undefined && !isOpening(action) && sideHeld(action) === cover.side;
    if (!closes || total > cover.free) throw overCovered(instrument, total, closes ? cover : undefined);
  }
}

/**
 * Coverage as it will be once these legs work too. For planning several positions in one go: what the first is
 * to close is no longer free for the next.
 */
export function withPlanned(
  covers: ReadonlyMap<string, Coverage>,
  planned: Iterable<ClosingLeg>,
): Map<string, Coverage> {
  const result = new Map(covers);
  for (const { instrument, contracts } of planned) {
    const cover = result.get(instrument.symbol);
    if (!cover) continue;
    const free = Math.max(0, cover.free - contracts);
    result.set(instrument.symbol, { ...cover, working: cover.working + contracts, free });
  }
  return result;
}

function overCovered(instrument: Instrument, planned: number, cover: Coverage | undefined): UserError {
  const { held = 0, restricted = 0, working = 0 } = cover ?? {};
  return new UserError('OVER_COVERED', { planned, instrument, held, restricted, working });
}

import { CATALOG } from '../market/catalog.js';
import { text } from '../money.js';
import { isTerminal } from '../state.js';
import { positionWire, transactionWire } from '../wire/account.js';
import { isoZ } from '../wire/common.js';
import { orderWire } from '../wire/orders.js';
import type { World } from '../world.js';

const RECENT_FILLS = 12;

/** What the panel shows of one of the accounts, in one object. */
export function snapshot(worlds: readonly World[], world: World): Record<string, unknown> {
  const { state, clock, sessions, market, accountNumber } = world;
  const now = clock.now();
  const fills = state.transactions.filter((each) => each.type === 'Trade').slice(-RECENT_FILLS);
  return {
    accountNumber,
    accounts: worlds.map((each) => ({ number: each.accountNumber, nickname: each.account.nickname })),
    clock: { now: isoZ(now), speed: clock.speed },
    session: {
      open: sessions.isOpen(now),
      state: sessions.view(now).state,
      forced: state.session.forced,
      alwaysOpen: state.session.alwaysOpen,
    },
    frozen: state.hands.frozenAt !== null,
    held: {
      settlement: state.hands.settlementHeld ?? false,
      lists: Object.keys(state.hands.listed ?? {}).length > 0,
      ledger: (state.hands.unbookedFrom ?? null) !== null,
    },
    refusesSpreads: state.hands.brackets?.refuseSpreads ?? false,
    underlyings: CATALOG.map((each) => ({
      symbol: each.symbol,
      price: text(market.spot(each)),
      pinned: state.hands.pins[each.symbol] !== undefined,
      held: state.positions.some(
        (position) => position.underlying === each.symbol && position.quantity !== 0,
      ),
    })),
    positions: state.positions
      .filter((each) => each.quantity !== 0)
      .map((each) => positionWire(world, each, true)),
    working: state.orders.filter((each) => !isTerminal(each)).map((each) => orderWire(each, accountNumber)),
    fills: fills.reverse().map((each) => transactionWire(each, accountNumber)),
    faults: world.faults.list(),
  };
}

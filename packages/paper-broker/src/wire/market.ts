import { dayOf, type Session } from '../calendar.js';
import type { Underlying } from '../market/catalog.js';
import { latestDividend } from '../market/dividends.js';
import type { Contract } from '../market/listing.js';
import { type Decimal, text } from '../money.js';
import type { SessionView } from '../sessions.js';
import type { World } from '../world.js';
import { previousClose } from './account.js';
import { compact, isoZ, type Wire } from './common.js';

const NO_HALT = -1;

function common(world: World, symbol: string): Wire {
  const now = world.clock.now();
  return {
    symbol,
    'prev-close': text(previousClose(world, symbol)),
    'prev-close-date': dayOf(world.sessions.view(now).previous.openAt),
    'prev-close-price-type': 'Final',
    'close-price-type': 'Unknown',
    'summary-date': dayOf(now),
    'is-trading-halted': false,
    'halt-start-time': NO_HALT,
    'halt-end-time': NO_HALT,
    'updated-at': isoZ(Math.max(world.market.pricedAt(), world.state.anchor)),
  };
}

function sizes(world: World, symbol: string): Wire {
  return {
    'bid-size': text(world.market.detail(symbol, 1, 80) + 5),
    'ask-size': text(world.market.detail(symbol, 2, 80) + 5),
    volume: text(world.market.detail(symbol, 3, 20_000)),
  };
}

function twoSided(bid: Decimal, ask: Decimal, mark: Decimal): Wire {
  return { bid: text(bid), ask: text(ask), mid: text(mark), mark: text(mark), last: text(mark) };
}

/** Market data of an underlying. Indexes have no bid, ask or mid, and answer to type Equity, as recorded. */
export function underlyingQuoteWire(world: World, underlying: Underlying): Wire {
  const { bid, ask, mark } = world.market.stockQuote(underlying);
  const open = world.market.spot(underlying, world.sessions.view(world.clock.now()).session?.openAt);
  const shared = { ...common(world, underlying.symbol), 'instrument-type': 'Equity', open: text(open) };
  if (underlying.kind === 'index') {
    const still = { 'bid-size': '0.0', 'ask-size': '0.0', volume: '0.0' };
    const prices = { mark: text(mark), last: text(mark), 'last-mkt': text(mark) };
    return told(world, underlying.symbol, { ...shared, ...still, ...prices });
  }
  return told(world, underlying.symbol, {
    ...shared,
    ...sizes(world, underlying.symbol),
    ...twoSided(bid, ask, mark),
    'last-mkt': text(mark),
  });
}

export function optionQuoteWire(world: World, contract: Contract): Wire {
  const { bid, ask, mark } = world.market.optionQuote(contract);
  return told(world, contract.symbol, {
    ...common(world, contract.symbol),
    'instrument-type': 'Equity Option',
    ...sizes(world, contract.symbol),
    ...twoSided(bid, ask, mark),
    'open-interest': text(world.market.detail(contract.symbol, 4, 9_000)),
  });
}

/** With the fields somebody changed by hand; those set to null are missing. */
function told(world: World, symbol: string, wire: Wire): Wire {
  const changed = { ...wire, ...world.state.hands.told?.[symbol] };
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null));
}

function times(session: Session | undefined): Wire {
  return {
    'start-at': session && isoZ(session.startAt),
    'open-at': session && isoZ(session.openAt),
    'close-at': session && isoZ(session.closeAt),
    'close-at-ext': session && isoZ(session.closeAtExt),
  };
}

/** A session of the list and of `next`/`previous`. */
export function sessionWire(session: Session, collection: string): Wire {
  return { 'session-date': session.date, ...times(session), 'instrument-collection': collection };
}

/** The current session; on a closed day it has no times of its own. */
export function currentSessionWire(view: SessionView, collection: string): Wire {
  return compact({
    state: view.state,
    ...times(view.session),
    'instrument-collection': collection,
    'next-session': sessionWire(view.next, collection),
    'previous-session': sessionWire(view.previous, collection),
  });
}

/** Metrics of an underlying; what isn't simulated is left out, and so are dividends of what pays none. */
export function metricsWire(underlying: Underlying, now: number): Wire {
  const dividend = latestDividend(underlying, dayOf(now));
  return compact({
    symbol: underlying.symbol,
    'implied-volatility-index': String(underlying.implied),
    'dividend-rate-per-share': dividend?.perShare,
    'dividend-ex-date': dividend?.exDate,
    'market-cap': '0.0',
    'updated-at': isoZ(now),
  });
}

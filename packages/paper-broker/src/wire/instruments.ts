import { dayOf, daysBetween } from '../calendar.js';
import type { Underlying } from '../market/catalog.js';
import {
  type Contract,
  contractOf,
  daysToExpiration,
  expirations,
  isMonthly,
  rootsOn,
  streamerSymbol,
  strikes,
} from '../market/listing.js';
import { STOCK_TICKS } from '../market/ticks.js';
import { text } from '../money.js';
import { compact, isoZ, type Wire } from './common.js';

/** An underlying; indexes too are of type Equity, inactive and without a price schedule of their own. */
export function equityWire(underlying: Underlying, id: number): Wire {
  const index = underlying.kind === 'index';
  return compact({
    id,
    symbol: underlying.symbol,
    'instrument-type': 'Equity',
    'borrow-rate': '0.0',
    'short-description': underlying.symbol,
    description: underlying.description,
    'is-index': index,
    'is-etf': underlying.kind === 'etf',
    active: !index,
    'is-closing-only': false,
    'is-options-closing-only': false,
    'is-illiquid': false,
    'is-fractional-quantity-eligible': !index,
    'listed-market': index ? 'OTC' : underlying.kind === 'etf' ? 'ARCX' : 'XNAS',
    lendability: index ? null : 'Easy To Borrow',
    'streamer-symbol': underlying.symbol,
    'market-time-instrument-collection': index ? 'Equity Index' : 'Equity',
    'tick-sizes': index ? null : STOCK_TICKS,
    'option-tick-sizes': underlying.ticks,
  });
}

function expirationType(contract: Pick<Contract, 'underlying' | 'expiration'>): string {
  return isMonthly(contract.underlying, contract.expiration) ? 'Regular' : 'Weekly';
}

export function optionWire(contract: Contract, now: number): Wire {
  const cash = contract.underlying.kind === 'index';
  return {
    symbol: contract.symbol,
    'instrument-type': 'Equity Option',
    active: now < contract.expiresAt,
    'strike-price': text(contract.strike),
    'root-symbol': contract.root,
    'underlying-symbol': contract.underlying.symbol,
    'expiration-date': contract.expiration,
    'exercise-style': cash ? 'European' : 'American',
    'shares-per-contract': 100,
    'option-type': contract.right,
    'option-chain-type': 'Standard',
    'expiration-type': expirationType(contract),
    'settlement-type': contract.settlement,
    'stops-trading-at': isoZ(contract.stopsTradingAt),
    'market-time-instrument-collection': cash ? 'Cash Settled Equity Option' : 'Equity Option',
    'days-to-expiration': daysToExpiration(contract, now),
    'expires-at': isoZ(contract.expiresAt),
    'is-closing-only': false,
    'streamer-symbol': streamerSymbol(contract),
  };
}

/** The nested chain: one item per root with its ticks, expirations and strikes. */
export function nestedChainWire(underlying: Underlying, now: number): Wire[] {
  const today = dayOf(now);
  const dates = expirations(underlying, today);
  return underlying.roots.map((root) => ({
    'underlying-symbol': underlying.symbol,
    'root-symbol': root,
    'option-chain-type': 'Standard',
    'shares-per-contract': 100,
    'tick-sizes': underlying.ticks,
    deliverables: [deliverable(underlying, root)],
    expirations: dates
      .filter((date) => rootsOn(underlying, date).includes(root))
      .map((date) => expirationWire(underlying, root, date, today)),
  }));
}

function deliverable(underlying: Underlying, root: string): Wire {
  const cash = underlying.kind === 'index';
  return {
    id: 1,
    'root-symbol': root,
    'deliverable-type': cash ? 'Cash' : 'Shares',
    description: cash ? 'Cash settlement' : `100 shares of ${underlying.symbol}`,
    amount: '100.0',
    symbol: underlying.symbol,
    'instrument-type': 'Equity',
    percent: '100',
  };
}

function expirationWire(underlying: Underlying, root: string, date: string, today: string): Wire {
  const any = contractOf(underlying, root, date, 'C', underlying.strikeStep);
  return {
    'expiration-type': expirationType(any),
    'expiration-date': date,
    'days-to-expiration': daysBetween(today, date),
    'settlement-type': any.settlement,
    strikes: strikes(underlying).map((strike) => {
      const call = contractOf(underlying, root, date, 'C', strike);
      const put = contractOf(underlying, root, date, 'P', strike);
      return {
        'strike-price': text(strike),
        call: call.symbol,
        'call-streamer-symbol': streamerSymbol(call),
        put: put.symbol,
        'put-streamer-symbol': streamerSymbol(put),
      };
    }),
  };
}

import { Decimal } from '../../../src/domain/money.js';
import type { OrderRequest } from '../../../src/ports/broker.js';
import { ACCOUNT } from './fake-api.js';

export const SHORT_PUT = 'SPXW  261218P05800000';
export const LONG_PUT = 'SPXW  261218P05790000';

/** A closing order for a bull put vertical, as services ask for it. */
export function closing(change: Partial<OrderRequest> = {}): OrderRequest {
  return {
    underlying: 'SPX',
    legs: [
      { symbol: SHORT_PUT, kind: 'option', action: 'buy-to-close', quantity: 2 },
      { symbol: LONG_PUT, kind: 'option', action: 'sell-to-close', quantity: 2 },
    ],
    price: new Decimal('1.10'),
    effect: 'debit',
    ...change,
  };
}

/** An order as recorded: ids, sizes and quantities are numbers, prices strings, absent fields left out. */
export function wireOrder(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 417895808,
    'account-number': ACCOUNT,
    'time-in-force': 'GTC',
    'order-type': 'Limit',
    size: 2,
    'underlying-symbol': 'SPX',
    'underlying-instrument-type': 'Equity',
    price: '1.1',
    'price-effect': 'Debit',
    status: 'Routed',
    cancellable: true,
    editable: true,
    edited: false,
    'external-identifier': 'ptb-1',
    'received-at': '2026-11-23T15:00:00.123+00:00',
    'updated-at': 1795446000456,
    legs: [wireLeg(), wireLeg({ symbol: LONG_PUT, action: 'Sell to Close' })],
    ...change,
  };
}

export function wireLeg(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    'instrument-type': 'Equity Option',
    symbol: SHORT_PUT,
    quantity: 2,
    'remaining-quantity': 2,
    action: 'Buy to Close',
    fills: [],
    ...change,
  };
}

/** A position as documented: quantities and prices are strings, the multiplier a number. */
export function wirePosition(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    'account-number': ACCOUNT,
    symbol: SHORT_PUT,
    'instrument-type': 'Equity Option',
    'underlying-symbol': 'SPX',
    quantity: '2',
    'quantity-direction': 'Short',
    'close-price': '4.1',
    'average-open-price': '12.35',
    'average-yearly-market-close-price': '12.35',
    multiplier: 100,
    'cost-effect': 'Debit',
    'is-suppressed': false,
    'is-frozen': false,
    'restricted-quantity': '0.0',
    'realized-day-gain': '0.0',
    'realized-day-gain-effect': 'None',
    'expires-at': '2026-12-18T21:15:00.000+00:00',
    'created-at': '2026-11-02T15:31:07.041+00:00',
    'updated-at': '2026-11-02T15:31:07.041+00:00',
    ...change,
  };
}

/** What a dry run answers; a submitted order is the same with an id. */
export function placedAnswer(order: Record<string, unknown>, change: Record<string, unknown> = {}) {
  return {
    order,
    'fee-calculation': {
      'regulatory-fees': '0.104',
      'regulatory-fees-effect': 'Debit',
      commission: '0.0',
      'commission-effect': 'None',
      'total-fees': '3.764',
      'total-fees-effect': 'Debit',
      'per-quantity': false,
    },
    'buying-power-effect': {
      'change-in-buying-power': '1780.0',
      'change-in-buying-power-effect': 'Credit',
      impact: '1780.0',
      effect: 'Credit',
      'is-spread': true,
    },
    warnings: [],
    ...change,
  };
}

import type { LedgerRow } from '../../src/domain/realised.js';
import type { LegAction } from '../../src/domain/types.js';
import { d, option } from './build.js';

/** One contract of QQQ 480 P at a time, unless told otherwise; without an action it expires. */
export function ledgerRow(
  id: number,
  action: LegAction | null,
  at: Date,
  net: string | number,
  change: Partial<LedgerRow> = {},
): LedgerRow {
  return {
    id: String(id),
    instrument: option('QQQ 2026-12-18 480 P'),
    action,
    subType: action ?? 'Expiration',
    quantity: d(1),
    price: d(1),
    net: d(net),
    fees: d(1),
    orderId: action && String(id),
    at,
    reverses: null,
    ...change,
  };
}

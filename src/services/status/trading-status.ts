import type { TradingStatus } from '../../ports/broker.js';

export type AccountRefusal = 'ACCOUNT_CLOSED' | 'ACCOUNT_FROZEN';

/** Why the broker would refuse any closing order; null if it wouldn't for the account's sake. */
export function refusesAll({ closed, frozen }: TradingStatus): AccountRefusal | null {
  if (closed) return 'ACCOUNT_CLOSED';
  return frozen ? 'ACCOUNT_FROZEN' : null;
}

export type Restriction = (typeof RESTRICTIONS)[number];

const RESTRICTIONS = [
  'closed',
  'frozen',
  'closingOnly',
  'riskReducingOnly',
  'marginCall',
  'dayTradeCall',
] as const satisfies readonly (keyof TradingStatus)[];

/** Every restriction; empty for an account that trades freely. */
export function restrictions(status: TradingStatus): Restriction[] {
  return RESTRICTIONS.filter((restriction) => status[restriction]);
}

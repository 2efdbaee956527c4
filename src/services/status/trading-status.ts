import type { TradingStatus } from '../../ports/broker.js';

export type AccountRefusal = 'ACCOUNT_CLOSED' | 'ACCOUNT_FROZEN';

/** Why the broker would refuse any closing order; null if it wouldn't for the account's sake. */
export function refusesAll({ closed, frozen }: TradingStatus): AccountRefusal | null {
  if (closed) return 'ACCOUNT_CLOSED';
  return frozen ? 'ACCOUNT_FROZEN' : null;
}

/** Every restriction as people read it; empty for an account that trades freely. */
export function restrictions(status: TradingStatus): string[] {
  return [
    ...(status.closed ? ['closed: the broker takes no order'] : []),
    ...(status.frozen ? ['frozen: the broker refuses every order, closing ones too'] : []),
    ...(status.closingOnly ? ['closing only: closing orders go through, opening ones don’t'] : []),
    ...(status.riskReducingOnly ? ['risk reducing only: an order must lower the risk'] : []),
    ...(status.marginCall ? ['in a margin call: the broker may close positions by itself'] : []),
    ...(status.dayTradeCall ? ['in a day-trade equity call'] : []),
  ];
}

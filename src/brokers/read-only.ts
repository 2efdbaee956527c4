import { BrokerRefusal } from '../domain/errors.js';
import type { Broker } from '../ports/broker.js';

/**
 * A broker from which no order leaves. Written out method by method, so that the compiler asks of each new one whether
 * it only looks.
 */
export function readOnly(broker: Broker): Broker {
  return {
    accounts: () => broker.accounts(),
    balances: (account) => broker.balances(account),
    tradingStatus: (account) => broker.tradingStatus(account),
    holdings: (account) => broker.holdings(account),
    underlying: (symbol) => broker.underlying(symbol),
    quotes: (instruments) => broker.quotes(instruments),
    expirations: (symbols) => broker.expirations(symbols),
    exDividends: (symbols) => broker.exDividends(symbols),
    marketSession: () => broker.marketSession(),
    marketDays: (from, to) => broker.marketDays(from, to),
    openOrders: (account) => broker.openOrders(account),
    searchOrders: (account, search) => broker.searchOrders(account, search),
    order: (account, id) => broker.order(account, id),
    ledger: (account, search) => broker.ledger(account, search),
    // A trial leaves nothing at the broker, and a preview without it would say less.
    dryRun: (account, order, urgency) => broker.dryRun(account, order, urgency),
    dryRunPair: (account, pair, urgency) => broker.dryRunPair(account, pair, urgency),
    ready: () => broker.ready(),
    submit: noOrder,
    submitPair: noOrder,
    cancel: async () => {
      throw new BrokerRefusal(0, 'read_only', { code: 'READ_ONLY', what: 'cancel' });
    },
    watch: (account, listener) => broker.watch(account, listener),
  };
}

async function noOrder(): Promise<never> {
  throw new BrokerRefusal(0, 'read_only', { code: 'READ_ONLY', what: 'order' });
}

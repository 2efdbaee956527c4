import { z } from 'zod';
import { exchangeDay } from '../../domain/dates.js';
import type { Decimal } from '../../domain/money.js';
import type { Effect } from '../../domain/types.js';
import type { TradeBooking, TradeSearch } from '../../ports/broker.js';
import { route, type TastytradeHttp } from './http.js';
import { allItems } from './pages.js';
import { effect, isOf, magnitude, maybe, quantity, readable, text } from './wire.js';

/** Its documented most is 2000; a contract's trades fit one page. */
const PER_PAGE = 250;

const trade = z.object({
  'order-id': maybe(text),
  symbol: text,
  quantity,
  value: magnitude,
  'value-effect': effect,
  'net-value': magnitude,
  'net-value-effect': effect,
  'reverses-id': maybe(text),
});

/**
 * What the account's ledger books of a contract's trades, from `GET /accounts/{n}/transactions`. A row that can't be read is
 * left out: whoever adds up finds contracts missing. Fees are what net value and value differ by, which holds on every
 * recorded row, while the single fees may be absent.
 */
export async function readTrades(
  http: TastytradeHttp,
  account: string,
  { symbol, since }: TradeSearch,
): Promise<TradeBooking[]> {
  const query = { type: 'Trade', symbol, 'start-date': exchangeDay(since) };
  const items = await allItems(http, route`/accounts/${account}/transactions`, query, PER_PAGE);
  return readable(
    trade,
    items.filter((item) => isOf(account, item)),
  )
    .filter((row) => row.symbol === symbol)
    .map((row) => ({
      orderId: row['order-id'],
      quantity: row.quantity,
      fees: signed(row.value, row['value-effect']).minus(signed(row['net-value'], row['net-value-effect'])),
      reverses: row['reverses-id'] !== null,
    }));
}

/** In dollars, what came in above zero. */
export function signed(amount: Decimal, direction: Effect | null): Decimal {
  return direction === 'debit' ? amount.negated() : amount;
}

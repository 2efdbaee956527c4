import { z } from 'zod';
import { exchangeDay } from '../../domain/dates.js';
import type { Decimal } from '../../domain/money.js';
import { parseOcc } from '../../domain/occ.js';
import type { LedgerRow } from '../../domain/realised.js';
import type { Wrong } from '../../domain/row-faults.js';
import type { Effect } from '../../domain/types.js';
import { underlyingOfRoot } from '../../domain/underlyings.js';
import type { Ledger, LedgerSearch } from '../../ports/broker.js';
import { route, type TastytradeHttp } from './http.js';
import { ACTIONS } from './order-wire.js';
import { allItems } from './pages.js';
import {
  effect,
  fieldOf,
  instant,
  isOf,
  lenientDecimal,
  magnitude,
  maybe,
  quantity,
  text,
  tried,
} from './wire.js';

/** The documented most: a year of a busy account is a few pages. */
const PER_PAGE = 2_000;
const USUAL_MULTIPLIER = 100;

const row = z.object({
  id: text,
  symbol: text,
  'instrument-type': text,
  'underlying-symbol': maybe(text),
  'transaction-type': text,
  'transaction-sub-type': text,
  action: maybe(z.enum([...ACTIONS.keys()], 'no-action' satisfies Wrong)),
  quantity,
  price: lenientDecimal,
  value: magnitude,
  'value-effect': effect,
  'net-value': magnitude,
  'net-value-effect': effect,
  'order-id': maybe(text),
  'reverses-id': maybe(text),
  'executed-at': instant.refine((at) => at !== null, 'no-time' satisfies Wrong),
});

/**
 * Trades and settlements from `GET /accounts/{n}/transactions`. Rows about money alone (dividends, interest, deposits) and
 * about what is neither option nor share are none of them. Fees are what value and net value differ by, which holds on
 * every recorded row.
 */
export async function readLedger(
  http: TastytradeHttp,
  account: string,
  { since, symbol }: LedgerSearch,
): Promise<Ledger> {
  const query = { types: ['Trade', 'Receive Deliver'], symbol, 'start-date': exchangeDay(since) };
  const items = await allItems(http, route`/accounts/${account}/transactions`, query, PER_PAGE);
  const rows: LedgerRow[] = [];
  let odd = 0;
  for (const item of items) {
    if (!isOf(account, item) || !isTraded(item)) continue;
    const read = tried(row, item);
    if ('fault' in read || !isNamed(read.data)) odd += 1;
    else if (symbol === undefined || read.data.symbol === symbol) rows.push(ledgerRow(read.data));
  }
  return { rows, odd };
}

/** What can't be told to be something else is looked at: an unreadable row must be counted. */
function isTraded(item: unknown): boolean {
  const kind = fieldOf(item, 'instrument-type');
  return kind === undefined || kind === null || kind === 'Equity Option' || kind === 'Equity';
}

function isNamed(read: z.output<typeof row>): boolean {
  return read['instrument-type'] === 'Equity' || parseOcc(read.symbol) !== null;
}

/** Splits, changed symbols and transfers name an action too: as if contracts were closed and opened, at no price. */
function isTrade(read: z.output<typeof row>): boolean {
  return read['transaction-type'] === 'Trade' || read.action === read['transaction-sub-type'];
}

function ledgerRow(read: z.output<typeof row>): LedgerRow {
  const option = parseOcc(read.symbol);
  const value = signed(read.value, read['value-effect']);
  const net = signed(read['net-value'], read['net-value-effect']);
  const { symbol, price } = read;
  const underlying = read['underlying-symbol'] ?? (option ? underlyingOfRoot(option.root) : symbol);
  const multiplier = option ? multiplierOf(value, price, read.quantity) : 1;
  return {
    id: read.id,
    instrument: { symbol, underlying, multiplier, option },
    action: isTrade(read) ? (ACTIONS.get(read.action ?? '') ?? null) : null,
    subType: read['transaction-sub-type'],
    quantity: read.quantity,
    price,
    net,
    fees: value.minus(net),
    orderId: read['order-id'],
    at: read['executed-at'] as Date,
    reverses: read['reverses-id'],
  };
}

/** A row doesn't name it: it is what value and price say. What settles has no price by which it could be told. */
function multiplierOf(value: Decimal, price: Decimal | null, contracts: Decimal): number {
  if (!price || price.isZero() || contracts.isZero() || value.isZero()) return USUAL_MULTIPLIER;
  const told = value.abs().div(price.times(contracts));
  return told.isInteger() ? told.toNumber() : USUAL_MULTIPLIER;
}

/** In dollars, what came in above zero. */
function signed(amount: Decimal, direction: Effect | null): Decimal {
  return direction === 'debit' ? amount.negated() : amount;
}

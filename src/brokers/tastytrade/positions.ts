import { z } from 'zod';
import { type Decimal, ZERO } from '../../services/domain/money.js';
import type { Holding } from '../../services/domain/types.js';
import { BrokerProtocolError } from '../../services/errors.js';
import { type ContractSizes, instrumentOf, isOurs } from './contract-sizes.js';
import { route, type TastytradeHttp } from './http.js';
import { allItems } from './pages.js';
import { count, flag, instant, magnitude, maybe, read, text } from './wire.js';

const position = z.object({
  symbol: text,
  'underlying-symbol': maybe(text),
  'instrument-type': text,
  quantity: magnitude,
  'quantity-direction': maybe(text),
});

/** What only a position that is really held must say. */
const held = position.extend({
  'quantity-direction': z.enum(['Long', 'Short']),
  'average-open-price': magnitude,
  multiplier: maybe(count),
  'restricted-quantity': maybe(magnitude),
  'is-frozen': flag,
  'created-at': instant,
});

/** Options and stock held now. Closed positions, which stay listed until the night, are left out. */
export async function readHoldings(
  http: TastytradeHttp,
  sizes: ContractSizes,
  account: string,
): Promise<Holding[]> {
  const items = await allItems(http, route`/accounts/${account}/positions`);
  return items
    .filter((item) => isHeld(read(position, item, 'a position')))
    .map((item) => toHolding(read(held, item, 'a position'), sizes))
    .filter((holding) => holding.quantity >= 1);
}

function isHeld(item: z.output<typeof position>): boolean {
  return isOurs(item['instrument-type']) && !item.quantity.isZero() && item['quantity-direction'] !== 'Zero';
}

function toHolding(item: z.output<typeof held>, sizes: ContractSizes): Holding {
  const { symbol, multiplier } = item;
  const isOption = item['instrument-type'] === 'Equity Option';
  if (isOption && multiplier === null) throw unreadable(symbol, 'it states no multiplier');
  if (isOption && !item.quantity.isInteger()) throw unreadable(symbol, 'a part of a contract');
  if (isOption && multiplier !== null) sizes.learn(symbol, multiplier);
  const instrument = instrumentOf(
    item['instrument-type'],
    symbol,
    item['underlying-symbol'],
    multiplier ?? 1,
  );
  if (instrument === null) throw unreadable(symbol, 'not an option symbol');
  // Fractional shares can't be delivered against a contract: only whole ones count.
  const quantity = item.quantity.floor().toNumber();
  return {
    instrument,
    side: item['quantity-direction'] === 'Long' ? 'long' : 'short',
    quantity,
    restricted: restricted(item['is-frozen'], item['restricted-quantity'], quantity),
    averageOpenPrice: item['average-open-price'],
    createdAt: item['created-at'],
  };
}

/** A frozen position can't be traded at all; a restricted part counts in full where it isn't whole. */
function restricted(isFrozen: boolean, quantity: Decimal | null, heldQuantity: number): number {
  return isFrozen ? heldQuantity : Math.min((quantity ?? ZERO).ceil().toNumber(), heldQuantity);
}

function unreadable(symbol: string, why: string): BrokerProtocolError {
  return new BrokerProtocolError(`The broker sent a position we can't read: ${symbol}: ${why}.`);
}

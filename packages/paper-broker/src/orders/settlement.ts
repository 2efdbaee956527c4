import { findPosition, movePosition } from '../account/ledger.js';
import { dayOf } from '../calendar.js';
import { type Contract, findContract } from '../market/listing.js';
import { intrinsic } from '../market/pricing.js';
import { dec, text } from '../money.js';
import type { PositionRecord, TransactionRecord } from '../state.js';
import type { World } from '../world.js';

/** Ends options whose time is up: worthless ones expire, others are exercised, assigned or settled in cash. */
export function settleExpired(world: World): void {
  if (world.state.hands.settlementHeld) return;
  const now = world.clock.now();
  for (const position of [...world.state.positions]) {
    const contract = findContract(position.symbol);
    if (contract && position.quantity !== 0 && now >= contract.expiresAt) settle(world, position, contract);
  }
}

function settle(world: World, position: PositionRecord, contract: Contract): void {
  const spot = world.market.spot(contract.underlying, contract.expiresAt);
  const worth = dec(intrinsic(contract.right, spot.toNumber(), contract.strike)).toDecimalPlaces(2);
  const held = position.quantity;
  const price = contract.underlying.kind === 'index' ? worth : dec(0);
  const value = price.times(held).times(position.multiplier);
  world.state.cash = text(dec(world.state.cash).plus(value));
  bookDelivery(world, position, subTypeOf(contract, held, worth.isZero()), held, text(price), text(value));
  movePosition(world.state, position, -held, text(price), contract.expiresAt);
  world.publish({ type: 'CurrentPosition', position });
  if (!worth.isZero() && contract.underlying.kind !== 'index') deliverShares(world, contract, held);
  world.publish({ type: 'AccountBalance' });
}

function subTypeOf(contract: Contract, held: number, worthless: boolean): string {
  if (worthless) return 'Expiration';
  const verb = held > 0 ? 'Exercise' : 'Assignment';
  return contract.underlying.kind === 'index' ? `Cash Settled ${verb}` : verb;
}

/** Shares change hands at the strike: a long call or an assigned put receives them. */
function deliverShares(world: World, contract: Contract, held: number): void {
  const shares = held * 100 * (contract.right === 'C' ? 1 : -1);
  const symbol = contract.underlying.symbol;
  const before = findPosition(world.state, symbol)?.quantity ?? 0;
  const price = text(contract.strike);
  const position = movePosition(
    world.state,
    { symbol, instrumentType: 'Equity' },
    shares,
    price,
    contract.expiresAt,
  );
  const value = dec(price).times(-shares);
  world.state.cash = text(dec(world.state.cash).plus(value));
  const side = shares > 0 ? 'Buy' : 'Sell';
  const effect = before !== 0 && Math.sign(before) !== Math.sign(shares) ? 'Close' : 'Open';
  bookDelivery(world, position, `${side} to ${effect}`, shares, price, text(value));
  world.publish({ type: 'CurrentPosition', position });
}

/** A row of the ledger that no order made. */
export function bookDelivery(
  world: World,
  position: PositionRecord,
  subType: string,
  quantity: number,
  price: string,
  value: string,
): void {
  const transaction: TransactionRecord = {
    id: world.state.nextId.transaction++,
    type: 'Receive Deliver',
    subType,
    action: null,
    symbol: position.symbol,
    underlying: position.underlying,
    instrumentType: position.instrumentType,
    quantity: Math.abs(quantity),
    price,
    value,
    netValue: value,
    commission: '0.0',
    clearing: '0.0',
    regulatory: '0.0',
    proprietary: '0.0',
    orderId: null,
    execId: null,
    legCount: 1,
    executedAt: world.clock.now(),
    description: `${subType} of ${Math.abs(quantity)} ${position.symbol}`,
  };
  world.state.transactions.push(transaction);
  world.publish({ type: 'ExternalTransaction', transaction });
}

/** Positions closed on an earlier day are no longer listed. */
export function purgeClosed(world: World): void {
  const today = dayOf(world.clock.now());
  const { positions } = world.state;
  const kept = positions.filter((each) => each.quantity !== 0 || dayOf(each.updatedAt) === today);
  if (kept.length < positions.length) positions.splice(0, positions.length, ...kept);
}

import { findPosition, movePosition } from '../account/ledger.js';
import { dayOf } from '../calendar.js';
import { type Contract, findContract } from '../market/listing.js';
import { intrinsic } from '../market/pricing.js';
import { type Decimal, dec, text } from '../money.js';
import type { LegAction, PositionRecord, TransactionRecord } from '../state.js';
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

/** What the broker takes for each contract that is assigned, exercised or settled in cash, in dollars. */
const FEE = 5;

function settle(world: World, position: PositionRecord, contract: Contract): void {
  const spot = world.market.spot(contract.underlying, contract.expiresAt);
  const worth = dec(intrinsic(contract.right, spot.toNumber(), contract.strike)).toDecimalPlaces(2);
  const held = position.quantity;
  const isCash = contract.underlying.kind === 'index' && !worth.isZero();
  if (isCash) settleInCash(world, position, contract, worth);
  // What was settled in cash is booked once more as what is gone.
  bookDelivery(world, position, { subType: subTypeOf(held, worth.isZero()), quantity: held });
  movePosition(world.state, position, -held, text(isCash ? worth : dec(0)), contract.expiresAt);
  world.publish({ type: 'CurrentPosition', position });
  if (!worth.isZero() && !isCash) deliverShares(world, contract, held);
  world.publish({ type: 'AccountBalance' });
}

function subTypeOf(held: number, worthless: boolean): string {
  if (worthless) return 'Expiration';
  return held > 0 ? 'Exercise' : 'Assignment';
}

function settleInCash(world: World, position: PositionRecord, contract: Contract, worth: Decimal): void {
  const { quantity, multiplier } = position;
  bookDelivery(world, position, {
    subType: `Cash Settled ${subTypeOf(quantity, false)}`,
    quantity,
    price: text(contract.strike),
    value: worth.times(quantity).times(multiplier),
    fee: FEE * Math.abs(quantity),
  });
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
  const side = shares > 0 ? 'Buy' : 'Sell';
  const effect = before !== 0 && Math.sign(before) !== Math.sign(shares) ? 'Close' : 'Open';
  const action = `${side} to ${effect}` as const;
  bookDelivery(world, position, {
    subType: action,
    action,
    quantity: shares,
    price,
    value: dec(price).times(-shares),
    fee: FEE * Math.abs(held),
  });
  world.publish({ type: 'CurrentPosition', position });
}

/** What a row says that no order made. */
interface Delivery {
  subType: string;
  action?: LegAction;
  quantity: number;
  /** Per share; without it nothing is named. */
  price?: string;
  /** Signed dollars: received positive, paid negative. */
  value?: Decimal;
  /** Dollars. */
  fee?: number;
}

/** Books a row of the ledger that no order made, and its money. */
export function bookDelivery(
  world: World,
  position: Pick<PositionRecord, 'symbol' | 'underlying' | 'instrumentType'>,
  { subType, action, quantity, price, value = dec(0), fee = 0 }: Delivery,
): void {
  const net = value.minus(fee);
  world.state.cash = text(dec(world.state.cash).plus(net));
  const transaction: TransactionRecord = {
    id: world.state.nextId.transaction++,
    type: 'Receive Deliver',
    subType,
    action: action ?? null,
    symbol: position.symbol,
    underlying: position.underlying,
    instrumentType: position.instrumentType,
    quantity: Math.abs(quantity),
    price: price ?? null,
    value: text(value),
    netValue: text(net),
    commission: '0.0',
    clearing: text(dec(-fee)),
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

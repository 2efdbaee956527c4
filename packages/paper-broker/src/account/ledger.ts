import { dayOf } from '../calendar.js';
import { findContract } from '../market/listing.js';
import { dec, text, ZERO } from '../money.js';
import {
  type BrokerState,
  type FillRecord,
  type InstrumentType,
  isBuy,
  type OrderLeg,
  type OrderRecord,
  type PositionRecord,
  type TransactionRecord,
} from '../state.js';
import { feesFor, totalFees } from './fees.js';

/** Contracts cover 100 shares; the broker's data says so per position, and so does ours. */
export function multiplierOf(instrumentType: InstrumentType): number {
  return instrumentType === 'Equity Option' ? 100 : 1;
}

export function findPosition(state: BrokerState, symbol: string): PositionRecord | undefined {
  return state.positions.find((each) => each.symbol === symbol);
}

function openPosition(state: BrokerState, leg: Pick<OrderLeg, 'symbol' | 'instrumentType'>, at: number) {
  const position: PositionRecord = {
    symbol: leg.symbol,
    underlying: findContract(leg.symbol)?.underlying.symbol ?? leg.symbol,
    instrumentType: leg.instrumentType,
    quantity: 0,
    averageOpenPrice: '0.0',
    multiplier: multiplierOf(leg.instrumentType),
    restricted: 0,
    frozen: false,
    realizedToday: '0.0',
    realizedOn: dayOf(at),
    createdAt: at,
    updatedAt: at,
  };
  state.positions.push(position);
  return position;
}

/**
 * Changes what is held of a symbol by a signed quantity traded at a price per share. Adding moves the running
 * average; reducing realises a gain and leaves it; crossing zero starts afresh at the price.
 */
export function movePosition(
  state: BrokerState,
  leg: Pick<OrderLeg, 'symbol' | 'instrumentType'>,
  change: number,
  price: string,
  at: number,
): PositionRecord {
  const position = findPosition(state, leg.symbol) ?? openPosition(state, leg, at);
  const held = position.quantity;
  const after = held + change;
  const average = dec(position.averageOpenPrice);
  const reduced = Math.sign(held) === -Math.sign(change) ? Math.min(Math.abs(held), Math.abs(change)) : 0;
  if (reduced > 0) {
    const gain = dec(price).minus(average).times(reduced).times(Math.sign(held)).times(position.multiplier);
    const earlier = position.realizedOn === dayOf(at) ? dec(position.realizedToday) : ZERO;
    position.realizedToday = text(earlier.plus(gain));
    position.realizedOn = dayOf(at);
  }
  if (reduced === 0) {
    const cost = average.times(Math.abs(held)).plus(dec(price).times(Math.abs(change)));
    position.averageOpenPrice = text(cost.div(Math.abs(after)).toDecimalPlaces(6));
  } else if (Math.sign(after) === -Math.sign(held)) {
    position.averageOpenPrice = text(price);
  }
  position.quantity = after;
  position.updatedAt = at;
  return position;
}

/** Books one execution of a leg: transaction, cash and position. */
export function bookFill(
  state: BrokerState,
  order: OrderRecord,
  leg: OrderLeg,
  fill: FillRecord,
): { position: PositionRecord; transaction: TransactionRecord } {
  const sign = isBuy(leg.action) ? -1 : 1;
  const multiplier = multiplierOf(leg.instrumentType);
  const value = dec(fill.price).times(fill.quantity).times(multiplier).times(sign);
  const fees = feesFor(leg.instrumentType, order.underlying, leg.action, fill.quantity);
  const netValue = value.minus(totalFees(fees));
  const transaction: TransactionRecord = {
    id: state.nextId.transaction++,
    type: 'Trade',
    subType: leg.action,
    action: leg.action,
    symbol: leg.symbol,
    underlying: order.underlying,
    instrumentType: leg.instrumentType,
    quantity: fill.quantity,
    price: fill.price,
    value: text(value),
    netValue: text(netValue),
    commission: text(fees.commission.negated()),
    clearing: text(fees.clearing.negated()),
    regulatory: text(fees.orf.plus(fees.taf).negated()),
    proprietary: text(fees.proprietary.negated()),
    orderId: order.id,
    execId: fill.execId,
    legCount: order.legs.length,
    executedAt: fill.filledAt,
    description: `${sign < 0 ? 'Bought' : 'Sold'} ${fill.quantity} ${leg.symbol} @ ${fill.price}`,
  };
  state.transactions.push(transaction);
  state.cash = text(dec(state.cash).plus(netValue));
  return {
    position: movePosition(state, leg, -sign * fill.quantity, fill.price, fill.filledAt),
    transaction,
  };
}

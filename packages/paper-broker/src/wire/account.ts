import type { AccountValue } from '../account/account.js';
import { ORDER_SIZES } from '../account/limits.js';
import { dayOf, neighbour } from '../calendar.js';
import { findContract, streamerSymbol } from '../market/listing.js';
import { type Decimal, dec, effectOf, text, withEffect } from '../money.js';
import type { PositionRecord, TransactionRecord } from '../state.js';
import type { World } from '../world.js';
import { compact, isoZ, type Wire } from './common.js';

/** What an account without futures, crypto, bonds and offerings says of them: typed clients insist on each. */
const NOT_ENABLED: Wire = {
  'futures-margin-rate-multiplier': '0.0',
  'has-intraday-equities-margin': false,
  'is-aggregated-at-clearing': false,
  'is-cryptocurrency-closing-only': false,
  'is-cryptocurrency-enabled': false,
  'is-equity-offering-closing-only': false,
  'is-equity-offering-enabled': false,
  'is-full-equity-margin-required': false,
  'is-futures-closing-only': false,
  'is-futures-enabled': false,
  'is-futures-intra-day-enabled': false,
  'is-roll-the-day-forward-enabled': true,
  'is-small-notional-futures-intra-day-enabled': false,
  'small-notional-futures-margin-rate-multiplier': '0.0',
};

/** Amounts that are nothing in such an account. */
const NOTHING_OF: Wire = Object.fromEntries(
  [
    ...['long', 'short'].flatMap((side) => [
      `${side}-cryptocurrency-value`,
      `${side}-futures-derivative-value`,
      `${side}-futures-value`,
      `${side}-margineable-value`,
    ]),
    'bond-margin-requirement',
    'closed-loop-available-balance',
    'cryptocurrency-margin-requirement',
    'day-equity-call-value',
    'day-trade-excess',
    'day-trading-buying-power',
    'day-trading-call-value',
    'effective-cryptocurrency-buying-power',
    'equity-offering-margin-requirement',
    'futures-intraday-margin-requirement',
    'futures-margin-requirement',
    'futures-overnight-margin-requirement',
    'long-bond-value',
    'maintenance-call-value',
    'pending-margin-interest',
    'reg-t-call-value',
    'unsettled-cryptocurrency-fiat-amount',
  ].map((name) => [name, '0.0']),
);

/** An account of the login: this one, or the closed one. */
export function accountWire(world: World, accountNumber: string): Wire {
  const closed = accountNumber === world.closedAccountNumber;
  return compact({
    'account-number': accountNumber,
    'external-id': `A00000${accountNumber.slice(-5)}`,
    'opened-at': '2019-03-14T15:48:00.000+00:00',
    'created-at': '2019-03-14T15:47:13.245+00:00',
    nickname: closed ? 'Closed account' : world.account.nickname,
    'account-type-name': closed ? 'Individual' : world.account.type,
    'day-trader-status': false,
    'is-closed': closed || world.state.tradingStatus.isClosed,
    'closed-at': closed ? '2021-08-02T20:00:00.000+00:00' : null,
    'is-firm-error': false,
    'is-firm-proprietary': false,
    'is-futures-approved': false,
    'is-foreign': false,
    'is-test-drive': false,
    'margin-or-cash': closed ? 'Margin' : world.account.marginOrCash,
    'suitable-options-level': 'No Restrictions',
  });
}

export function tradingStatusWire(world: World, accountNumber: string): Wire {
  const closed = accountNumber === world.closedAccountNumber;
  const { isClosed, isClosingOnly, isFrozen, isRiskReducingOnly, isInMarginCall, isInDayTradeCall } =
    world.state.tradingStatus;
  return {
    id: Number(accountNumber.slice(-5)),
    'account-number': accountNumber,
    ...NOT_ENABLED,
    'are-far-otm-net-options-restricted': false,
    'day-trade-count': 0,
    'equities-margin-calculation-type': 'Reg T',
    'fee-schedule-name': 'default',
    'is-closed': closed || isClosed,
    'is-closing-only': isClosingOnly,
    'is-frozen': isFrozen,
    'is-in-day-trade-equity-maintenance-call': isInDayTradeCall ?? false,
    'is-in-margin-call': isInMarginCall ?? false,
    'is-pattern-day-trader': false,
    'is-portfolio-margin-enabled': false,
    'is-risk-reducing-only': isRiskReducingOnly ?? false,
    'options-level': 'No Restrictions',
    'short-calls-enabled': true,
    'updated-at': isoZ(world.clock.now()),
  };
}

export function balanceWire(world: World, accountNumber: string, value: AccountValue): Wire {
  const now = world.clock.now();
  const excess = value.netLiquidatingValue.minus(value.maintenanceRequirement);
  const zero = dec(0);
  return {
    'account-number': accountNumber,
    currency: 'USD',
    ...NOTHING_OF,
    'unsettled-cryptocurrency-fiat-effect': 'None',
    'available-trading-funds': text(excess),
    'cash-available-to-withdraw': text(excess),
    'cash-balance': text(value.cash),
    'long-equity-value': text(value.longEquityValue.abs()),
    'short-equity-value': '0.0',
    'long-derivative-value': text(value.longDerivativeValue),
    'short-derivative-value': text(value.shortDerivativeValue.abs()),
    'margin-equity': text(value.netLiquidatingValue),
    'equity-buying-power': text(value.derivativeBuyingPower.times(2)),
    'derivative-buying-power': text(value.derivativeBuyingPower),
    'used-derivative-buying-power': text(value.maintenanceRequirement),
    'maintenance-requirement': text(value.maintenanceRequirement),
    'maintenance-excess': text(excess),
    'net-liquidating-value': text(value.netLiquidatingValue),
    'reg-t-margin-requirement': text(value.maintenanceRequirement),
    ...withEffect('pending-cash', zero),

    ...withEffect('buying-power-adjustment', zero),
    'snapshot-date': dayOf(now),
    'updated-at': isoZ(now),
  };
}

function direction(quantity: number): string {
  if (quantity === 0) return 'Zero';
  return quantity > 0 ? 'Long' : 'Short';
}

/** A position, with the market's mark only where it was asked for. */
export function positionWire(world: World, position: PositionRecord, withMarks: boolean): Wire {
  const contract = findContract(position.symbol);
  const held = Math.abs(position.quantity);
  const mark = withMarks ? world.market.quote(position.symbol)?.mark : undefined;
  const previous = previousClose(world, position.symbol);
  return compact({
    'account-number': world.accountNumber,
    symbol: position.symbol,
    'instrument-type': position.instrumentType,
    'underlying-symbol': position.underlying,
    quantity: String(held),
    'quantity-direction': direction(position.quantity),
    'close-price': text(previous),
    'average-open-price': position.averageOpenPrice,
    'average-yearly-market-close-price': text(previous),
    'average-daily-market-close-price': text(previous),
    multiplier: position.multiplier,
    'cost-effect': position.quantity < 0 ? 'Debit' : 'Credit',
    'is-suppressed': false,
    'is-frozen': position.frozen,
    'restricted-quantity': text(position.restricted),
    'expires-at': contract && new Date(contract.expiresAt).toISOString(),
    'streamer-symbol': contract ? streamerSymbol(contract) : position.symbol,
    ...withEffect('realized-day-gain', dec(position.realizedToday)),
    'realized-day-gain-date': position.realizedOn,
    ...withEffect('realized-today', dec(position.realizedToday)),
    'realized-today-date': position.realizedOn,
    'mark-price': mark && text(mark),
    mark: mark && text(mark.times(held).times(position.multiplier)),
    'created-at': isoZ(position.createdAt).replace('Z', '+00:00'),
    'updated-at': isoZ(position.updatedAt).replace('Z', '+00:00'),
  });
}

/** The mark at the close of the last session before today. */
export function previousClose(world: World, symbol: string): Decimal {
  const at = neighbour(dayOf(world.clock.now()), -1).closeAt;
  return world.market.quote(symbol, at)?.mark ?? dec(0);
}

export function positionLimitWire(accountNumber: string): Wire {
  return {
    id: 1,
    'account-number': accountNumber,
    'equity-order-size': ORDER_SIZES.Equity,
    'equity-option-order-size': ORDER_SIZES['Equity Option'],
    'future-order-size': 10,
    'future-option-order-size': 10,
    'underlying-opening-order-limit': 80,
    'equity-position-size': 1_000_000,
    'equity-option-position-size': 10_000,
    'future-position-size': 50,
    'future-option-position-size': 50,
  };
}

function money(name: string, signedText: string): Wire {
  return withEffect(name, dec(signedText));
}

export function transactionWire(record: TransactionRecord, accountNumber: string): Wire {
  const trade = record.type === 'Trade';
  return compact({
    id: record.id,
    'account-number': accountNumber,
    symbol: record.symbol,
    'instrument-type': record.instrumentType,
    'underlying-symbol': record.underlying,
    'transaction-type': record.type,
    'transaction-sub-type': record.subType,
    description: record.description,
    action: record.action,
    quantity: text(record.quantity),
    price: record.price,
    'executed-at': isoZ(record.executedAt),
    'transaction-date': dayOf(record.executedAt),
    ...money('value', record.value),
    ...((trade || record.clearing !== '0.0') && money('clearing-fees', record.clearing)),
    ...(trade && {
      ...money('regulatory-fees', record.regulatory),
      ...money('commission', record.commission),
      ...money('proprietary-index-option-fees', record.proprietary),
    }),
    ...money('net-value', record.netValue),
    'is-estimated-fee': trade,
    'order-id': record.orderId,
    'exec-id': record.execId,
    'ext-exec-id': record.execId,
    'leg-count': record.legCount,
    'destination-venue': trade ? 'PAPER_MARKET_SIMULATOR' : null,
    currency: 'USD',
    'created-at': isoZ(record.executedAt),
  });
}

/** Fees of a day in signed dollars (costs negative), and their effect. */
export function totalFeesWire(records: readonly TransactionRecord[], date: string): Wire {
  const total = records
    .filter((each) => each.type === 'Trade' && dayOf(each.executedAt) === date)
    .reduce((sum, each) => sum.plus(each.netValue).minus(each.value), dec(0));
  return { 'total-fees': text(total.abs()), 'total-fees-effect': effectOf(total) };
}

import { findUnderlying } from '../market/catalog.js';
import type { Market } from '../market/market.js';
import { Decimal, dec, ZERO } from '../money.js';
import type { BrokerState, PositionRecord } from '../state.js';
import { type Exposure, requirement } from './margin.js';

/** The account's worth in dollars at the market's marks. */
export interface AccountValue {
  cash: Decimal;
  netLiquidatingValue: Decimal;
  maintenanceRequirement: Decimal;
  derivativeBuyingPower: Decimal;
  longDerivativeValue: Decimal;
  shortDerivativeValue: Decimal;
  longEquityValue: Decimal;
}

/** Market value of a holding in dollars, negative for shorts. */
function positionValue(position: PositionRecord, market: Market): Decimal {
  const mark = market.quote(position.symbol)?.mark ?? dec(position.averageOpenPrice);
  return mark.times(position.quantity).times(position.multiplier);
}

function exposures(state: BrokerState, underlying: string): Exposure[] {
  return state.positions.filter((each) => each.underlying === underlying && each.quantity !== 0);
}

/** Requirement of everything held in one underlying together with further holdings. */
export function underlyingRequirement(
  state: BrokerState,
  market: Market,
  symbol: string,
  extra: readonly Exposure[] = [],
): Decimal {
  const underlying = findUnderlying(symbol);
  if (!underlying) return ZERO;
  return requirement(netted([...exposures(state, symbol), ...extra]), market.spot(underlying));
}

function netted(list: readonly Exposure[]): Exposure[] {
  const bySymbol = new Map<string, Exposure>();
  for (const each of list) {
    const known = bySymbol.get(each.symbol);
    bySymbol.set(each.symbol, { ...each, quantity: each.quantity + (known?.quantity ?? 0) });
  }
  return [...bySymbol.values()].filter((each) => each.quantity !== 0);
}

export function accountValue(state: BrokerState, market: Market): AccountValue {
  const cash = dec(state.cash);
  const values = state.positions.map((each) => ({ each, value: positionValue(each, market) }));
  const sum = (wanted: (record: PositionRecord, value: Decimal) => boolean) =>
    values.reduce((total, { each, value }) => (wanted(each, value) ? total.plus(value) : total), ZERO);
  const netLiquidatingValue = cash.plus(sum(() => true));
  const symbols = new Set(state.positions.map((each) => each.underlying));
  const maintenanceRequirement = [...symbols].reduce(
    (total, symbol) => total.plus(underlyingRequirement(state, market, symbol)),
    ZERO,
  );
  const isOption = (each: PositionRecord) => each.instrumentType === 'Equity Option';
  return {
    cash,
    netLiquidatingValue,
    maintenanceRequirement,
    derivativeBuyingPower: Decimal.max(0, netLiquidatingValue.minus(maintenanceRequirement)),
    longDerivativeValue: sum((each, value) => isOption(each) && value.isPositive()),
    shortDerivativeValue: sum((each, value) => isOption(each) && value.isNegative()),
    longEquityValue: sum((each) => !isOption(each)),
  };
}

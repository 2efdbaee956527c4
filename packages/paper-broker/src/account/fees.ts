import { findUnderlying } from '../market/catalog.js';
import { Decimal, dec, ZERO } from '../money.js';
import { type InstrumentType, isBuy, isClosing, type LegAction } from '../state.js';

/** Costs of an execution in dollars, all positive. */
export interface Fees {
  commission: Decimal;
  clearing: Decimal;
  /** Options Regulatory Fee plus, on sales, the trading activity fee. */
  orf: Decimal;
  taf: Decimal;
  proprietary: Decimal;
}

/** Rates per contract as seen in recorded trades (1.00, 0.10, 0.02); index fees are illustrative. */
const COMMISSION_TO_OPEN = dec('1.00');
const COMMISSION_CAP_PER_LEG = dec('10.00');
const CLEARING = dec('0.10');
const ORF = dec('0.02');
const TAF_PER_CONTRACT_SOLD = dec('0.00329');
const STOCK_CLEARING_PER_SHARE = dec('0.0008');

const NONE: Fees = { commission: ZERO, clearing: ZERO, orf: ZERO, taf: ZERO, proprietary: ZERO };

/** Fees of trading a quantity of one leg. Closing options costs no commission. */
export function feesFor(
  instrumentType: InstrumentType,
  underlyingSymbol: string,
  action: LegAction,
  quantity: number,
): Fees {
  if (instrumentType === 'Equity') return { ...NONE, clearing: STOCK_CLEARING_PER_SHARE.times(quantity) };
  const underlying = findUnderlying(underlyingSymbol);
  const full = COMMISSION_TO_OPEN.times(quantity);
  const commission = underlying?.kind === 'index' ? full : Decimal.min(full, COMMISSION_CAP_PER_LEG);
  return {
    commission: isClosing(action) ? ZERO : commission,
    clearing: CLEARING.times(quantity),
    orf: ORF.times(quantity),
    taf: isBuy(action) ? ZERO : TAF_PER_CONTRACT_SOLD.times(quantity),
    proprietary: dec(underlying?.proprietaryFee ?? '0').times(quantity),
  };
}

export function sumFees(list: readonly Fees[]): Fees {
  return list.reduce(
    (sum, each) => ({
      commission: sum.commission.plus(each.commission),
      clearing: sum.clearing.plus(each.clearing),
      orf: sum.orf.plus(each.orf),
      taf: sum.taf.plus(each.taf),
      proprietary: sum.proprietary.plus(each.proprietary),
    }),
    NONE,
  );
}

export function totalFees(fees: Fees): Decimal {
  return fees.commission.plus(fees.clearing).plus(fees.orf).plus(fees.taf).plus(fees.proprietary);
}

import { findContract } from '../market/listing.js';
import { Decimal, dec, ZERO } from '../money.js';

/** A signed holding, as margin sees it. */
export interface Exposure {
  symbol: string;
  /** Positive long, negative short. */
  quantity: number;
  multiplier: number;
}

const STOCK_RATE = dec('0.5');
const NAKED_RATE = dec('0.2');
const NAKED_FLOOR = dec('0.1');

/**
 * Margin requirement in dollars of what is held in one underlying: the worst loss at expiration where that is
 * bounded, else the usual rule for uncovered options (20 % of the underlying less the amount out of the money, at
 * least 10 %). An approximation: expirations are looked at together and premium is left to cash.
 */
export function requirement(holdings: readonly Exposure[], spot: Decimal): Decimal {
  const worst = worstLoss(holdings);
  const naked = nakedRequirement(holdings, spot);
  const stock = holdings
    .filter((each) => !findContract(each.symbol))
    .reduce((sum, each) => sum.plus(spot.times(Math.abs(each.quantity)).times(STOCK_RATE)), ZERO);
  return (worst === null ? naked : Decimal.min(worst, naked)).plus(stock);
}

/** Greatest loss of the options (with covering stock) at expiration; null where it has no bound. */
function worstLoss(holdings: readonly Exposure[]): Decimal | null {
  const options = holdings.flatMap((each) => {
    const contract = findContract(each.symbol);
    return contract ? [{ ...each, contract }] : [];
  });
  const shares = holdings.filter((each) => !findContract(each.symbol));
  const cover = shares.reduce((sum, each) => sum + each.quantity, 0);
  const upside = options
    .filter(({ contract }) => contract.right === 'C')
    .reduce((sum, each) => sum + each.quantity * each.multiplier, cover);
  if (upside < 0) return null;
  // Worth over the price is a broken line that bends only at strikes: walked from zero up, strike by strike.
  let worth = 0;
  let slope = 0;
  let price = 0;
  let least = 0;
  const bends = new Map<number, number>();
  for (const { contract, quantity, multiplier } of options) {
    const strike = thousandths(contract.strike);
    const size = quantity * multiplier;
    bends.set(strike, (bends.get(strike) ?? 0) + size);
    if (contract.right === 'C') continue;
    worth += strike * size;
    slope -= size;
  }
  least = Math.min(least, worth);
  for (const [index, [strike, bend]] of [...bends].sort(([a], [b]) => a - b).entries()) {
    worth += slope * (strike - price);
    // Shares count only as cover for short calls: their own risk is margined as stock.
    slope += bend + (index === 0 ? cover : 0);
    price = strike;
    least = Math.min(least, worth);
  }
  return dec(Math.max(0, -least)).div(1000);
}

/** Strikes have three digits behind the point: whole numbers of them add up exactly, and hundreds of legs quickly. */
function thousandths(value: number): number {
  return Math.round(value * 1000);
}

/** The rule for uncovered options on every short option; long ones pay for the shorts of their kind. */
function nakedRequirement(holdings: readonly Exposure[], spot: Decimal): Decimal {
  const perSide = (right: 'C' | 'P') =>
    holdings.reduce((sum, each) => {
      const contract = findContract(each.symbol);
      if (contract?.right !== right || each.quantity >= 0) return sum;
      const away = right === 'C' ? dec(contract.strike).minus(spot) : spot.minus(contract.strike);
      const base = spot.times(NAKED_RATE).minus(Decimal.max(0, away));
      const unit = Decimal.max(base, spot.times(NAKED_FLOOR)).times(each.multiplier);
      return sum.plus(unit.times(-each.quantity));
    }, ZERO);
  return Decimal.max(perSide('C'), perSide('P'));
}

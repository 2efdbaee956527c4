import { Decimal, sum, ZERO } from './money.js';
import type { OptionTerms, UnitLeg } from './types.js';

interface Contract {
  terms: OptionTerms;
  /** Contracts per unit, negative where short. */
  signed: number;
}

/**
 * The least and the most one unit can be worth to its holder at expiration, per share; null is unbounded.
 * Null as a whole where the legs don't settle together: several expirations, or roots that settle apart
 * (`SPX` in the morning, `SPXW` in the afternoon), or stock.
 */
export function settlementRange(
  legs: readonly UnitLeg[],
): { least: Decimal | null; most: Decimal | null } | null {
  const contracts = settlingTogether(legs);
  if (!contracts) return null;
  // The value is a broken line over the underlying's price that bends only at strikes, so its extremes lie
  // at zero, at a strike, or far above all of them, where only calls still move it.
  const corners = [ZERO, ...contracts.map(({ terms }) => terms.strike)];
  const values = corners.map((price) => sum(contracts.map((contract) => worth(contract, price))));
  const slope = contracts.reduce(
    (total, { terms, signed }) => total + (terms.type === 'call' ? signed : 0),
    0,
  );
  return {
    least: slope < 0 ? null : Decimal.min(...values),
    most: slope > 0 ? null : Decimal.max(...values),
  };
}

function settlingTogether(legs: readonly UnitLeg[]): Contract[] | null {
  const first = legs[0]?.instrument.option;
  const contracts: Contract[] = [];
  for (const { instrument, side, ratio } of legs) {
    const terms = instrument.option;
    if (!terms || terms.expiration !== first?.expiration || terms.root !== first.root) return null;
    contracts.push({ terms, signed: side === 'long' ? ratio : -ratio });
  }
  return contracts.length > 0 ? contracts : null;
}

function worth({ terms, signed }: Contract, price: Decimal): Decimal {
  const intrinsic = terms.type === 'call' ? price.minus(terms.strike) : terms.strike.minus(price);
  return Decimal.max(intrinsic, 0).times(signed);
}

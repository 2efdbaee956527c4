/** Annual risk-free rate of the model; dividends are left out. */
const RATE = 0.04;
const MIN_YEARS = 1 / (365 * 24 * 60);
export const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Standard normal distribution (Abramowitz–Stegun 26.2.17, error below 1e-7). */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = Math.exp((-x * x) / 2) * 0.3989422804014327 * poly;
  return x >= 0 ? 1 - tail : tail;
}

/** What an option is worth at expiry. */
export function intrinsic(right: 'C' | 'P', spot: number, strike: number): number {
  return Math.max(0, right === 'C' ? spot - strike : strike - spot);
}

/**
 * Implied volatility of a strike: puts below the spot dearer than calls above it, both wings lifted. Distances are
 * in standard deviations, which keeps prices monotone in the strike, so that no spread is worth less than nothing
 * or more than its width. `years` is the time left.
 */
export function smile(atTheMoney: number, spot: number, strike: number, years: number): number {
  const deviation = atTheMoney * Math.sqrt(Math.max(years, 2 / 365));
  const distance = Math.log(strike / spot) / deviation;
  return atTheMoney * Math.min(2.2, 1 - 0.15 * distance + 0.02 * distance * distance);
}

/** Black–Scholes value per share; the intrinsic value once time is up. */
export function optionValue(
  right: 'C' | 'P',
  spot: number,
  strike: number,
  years: number,
  volatility: number,
): number {
  if (years <= MIN_YEARS) return intrinsic(right, spot, strike);
  const spread = volatility * Math.sqrt(years);
  const d1 = (Math.log(spot / strike) + (RATE + (volatility * volatility) / 2) * years) / spread;
  const d2 = d1 - spread;
  const discounted = strike * Math.exp(-RATE * years);
  const call = spot * normal(d1) - discounted * normal(d2);
  const value = right === 'C' ? call : call - spot + discounted;
  return Math.max(value, 0);
}

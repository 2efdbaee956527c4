import type { SeedOption } from './scenario.js';

/** Two spreads sharing what both need: the usual shapes as legs. Widths in dollars, distances as shares of price. */
export function putCredit(away: number, width: number, quantity = 1): SeedOption[] {
  return [
    { right: 'P', side: 'short', quantity, strike: { away } },
    { right: 'P', side: 'long', quantity, strike: { from: 0, plus: -width } },
  ];
}

export function callDebit(away: number, width: number, quantity = 1): SeedOption[] {
  return [
    { right: 'C', side: 'long', quantity, strike: { away } },
    { right: 'C', side: 'short', quantity, strike: { from: 0, plus: width } },
  ];
}

export function callCredit(away: number, width: number, quantity = 1): SeedOption[] {
  return [
    { right: 'C', side: 'short', quantity, strike: { away } },
    { right: 'C', side: 'long', quantity, strike: { from: 0, plus: width } },
  ];
}

export function ironCondor(away: number, width: number, quantity = 1): SeedOption[] {
  return [
    { right: 'P', side: 'short', quantity, strike: { away: -away } },
    { right: 'P', side: 'long', quantity, strike: { from: 0, plus: -width } },
    { right: 'C', side: 'short', quantity, strike: { away } },
    { right: 'C', side: 'long', quantity, strike: { from: 2, plus: width } },
  ];
}

/** Two equal bull put verticals and one bear call vertical on one even strike near the price. */
export function trident(width: number, multipleOf: number, units = 1): SeedOption[] {
  return [
    { right: 'P', side: 'short', quantity: 2 * units, strike: { away: 0, multipleOf } },
    { right: 'P', side: 'long', quantity: 2 * units, strike: { from: 0, plus: -width } },
    { right: 'C', side: 'short', quantity: units, strike: { from: 0, plus: 0 } },
    { right: 'C', side: 'long', quantity: units, strike: { from: 0, plus: width } },
  ];
}

export function strangle(away: number, quantity = 1): SeedOption[] {
  return [
    { right: 'P', side: 'short', quantity, strike: { away: -away } },
    { right: 'C', side: 'short', quantity, strike: { away } },
  ];
}

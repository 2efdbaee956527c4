import { addDays, dayOf, daysBetween, instant, isTradingDay } from '../calendar.js';
import { findUnderlying, type Underlying } from '../market/catalog.js';
import { type Contract, contractOf, expirations, rootsOn } from '../market/listing.js';
import type { Market } from '../market/market.js';
import { snap } from '../market/ticks.js';
import { Decimal, dec } from '../money.js';
import type { SeedOption, SeedTrade } from './scenario.js';

/** A seeded leg with its contract and the price it was opened at. */
export interface PricedLeg {
  contract: Contract;
  side: 'long' | 'short';
  quantity: number;
  price: Decimal;
}

const MIN_DTE = 2;

export function tradeUnderlying(trade: SeedTrade): Underlying {
  const underlying = findUnderlying(trade.underlying);
  if (!underlying) throw new Error(`Scenario names an unknown underlying: ${trade.underlying}`);
  return underlying;
}

/** The instant of opening: quarter to eleven in New York, on a trading day. Today's trades: a minute before start. */
export function openedAt(trade: SeedTrade, start: number): number {
  if (trade.openedDaysAgo === 0) return start - 60_000;
  return tradedAt(trade.openedDaysAgo, start);
}

/** The same, so many days before the start. */
export function tradedAt(daysAgo: number, start: number): number {
  let day = addDays(dayOf(start), -daysAgo);
  while (!isTradingDay(day)) day = addDays(day, -1);
  return instant(day, 10, 45);
}

/** A month beyond what is wanted: there is always one by then, and years of history ask for many days. */
const BEYOND_DAYS = 31;

function nearestExpiration(underlying: Underlying, dte: number, today: string): string {
  const dates = expirations(underlying, today, dte + BEYOND_DAYS).filter(
    (date) => daysBetween(today, date) >= MIN_DTE,
  );
  const distance = (date: string) => Math.abs(daysBetween(today, date) - dte);
  return dates.reduce((best, date) => (distance(date) < distance(best) ? date : best));
}

/** The contracts of a trade: strikes from the price at opening, expiration from the day the market starts if it is still held then. */
export function contractsOf(trade: SeedTrade, market: Market, start: number): Contract[] {
  const underlying = tradeUnderlying(trade);
  const from = trade.closedDaysAgo === undefined ? start : openedAt(trade, start);
  const expiration = nearestExpiration(underlying, trade.dte, dayOf(from));
  const root = rootsOn(underlying, expiration).at(-1) ?? underlying.symbol;
  const spot = market.spot(underlying, openedAt(trade, start)).toNumber();
  const strikes: number[] = [];
  for (const option of trade.options) strikes.push(strikeOf(option, underlying, spot, strikes));
  return trade.options.map((option, i) =>
    contractOf(underlying, root, expiration, option.right, strikes[i] ?? 0),
  );
}

function strikeOf(
  option: SeedOption,
  underlying: Underlying,
  spot: number,
  earlier: readonly number[],
): number {
  const rule = option.strike;
  if ('from' in rule) return (earlier[rule.from] ?? 0) + rule.plus;
  const grid = rule.multipleOf ?? underlying.strikeStep;
  return Math.round((spot * (1 + rule.away)) / grid) * grid;
}

/** What the legs traded at, at an instant: the model's value on the grid the venue prints them in. */
export function priceLegs(
  trade: SeedTrade,
  contracts: readonly Contract[],
  market: Market,
  at: number,
  stress: number,
): PricedLeg[] {
  const underlying = tradeUnderlying(trade);
  const single = contracts.length === 1;
  const legs = contracts.map((contract, i) => {
    const value = dec(market.value(contract, at, stress).toFixed(4));
    const price = single ? snap(underlying.ticks, value, 'down') : value.toDecimalPlaces(2);
    const option = trade.options[i];
    return {
      contract,
      side: option?.side ?? 'long',
      quantity: option?.quantity ?? 1,
      price: Decimal.max(price, '0.01'),
    };
  });
  return single ? legs : onNetGrid(legs, dec(underlying.multiLegTick));
}

/** Moves the last single-unit leg by cents so that the order's net lies on the class's grid. */
function onNetGrid(legs: PricedLeg[], tick: Decimal): PricedLeg[] {
  const size = unitOf(legs);
  const off = netOf(legs).mod(tick);
  const adjusted = legs.findLastIndex((leg) => leg.quantity === size);
  return legs.map((leg, i) => {
    if (i !== adjusted) return leg;
    const change = leg.side === 'short' ? off.negated() : off;
    return {
      ...leg,
      price: leg.price.plus(change).gt(0) ? leg.price.plus(change) : leg.price.plus(tick).plus(change),
    };
  });
}

export function unitOf(legs: readonly { quantity: number }[]): number {
  return Math.min(...legs.map((leg) => leg.quantity));
}

/** Net per unit, Credit positive. */
export function netOf(legs: readonly PricedLeg[]): Decimal {
  const size = unitOf(legs);
  return legs.reduce((sum, leg) => {
    const amount = leg.price.times(leg.quantity).div(size);
    return leg.side === 'short' ? sum.plus(amount) : sum.minus(amount);
  }, dec(0));
}

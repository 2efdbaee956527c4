import { movePosition } from '../account/ledger.js';
import type { Contract } from '../market/listing.js';
import type { Market } from '../market/market.js';
import { snap, tickAt } from '../market/ticks.js';
import { type Decimal, dec, effectOf, text } from '../money.js';
import { newOrder } from '../orders/book.js';
import { attachFills } from '../orders/execution.js';
import type { Preflight } from '../orders/preflight.js';
import type { OrderDraft } from '../orders/request.js';
import type { InstrumentType, LegAction, OrderRecord } from '../state.js';
import type { World } from '../world.js';
import type { Scenario, SeedTrade } from './scenario.js';
import {
  contractsOf,
  netOf,
  openedAt,
  type PricedLeg,
  priceLegs,
  tradedAt,
  tradeUnderlying,
  unitOf,
} from './terms.js';

const PLATFORM = 'WBT-ember;';
/** How far from the market a seeded working order lies: it asks half as much again as the market gives. */
const FAR = dec('1.5');

/** Puts a scenario's book into a new account: orders of the past, their fills, positions, transactions, cash. */
export function seedAccount(world: World, scenario: Scenario): void {
  world.state.cash = text(scenario.cash);
  const trades = [...scenario.trades].sort((a, b) => b.openedDaysAgo - a.openedDaysAgo);
  for (const trade of trades) seedTrade(world, trade);
}

function seedTrade(world: World, trade: SeedTrade): void {
  const start = world.state.anchor;
  const at = openedAt(trade, start);
  const contracts = contractsOf(trade, world.market, start);
  const stress = trade.pastTarget ? dearStress(trade, contracts, world, at) : 1;
  const legs = trade.nearTarget
    ? soldNearTarget(trade, contracts, world.market)
    : priceLegs(trade, contracts, world.market, at, stress);
  if (trade.shares !== undefined) seedShares(world, trade, trade.shares, at);
  if (trade.options.length === 0) return;
  if (trade.history === 'unknown') seedUnknown(world, legs, at);
  else if (trade.history === 'partly') seedPartly(world, trade, legs, at);
  else seedFilled(world, trade, legs, at);
}

function seedFilled(world: World, trade: SeedTrade, legs: readonly PricedLeg[], at: number): void {
  const units = unitOf(legs);
  const order = pastOrder(world, trade.underlying, openingLegs(legs), netOf(legs), units, at);
  fillAll(
    world,
    order,
    legs.map((leg) => leg.price),
    units,
    at,
  );
  finish(order, at);
  if (trade.closing) seedClosing(world, trade, legs, trade.closing, at);
  if (trade.closedDaysAgo !== undefined) seedClosed(world, trade, legs, trade.closedDaysAgo);
}

/** The whole position closed again at what the market gave then, and gone from the list since that night. */
function seedClosed(world: World, trade: SeedTrade, legs: readonly PricedLeg[], daysAgo: number): void {
  const at = tradedAt(daysAgo, world.state.anchor) + 3_600_000;
  const contracts = legs.map(({ contract }) => contract);
  const closing = priceLegs(trade, contracts, world.market, at, 1);
  const units = unitOf(legs);
  const order = pastOrder(world, trade.underlying, closingLegs(legs), netOf(closing).negated(), units, at);
  fillAll(
    world,
    order,
    closing.map(({ price }) => price),
    units,
    at,
  );
  finish(order, at);
  const { positions } = world.state;
  while (positions.at(-1)?.quantity === 0) positions.pop();
}

/** How dear options must have been at opening for half the credit to be earned by now. */
function dearStress(
  trade: SeedTrade,
  contracts: Parameters<typeof priceLegs>[1],
  world: World,
  at: number,
): number {
  const now = netOf(priceLegs(trade, contracts, world.market, world.state.anchor, 1));
  for (let stress = 1.1; stress < 4; stress += 0.1) {
    if (netOf(priceLegs(trade, contracts, world.market, at, stress)).gt(now.times('2.6'))) return stress;
  }
  return 4;
}

/** One leg as sold so that half of what came in is little more than a tick below the mark now. */
function soldNearTarget(trade: SeedTrade, contracts: readonly Contract[], market: Market): PricedLeg[] {
  const { ticks } = tradeUnderlying(trade);
  return contracts.map((contract, i) => {
    const { mark } = market.optionQuote(contract);
    const price = snap(ticks, mark.minus(tickAt(ticks, mark)).times(2), 'down');
    return { contract, side: 'short', quantity: trade.options[i]?.quantity ?? 1, price };
  });
}

interface SeedLeg {
  instrumentType: InstrumentType;
  symbol: string;
  action: LegAction;
  quantity: number;
}

function openingLegs(legs: readonly PricedLeg[]): SeedLeg[] {
  return legs.map((leg) => ({
    instrumentType: 'Equity Option',
    symbol: leg.contract.symbol,
    action: leg.side === 'long' ? 'Buy to Open' : 'Sell to Open',
    quantity: leg.quantity,
  }));
}

/** An order the way it would look had it been accepted at `at`; `net` is per unit, Credit positive. */
function pastOrder(
  world: World,
  underlying: string,
  legs: SeedLeg[],
  net: Decimal,
  size: number,
  at: number,
  timeInForce: 'Day' | 'GTC' = 'Day',
): OrderRecord {
  const draft: OrderDraft = {
    timeInForce,
    orderType: 'Limit',
    price: net.abs(),
    priceEffect: effectOf(net),
    value: null,
    stopTrigger: null,
    gtcDate: null,
    legs: [],
    source: PLATFORM,
    externalIdentifier: null,
    strict: false,
  };
  const order = newOrder(world, draft, { legs, underlying, size } as Preflight, world.state.nextId.order++);
  world.state.orders.push(order);
  return Object.assign(order, {
    receivedAt: at - 4_000,
    receivedReal: at - 4_000,
    inFlightAt: at - 3_900,
    liveAt: at - 3_800,
    updatedAt: at - 3_800,
    status: 'Live',
    rested: true,
  });
}

function fillAll(
  world: World,
  order: OrderRecord,
  prices: readonly Decimal[],
  units: number,
  at: number,
): void {
  order.executing = units;
  order.legs.forEach((leg, i) => {
    const number = world.state.nextId.fill++;
    const fill = {
      id: `${number}_PAPER::${order.id}`,
      execId: String(number),
      quantity: (leg.quantity / order.size) * units,
      price: text(prices[i] ?? 0),
      filledAt: at,
    };
    attachFills(world, order, leg, [fill]);
  });
}

function finish(order: OrderRecord, at: number): void {
  Object.assign(order, { status: 'Filled', terminalAt: at, updatedAt: at });
}

function seedShares(world: World, trade: SeedTrade, shares: number, at: number): void {
  const price = world.market.spot(tradeUnderlying(trade), at);
  const leg: SeedLeg = {
    instrumentType: 'Equity',
    symbol: trade.underlying,
    action: 'Buy to Open',
    quantity: shares,
  };
  const order = pastOrder(world, trade.underlying, [leg], price.negated(), shares, at - 600_000);
  fillAll(world, order, [price], shares, at - 600_000);
  finish(order, at - 600_000);
}

/** Legs that arrived by transfer: held, with an average price, and no order or trade to show for it. */
function seedUnknown(world: World, legs: readonly PricedLeg[], at: number): void {
  for (const leg of legs) {
    const change = leg.side === 'long' ? leg.quantity : -leg.quantity;
    movePosition(
      world.state,
      { symbol: leg.contract.symbol, instrumentType: 'Equity Option' },
      change,
      text(leg.price),
      at,
    );
  }
}

function seedPartly(world: World, trade: SeedTrade, legs: readonly PricedLeg[], at: number): void {
  const size = unitOf(legs);
  const tick = dec(tradeUnderlying(trade).multiLegTick);
  const asked = netOf(legs).times(FAR).toNearest(tick);
  const order = pastOrder(world, trade.underlying, openingLegs(legs), asked, size, at, 'GTC');
  const difference = asked.minus(netOf(legs));
  const prices = legs.map((leg, i) => (i === 0 ? leg.price.plus(difference) : leg.price));
  fillAll(world, order, prices, 1, at);
}

/** A closing order from the platform, lying far from the market. */
function seedClosing(
  world: World,
  trade: SeedTrade,
  legs: readonly PricedLeg[],
  closing: NonNullable<SeedTrade['closing']>,
  at: number,
): void {
  const size = unitOf(legs);
  const tick = dec(tradeUnderlying(trade).multiLegTick);
  const net = netOf(legs).times(closing.share).toNearest(tick).negated();
  const part = closingLegs(legs.map((leg) => ({ ...leg, quantity: (leg.quantity / size) * closing.units })));
  pastOrder(world, trade.underlying, part, net, closing.units, at + 3_600_000, 'GTC');
}

function closingLegs(legs: readonly PricedLeg[]): SeedLeg[] {
  return legs.map((leg) => ({
    instrumentType: 'Equity Option',
    symbol: leg.contract.symbol,
    action: leg.side === 'long' ? 'Sell to Close' : 'Buy to Close',
    quantity: leg.quantity,
  }));
}

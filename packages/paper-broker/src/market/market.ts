import type { MarketClock } from '../clock.js';
import { Decimal, dec } from '../money.js';
import type { Sessions } from '../sessions.js';
import type { OrderRecord } from '../state.js';
import { findUnderlying, type Underlying } from './catalog.js';
import { type Contract, findContract } from './listing.js';
import { intrinsic, optionValue, smile, YEAR_MS } from './pricing.js';
import { hashText, mix, uniform } from './random.js';
import { STOCK_TICKS, snap, tickAt } from './ticks.js';
import { Walk } from './walk.js';

/** How people have moved the market by hand; kept in the state. */
export interface MarketHands {
  /** Factor on the model's price, by underlying. */
  factors: Record<string, number>;
  /** Exact price held until released, by underlying. */
  pins: Record<string, number>;
  /** Factor on implied volatility, by underlying. */
  volatility: Record<string, number>;
  /** Prices stand still at this market instant (epoch ms) while the clock goes on; null when they move. */
  frozenAt: number | null;
  /** What market data says of a symbol instead of what it would; null is a field that is missing. */
  told?: Record<string, Record<string, string | boolean | null>>;
  /** Fields that rows of lists show instead, by symbol of a position or id of an order. */
  odd?: Record<string, Record<string, unknown>>;
  /** Expired options stay as they are until this ends, as at the broker until the night. */
  settlementHeld?: boolean;
  /** Lists of orders show these instead, by account; what is read by its id is as it is. */
  listed?: Record<string, OrderRecord[]>;
  /** What is done otherwise than by default with complex orders of two closing orders. */
  brackets?: BracketRules;
  /** Transactions from this id on aren't booked yet. */
  unbookedFrom?: number | null;
}

/** Of an OCO the public documents leave these open; both are served. */
export interface BracketRules {
  /** Orders of more than one leg are refused. */
  refuseSpreads: boolean;
  /** A part that fills leaves the other order as it is, until all of it has filled. */
  partsKeep: boolean;
}

/** Both sides of a market, per share. `bid` may be zero; `mark` is the middle. */
export interface Quote {
  bid: Decimal;
  ask: Decimal;
  mark: Decimal;
}

const STOCK_HALF_SPREAD = dec('0.01');

/**
 * The simulated market. Every price is a function of the seed, the first instant, the market time and the hands
 * laid on it; nothing is accumulated, so a restart or a jump of the clock changes no price.
 */
export class Market {
  readonly #seed: number;
  readonly #latest = new Map<string, { seconds: number; price: number }>();
  /** The latest quote of each option, good while what it was made from is the same. */
  readonly #quotes = new Map<string, { key: string; quote: Quote }>();
  readonly #walks = new Map<string, Walk>();

  constructor(
    seed: number,
    private readonly anchor: number,
    private readonly clock: MarketClock,
    private readonly sessions: Sessions,
    private readonly hands: MarketHands,
  ) {
    this.#seed = mix(seed);
  }

  /** The instant whose prices are shown now. */
  pricedAt(): number {
    return this.hands.frozenAt ?? this.sessions.lastTraded(this.clock.now());
  }

  /** Price of the underlying in dollars, rounded to the cent. */
  spot(underlying: Underlying, at = this.pricedAt()): Decimal {
    const pinned = this.hands.pins[underlying.symbol];
    const factor = this.hands.factors[underlying.symbol] ?? 1;
    return dec(pinned ?? this.#model(underlying, at) * factor).toDecimalPlaces(2);
  }

  /** Moves an underlying to a price; `pin` holds it there, otherwise it goes on from there. */
  setSpot(underlying: Underlying, price: number, pin: boolean): void {
    delete this.hands.pins[underlying.symbol];
    if (pin) this.hands.pins[underlying.symbol] = price;
    this.hands.factors[underlying.symbol] = price / this.#model(underlying, this.pricedAt());
  }

  /** Value per share by the model, unrounded, at `at` with the volatility multiplied by `stress`. */
  value(contract: Contract, at = this.pricedAt(), stress = 1): number {
    const spot = this.spot(contract.underlying, at).toNumber();
    if (at >= contract.expiresAt) return intrinsic(contract.right, spot, contract.strike);
    const years = (contract.expiresAt - at) / YEAR_MS;
    const scale = (this.hands.volatility[contract.underlying.symbol] ?? 1) * stress;
    const volatility = smile(contract.underlying.implied * scale, spot, contract.strike, years);
    return optionValue(contract.right, spot, contract.strike, years, volatility);
  }

  /** The market in an option: the model's value between a bid and an ask on the venue's grid. */
  optionQuote(contract: Contract, at = this.pricedAt()): Quote {
    const second = Math.floor(at / 1000) * 1000;
    const { symbol } = contract.underlying;
    const { pins, factors, volatility } = this.hands;
    // All that it is made from, as it stands: to reckon with it would cost more than to compare it.
    const key = `${second} ${pins[symbol]} ${factors[symbol]} ${volatility[symbol]}`;
    const known = this.#quotes.get(contract.symbol);
    if (known?.key === key) return known.quote;
    const quote = this.#makeQuote(contract, second);
    this.#quotes.set(contract.symbol, { key, quote });
    return quote;
  }

  #makeQuote(contract: Contract, at: number): Quote {
    const value = dec(this.value(contract, at).toFixed(6));
    const { ticks, spread } = contract.underlying;
    const half = Decimal.max(value.times(spread), tickAt(ticks, value).div(2));
    const bid = snap(ticks, value.minus(half), 'down');
    const ask = Decimal.max(snap(ticks, value.plus(half), 'up'), tickAt(ticks, dec(0)));
    return { bid, ask, mark: bid.plus(ask).div(2) };
  }

  stockQuote(underlying: Underlying, at = this.pricedAt()): Quote {
    const mark = this.spot(underlying, at);
    const bid = snap(STOCK_TICKS, mark.minus(STOCK_HALF_SPREAD), 'down');
    return { bid, ask: snap(STOCK_TICKS, mark.plus(STOCK_HALF_SPREAD), 'up'), mark };
  }

  /** Quote of any symbol the market knows, option or stock. */
  quote(symbol: string, at = this.pricedAt()): Quote | undefined {
    const contract = findContract(symbol);
    if (contract) return this.optionQuote(contract, at);
    const underlying = findUnderlying(symbol);
    return underlying && this.stockQuote(underlying, at);
  }

  /** A repeatable integer for details such as sizes and volumes. */
  detail(symbol: string, salt: number, max: number): number {
    return Math.floor(uniform(this.#seed, hashText(symbol), salt) * max);
  }

  /** The undisturbed path, read at whole seconds; the latest reading of each underlying is kept. */
  #model(underlying: Underlying, at: number): number {
    const seconds = Math.floor((at - this.anchor) / 1000);
    const latest = this.#latest.get(underlying.symbol);
    if (latest?.seconds === seconds) return latest.price;
    const price = this.#path(underlying, seconds);
    this.#latest.set(underlying.symbol, { seconds, price });
    return price;
  }

  #path(underlying: Underlying, seconds: number): number {
    const years = (seconds * 1000) / YEAR_MS;
    const { beta, realised } = underlying;
    const own = Math.sqrt(Math.max(0, 1 - beta * beta));
    const path = beta * this.#walk('*').at(seconds) + own * this.#walk(underlying.symbol).at(seconds);
    const drift = (realised * realised * years) / 2;
    return underlying.base * Math.exp(realised * Math.sqrt(1000 / YEAR_MS) * path - drift);
  }

  #walk(name: string): Walk {
    const known = this.#walks.get(name) ?? new Walk(mix(this.#seed, hashText(name)));
    this.#walks.set(name, known);
    return known;
  }
}

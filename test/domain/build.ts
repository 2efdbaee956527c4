import { Exact } from '../../src/domain/exact.js';
import { Decimal } from '../../src/domain/money.js';
import type {
  BrokerOrder,
  Fill,
  Holding,
  Instrument,
  LegAction,
  OptionTerms,
  OrderLeg,
  OrderState,
  PositionLeg,
  Side,
} from '../../src/domain/types.js';
import { formatOcc } from './format-occ.js';

export const d = (value: string | number) => new Decimal(value);
/** An exact number, also a fraction: `4.37/3`. */
export const x = (value: string | number) => {
  const [top = '', bottom = '1'] = String(value).split('/');
  return Exact.of(d(top)).div(d(bottom));
};

/** `QQQ 2026-12-18 480 P` in the words of an option chain; `SPXW/SPX 2026-12-18 5800 P` with its underlying. */
export function option(text: string, multiplier = 100): Instrument {
  const [names = '', expiration = '', strike = '', letter] = text.split(' ');
  const [root = '', underlying = root] = names.split('/');
  const type: OptionTerms['type'] = letter === 'C' ? 'call' : 'put';
  const terms = { root, expiration, strike: d(strike), type };
  return { symbol: formatOcc(terms), underlying, multiplier, option: terms };
}

export function stock(symbol: string): Instrument {
  return { symbol, underlying: symbol, multiplier: 1, option: null };
}

/**
 * `-2 QQQ 2026-12-18 480 P @ 3.10`: quantity (negative is short), contract, opening price (`?` is not known); held as
 * opened.
 */
export function leg(text: string, held?: number): PositionLeg {
  const [contract = '', price = '0'] = text.split(' @ ');
  const [count = '', ...words] = contract.split(' ');
  const opened = Math.abs(Number(count));
  const instrument = words.length === 1 ? stock(words[0] ?? '') : option(words.join(' '));
  const openPrice = price === '?' ? null : x(price);
  return { instrument, side: sideOf(Number(count)), opened, held: held ?? opened, openPrice };
}

export function sideOf(signed: number): Side {
  return signed < 0 ? 'short' : 'long';
}

/** The same notation as `leg`, as a holding. */
export function holding(text: string, more: Partial<Holding> = {}): Holding {
  const { instrument, side, held } = leg(text);
  return {
    instrument,
    side,
    quantity: held,
    restricted: 0,
    averageOpenPrice: d(text.split(' @ ')[1] ?? 0),
    createdAt: null,
    ...more,
  };
}

export type OrderOptions = Partial<
  Pick<
    BrokerOrder,
    'orderType' | 'timeInForce' | 'stopTrigger' | 'contingent' | 'complex' | 'replaces' | 'status'
  >
> & {
  state?: OrderState;
  at?: Date;
  price?: Decimal | null;
  effect?: 'debit' | 'credit' | null;
};

let fillCount = 0;

/** `buy-to-open 2 QQQ 2026-12-18 470 P @ 1.20`; `filled` defaults to all of it. */
export function orderLeg(text: string, filled?: number, at = new Date('2026-11-02T15:00:00Z')): OrderLeg {
  const [action = '', ...rest] = text.split(' ');
  const { instrument, opened: quantity } = leg(rest.join(' '));
  const price = d(rest.join(' ').split(' @ ')[1] ?? 0);
  const done = filled ?? quantity;
  return {
    instrument,
    action: action as LegAction,
    quantity,
    remaining: quantity - done,
    fills: done > 0 ? [fill(done, price, at)] : [],
  };
}

export function fill(quantity: number, price: Decimal, at = new Date('2026-11-02T15:00:00Z')): Fill {
  fillCount += 1;
  return { id: `fill-${fillCount}`, quantity, price, at };
}

export function order(id: string, legs: OrderLeg[], options: OrderOptions = {}): BrokerOrder {
  const {
    at = new Date('2026-11-02T15:00:00Z'),
    state = 'filled',
    price = null,
    effect = null,
    ...more
  } = options;
  return {
    id,
    account: '5WT00001',
    underlying: legs[0]?.instrument.underlying ?? '',
    state,
    status: state,
    timeInForce: 'GTC',
    orderType: 'Limit',
    price,
    effect,
    size: null,
    legs,
    externalIdentifier: null,
    stopTrigger: null,
    contingent: false,
    complex: null,
    replaces: null,
    rejectReason: null,
    receivedAt: at,
    updatedAt: at,
    ...more,
  };
}

/** Short forms of the four actions at one time, for orders of several legs. */
export function filledOrder(id: string, legs: string[], at = new Date('2026-11-02T15:00:00Z')): BrokerOrder {
  return order(
    id,
    legs.map((text) => orderLeg(text, undefined, at)),
    { at },
  );
}

/** Good till cancelled, and unless told otherwise at a limit that earns whatever it was opened for. */
export function workingOrder(id: string, legs: string[], options: OrderOptions = {}): BrokerOrder {
  const buys = legs[0]?.startsWith('buy');
  return order(
    id,
    legs.map((text) => orderLeg(text, 0)),
    { state: 'working', price: d(buys ? '0.01' : '1000'), effect: buys ? 'debit' : 'credit', ...options },
  );
}

import { ORDER_SIZES } from '../account/limits.js';
import { dayOf } from '../calendar.js';
import type { Issue } from '../errors.js';
import { findUnderlying } from '../market/catalog.js';
import { findContract } from '../market/listing.js';
import { isBuy } from '../state.js';
import type { World } from '../world.js';
import type { OrderDraft } from './request.js';

/** One rule: what it finds wrong with the order as written, without looking at what is held. */
type Rule = (draft: OrderDraft, world: World) => Issue[];

const MAX_LEGS = 4;

function when(found: boolean, code: string, message: string): Issue[] {
  return found ? [{ code, message }] : [];
}

/** The symbol of the underlying a leg belongs to; undefined for an unknown symbol. */
export function underlyingOf(symbol: string): string | undefined {
  return findContract(symbol)?.underlying.symbol ?? findUnderlying(symbol)?.symbol;
}

const legCount: Rule = ({ legs }) => {
  const options = legs.every((leg) => leg.instrumentType === 'Equity Option');
  return [
    ...when(legs.length > MAX_LEGS, 'too_many_legs', `An order may have at most ${MAX_LEGS} legs.`),
    ...when(!options && legs.length > 1, 'too_many_legs', 'Only option orders may have more than one leg.'),
  ];
};

const distinctSymbols: Rule = ({ legs }) =>
  when(
    new Set(legs.map((leg) => leg.symbol)).size < legs.length,
    'duplicate_leg_symbol',
    'Each symbol may appear in one leg only.',
  );

const wholeQuantities: Rule = ({ legs }) =>
  when(
    legs.some((leg) => !leg.quantity.isInteger()),
    'invalid_quantity',
    'Quantities must be whole numbers.',
  );

const legSize: Rule = ({ legs }) =>
  legs.flatMap((leg) => {
    const most = ORDER_SIZES[leg.instrumentType];
    return when(
      leg.quantity.gt(most),
      'order_size_exceeds_limit',
      `${leg.quantity.toFixed()} of ${leg.symbol} are more than the ${most} an order may have.`,
    );
  });

const knownSymbols: Rule = ({ legs }, { clock }) =>
  legs.flatMap((leg) => {
    const contract = findContract(leg.symbol);
    const stock = findUnderlying(leg.symbol);
    const known = leg.instrumentType === 'Equity Option' ? contract : stock?.kind !== 'index' && stock;
    const expired = contract !== undefined && clock.now() >= contract.stopsTradingAt;
    return [
      ...when(
        !known,
        'instrument_validation_failed',
        `Symbol ${leg.symbol} is not a known ${leg.instrumentType}.`,
      ),
      ...when(expired, 'instrument_validation_failed', `Symbol ${leg.symbol} is no longer active.`),
    ];
  });

const oneUnderlying: Rule = ({ legs }) =>
  when(
    new Set(legs.map((leg) => underlyingOf(leg.symbol))).size > 1,
    'multiple_underlyings',
    'All legs must be of the same underlying.',
  );

const priceGiven: Rule = ({ orderType, price, priceEffect, value }) => {
  const priced = orderType === 'Limit' || orderType === 'Stop Limit';
  return [
    ...when(
      priced && price === null,
      'order_must_include_price',
      `${orderType} orders must include a price.`,
    ),
    ...when(
      priced && priceEffect === null,
      'order_must_include_price_effect',
      `${orderType} orders must include a price effect.`,
    ),
    ...when(
      price !== null && value !== null,
      'price_and_value',
      'An order may have a price or a value, not both.',
    ),
    ...when(priced && price?.isZero() === true, 'invalid_price', 'The price must be greater than zero.'),
    ...when(
      !priced && (price !== null || priceEffect !== null),
      'order_must_omit_price',
      `${orderType} orders must omit price and price effect.`,
    ),
  ];
};

const orderTypeSupported: Rule = ({ orderType, stopTrigger, legs }) => {
  const stop = orderType === 'Stop' || orderType === 'Stop Limit';
  const unsupported = orderType === 'Marketable Limit' || orderType === 'Notional Market';
  return [
    ...when(
      unsupported,
      'unsupported_order_type',
      `${orderType} orders are not simulated by this paper broker.`,
    ),
    ...when(
      stop && stopTrigger === null,
      'stop_trigger_required',
      `${orderType} orders need a stop trigger.`,
    ),
    // A stop limit may be of a spread, a stop may not.
    ...when(orderType === 'Stop' && legs.length > 1, 'too_many_legs', 'Stop orders may have one leg only.'),
  ];
};

const stopOrders: Rule = ({ orderType, timeInForce, legs }) => {
  const lasting = orderType === 'Stop' && timeInForce.startsWith('GT');
  const options = legs.some((leg) => leg.instrumentType === 'Equity Option');
  return [
    ...when(
      lasting && options,
      'tif_no_stop_market_gtc_options',
      'Stop market orders for options may only be Day orders.',
    ),
    ...when(
      lasting && !options && !legs.every((leg) => leg.action.endsWith('Close')),
      'invalid_time_in_force',
      'Stop orders may be GTC only when they close a position.',
    ),
  ];
};

const marketOrders: Rule = ({ orderType, timeInForce, legs }, { sessions, clock }) => {
  if (orderType !== 'Market') return [];
  const opening = legs.some((leg) => leg.action.endsWith('Open'));
  return [
    ...when(legs.length > 1, 'too_many_legs', 'Market orders may have one leg only.'),
    ...when(timeInForce.startsWith('GTC'), 'invalid_time_in_force', 'Market orders may not be GTC.'),
    ...when(
      opening && !sessions.isOpen(clock.now()),
      'market_closed',
      'Opening market orders are not accepted while the market is closed.',
    ),
  ];
};

const timeInForce: Rule = ({ timeInForce: tif, gtcDate }, { clock }) => [
  ...when(
    tif.includes('Ext'),
    'invalid_time_in_force',
    `${tif} is for single-leg equity orders, which are not simulated.`,
  ),
  ...when(tif === 'GTD' && gtcDate === null, 'gtc_date_required', 'GTD orders need a gtc-date.'),
  ...when(tif !== 'GTD' && gtcDate !== null, 'gtc_date_not_allowed', 'Only GTD orders may have a gtc-date.'),
  ...when(
    gtcDate !== null && gtcDate < dayOf(clock.now()),
    'invalid_gtc_date',
    'The gtc-date is in the past.',
  ),
];

const priceDirection: Rule = ({ legs, priceEffect }) => {
  const buys = legs.filter((leg) => isBuy(leg.action)).length;
  return [
    ...when(
      buys === legs.length && priceEffect === 'Credit',
      'cant_buy_for_credit',
      'You cannot buy for a credit.',
    ),
    ...when(buys === 0 && priceEffect === 'Debit', 'cant_sell_for_debit', 'You cannot sell for a debit.'),
  ];
};

const RULES: readonly Rule[] = [
  legCount,
  distinctSymbols,
  wholeQuantities,
  legSize,
  knownSymbols,
  oneUnderlying,
  priceGiven,
  orderTypeSupported,
  marketOrders,
  stopOrders,
  timeInForce,
  priceDirection,
];

/** Everything wrong with an order as written. Empty means: go on to what is held. */
export function brokenRules(draft: OrderDraft, world: World): Issue[] {
  return RULES.flatMap((rule) => rule(draft, world));
}

const CLOSING_WINDOW_MS = 30 * 60_000;

/** Opening sales are refused in the last half hour of an option's life. */
export function tooCloseToExpiration(symbol: string, now: number): boolean {
  const contract = findContract(symbol);
  return contract !== undefined && contract.stopsTradingAt - now <= CLOSING_WINDOW_MS;
}

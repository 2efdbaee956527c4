import fc from 'fast-check';
import { closingAction, isOpening, sideHeld } from '../../src/domain/leg-actions.js';
import type { BrokerOrder, Holding, Instrument, LegAction, OrderLeg, Side } from '../../src/domain/types.js';
import { d, fill, order } from './build.js';
import { formatOcc } from './format-occ.js';

/** Random account histories, with the truth they were made from: what is left of each opening order. */
export interface History {
  orders: BrokerOrder[];
  holdings: Holding[];
  /** Contracts left by position key and symbol. */
  truth: Map<string, Map<string, number>>;
  /** For every closing order, the position it was meant for. */
  links: Map<string, string>;
}

const EXPIRATION = '2026-12-18';
type Shape = { type: 'call' | 'put'; strike: number; count: number }[];

/** Shapes share strikes on purpose; negative counts are sold. No shape holds another's short strike long. */
const SHAPES: Shape[] = [
  [
    { type: 'put', strike: 470, count: 2 },
    { type: 'put', strike: 480, count: -2 },
    { type: 'call', strike: 480, count: -1 },
    { type: 'call', strike: 490, count: 1 },
  ],
  [
    { type: 'put', strike: 470, count: 1 },
    { type: 'put', strike: 480, count: -1 },
  ],
  [
    { type: 'put', strike: 460, count: 1 },
    { type: 'put', strike: 480, count: -1 },
  ],
  [
    { type: 'call', strike: 480, count: -1 },
    { type: 'call', strike: 490, count: 1 },
  ],
  [{ type: 'put', strike: 480, count: -1 }],
  [{ type: 'call', strike: 480, count: -1 }],
];

function instrument(type: 'call' | 'put', strike: number): Instrument {
  const terms = { root: 'QQQ', expiration: EXPIRATION, type, strike: d(strike) };
  return { symbol: formatOcc(terms), underlying: 'QQQ', multiplier: 100, option: terms };
}

const openStep = fc.record({
  kind: fc.constant('open' as const),
  shape: fc.nat(SHAPES.length - 1),
  units: fc.integer({ min: 1, max: 4 }),
  /** Units filled so far; the rest still works or was cancelled. */
  filled: fc.integer({ min: 1, max: 4 }),
  ended: fc.boolean(),
  split: fc.boolean(),
});
const closeStep = fc.record({
  kind: fc.constant('close' as const),
  /** Which open position, and how many of its units, wrapped to what there is. */
  position: fc.nat(20),
  units: fc.integer({ min: 1, max: 3 }),
  part: fc.nat(3),
});
const lapseStep = fc.record({
  kind: fc.constant('lapse' as const),
  leg: fc.nat(20),
  count: fc.integer({ min: 1, max: 4 }),
});
type Step =
  | { kind: 'open'; shape: number; units: number; filled: number; ended: boolean; split: boolean }
  | { kind: 'close'; position: number; units: number; part: number }
  | { kind: 'lapse'; leg: number; count: number };

/** Orders only: everything that changed the account is in the history. */
export const orderlyHistories = fc
  .array(fc.oneof({ weight: 3, arbitrary: openStep }, { weight: 2, arbitrary: closeStep }), { maxLength: 10 })
  .map(play);

/** Contracts also vanish (expiry, assignment) without any order, and opening orders are forgotten. */
export const messyHistories = fc
  .tuple(fc.array(fc.oneof(openStep, closeStep, lapseStep), { maxLength: 12 }), fc.nat(3))
  .map(([steps, forgotten]) => {
    const history = play(steps);
    return { ...history, orders: history.orders.slice(forgotten) };
  });

function play(steps: readonly Step[]): History {
  const history: History = { orders: [], holdings: [], truth: new Map(), links: new Map() };
  for (const [index, step] of steps.entries()) {
    const id = String(100 + index);
    const at = new Date(Date.UTC(2026, 10, 2, 15, index));
    if (step.kind === 'open') open(history, step, id, at);
    if (step.kind === 'close') close(history, step, id, at);
    if (step.kind === 'lapse') lapse(history, step);
  }
  history.holdings = history.holdings.filter(({ quantity }) => quantity > 0);
  return history;
}

function open(history: History, step: Step & { kind: 'open' }, id: string, at: Date): void {
  const filled = Math.min(step.filled, step.units);
  const legs = (SHAPES[step.shape] ?? []).map(({ type, strike, count }) => {
    const action: LegAction = count < 0 ? 'sell-to-open' : 'buy-to-open';
    return filledLeg(instrument(type, strike), action, Math.abs(count), step.units, filled, step.split, at);
  });
  const state = filled === step.units ? 'filled' : step.ended ? 'cancelled' : 'working';
  history.orders.push(order(id, legs, { state, at }));
  const left = new Map(legs.map((leg) => [leg.instrument.symbol, leg.quantity - leg.remaining]));
  history.truth.set(`order:${id}`, left);
  for (const leg of legs) hold(history, leg.instrument, sideHeld(leg.action), leg.quantity - leg.remaining);
}

/** Closes some whole units of a position, or of one of a Trident's verticals. */
function close(history: History, step: Step & { kind: 'close' }, id: string, at: Date): void {
  const keys = [...history.truth.keys()];
  const key = keys[step.position % Math.max(1, keys.length)];
  const opening = history.orders.find((each) => `order:${each.id}` === key);
  const left = key === undefined ? undefined : history.truth.get(key);
  if (!key || !opening || !left) return;
  const legs = partOf(opening.legs, step.part);
  const units = Math.min(
    step.units,
    ...legs.map(({ leg, ratio }) => Math.floor((left.get(leg.instrument.symbol) ?? 0) / ratio)),
  );
  if (units === 0) return;
  const closing = legs.map(({ leg, ratio }) =>
    filledLeg(leg.instrument, closingAction(sideHeld(leg.action)), ratio, units, units, false, at),
  );
  for (const { instrument: closed, quantity } of closing) {
    left.set(closed.symbol, (left.get(closed.symbol) ?? 0) - quantity);
    lose(history, closed.symbol, quantity);
  }
  history.orders.push(order(id, closing, { at }));
  history.links.set(id, key);
}

function lapse(history: History, step: Step & { kind: 'lapse' }): void {
  const holding = history.holdings[step.leg % Math.max(1, history.holdings.length)];
  if (holding) lose(history, holding.instrument.symbol, step.count);
}

function partOf(legs: readonly OrderLeg[], part: number): { leg: OrderLeg; ratio: number }[] {
  const wanted = legs.length === 4 && part > 0 ? (part === 1 ? 'call' : 'put') : null;
  return legs
    .filter(({ action, instrument: { option } }) => isOpening(action) && (!wanted || option?.type === wanted))
    .map((leg) => ({
      leg,
      ratio: legs.length === 4 && !wanted && leg.instrument.option?.type === 'put' ? 2 : 1,
    }));
}

function filledLeg(
  contract: Instrument,
  action: LegAction,
  ratio: number,
  units: number,
  filled: number,
  split: boolean,
  at: Date,
): OrderLeg {
  const done = ratio * filled;
  const price = action === 'sell-to-open' ? 4 : 1;
  const parts = split && done > 1 ? [1, done - 1] : [done];
  const fills = parts.map((quantity, index) => fill(quantity, d(price).plus(index), at));
  return {
    instrument: contract,
    action,
    quantity: ratio * units,
    remaining: ratio * (units - filled),
    fills,
  };
}

function hold(history: History, contract: Instrument, side: Side, quantity: number): void {
  const known = history.holdings.find((each) => each.instrument.symbol === contract.symbol);
  if (known) known.quantity += quantity;
  else
    history.holdings.push({
      instrument: contract,
      side,
      quantity,
      restricted: 0,
      averageOpenPrice: d('2.5'),
      createdAt: null,
    });
}

function lose(history: History, symbol: string, quantity: number): void {
  const known = history.holdings.find((each) => each.instrument.symbol === symbol);
  if (known) known.quantity = Math.max(0, known.quantity - quantity);
}

import { exchangeDay } from './dates.js';
import type { BrokerOrder, Fill, OrderState, OrderStep } from './types.js';

/** What each step means for whether the order can still trade. */
const STATES: Readonly<Record<OrderStep, OrderState>> = {
  received: 'submitted',
  contingent: 'submitted',
  routed: 'submitted',
  'in-flight': 'submitted',
  live: 'working',
  'replace-requested': 'working',
  'cancel-requested': 'working',
  filled: 'filled',
  cancelled: 'cancelled',
  rejected: 'rejected',
  expired: 'expired',
  unrecognised: 'unrecognised',
};

/** The way an order goes; each step in between may be missing. Of what has no place on it nothing can be said. */
const WAY: Partial<Record<OrderStep, number>> = {
  received: 0,
  contingent: 0,
  routed: 1,
  'in-flight': 2,
  live: 3,
  'replace-requested': 4,
  'cancel-requested': 5,
};

/** Steps back that happen: what waited is sent, and what was to be cancelled or replaced works on. */
const BACK: Partial<Record<OrderStep, readonly OrderStep[]>> = {
  'replace-requested': ['live'],
  'cancel-requested': ['live', 'replace-requested'],
};

export function stateOfStep(step: OrderStep): OrderState {
  return STATES[step];
}

export function isTerminal(step: OrderStep): boolean {
  return STATES[step] === step && step !== 'unrecognised';
}

/** An order's life as far as it was told. */
export interface OrderLife {
  /** Null until something was told. */
  step: OrderStep | null;
  /** The broker's latest time of a step; null if it told none. */
  at: Date | null;
  /** The order that took its place; null for none. */
  replacedBy: string | null;
  /** Each once, by contract and id. */
  fills: ReadonlyMap<string, Fill>;
}

/** What one message of the broker says of an order. It says all it knows at that time, and may come at any. */
export interface LifeEvent {
  step: OrderStep;
  /** The broker's time of it; null if not told. */
  at: Date | null;
  replacedBy: string | null;
  fills: readonly { symbol: string; fill: Fill }[];
}

/** A step that can't be: the end is never left, and nothing goes back on its way. */
export interface OddStep {
  from: OrderStep;
  to: OrderStep;
}

export interface Advance {
  life: OrderLife;
  /** The message is no older than what was known, and its step is taken over. */
  taken: boolean;
  /** It can trade no more, by this. */
  ended: boolean;
  /** Fills that were not known. */
  traded: readonly { symbol: string; fill: Fill }[];
  odd: OddStep | null;
}

export function lifeEventOf(order: BrokerOrder): LifeEvent {
  return {
    step: stepOf(order),
    at: order.updatedAt,
    replacedBy: order.replacedBy ?? null,
    fills: order.legs.flatMap(({ instrument, fills }) =>
      fills.map((fill) => ({ symbol: instrument.symbol, fill })),
    ),
  };
}

/** Where the broker's own step isn't known (any more), what its state means. */
export function stepOf({ step, state }: Pick<BrokerOrder, 'step' | 'state'>): OrderStep {
  if (step) return step;
  if (state === 'submitted') return 'routed';
  return state === 'working' ? 'live' : state;
}

/**
 * Takes over one message. Messages come in any order, repeated, and with gaps: an older one moves nothing back, an end
 * is never left, and a fill counts once. So whoever hears the latest last knows as much as who heard all in order.
 */
export function advance(life: OrderLife, event: LifeEvent): Advance {
  const traded = newFills(life.fills, event.fills);
  const fills =
    traded.length === 0
      ? life.fills
      : new Map([...life.fills, ...traded.map((each) => [fillKey(each), each.fill] as const)]);
  const replacedBy = life.replacedBy ?? event.replacedBy;
  const { taken, odd } = judge(life, event);
  return {
    life: {
      step: taken ? event.step : life.step,
      at: taken ? later(life.at, event.at) : life.at,
      replacedBy,
      fills,
    },
    taken,
    ended: taken && isTerminal(event.step) && (life.step === null || !isTerminal(life.step)),
    traded,
    odd,
  };
}

/** How it stands, in one word: what a fill or a replacement makes of its step. */
export function standing({
  step,
  replacedBy,
  fills,
}: OrderLife): OrderStep | 'partly-filled' | 'replaced' | null {
  if (step === 'cancelled' && replacedBy !== null) return 'replaced';
  return (step === 'live' || step === 'received') && fills.size > 0 ? 'partly-filled' : step;
}

/** It ended otherwise than by its fill, and no order of the broker's took its place. */
export function isLost(life: OrderLife): boolean {
  const stands = standing(life);
  return stands === 'cancelled' || stands === 'rejected' || stands === 'expired';
}

function judge(
  { step: from, at }: OrderLife,
  { step: to, at: told }: LifeEvent,
): Pick<Advance, 'taken' | 'odd'> {
  if (from === null) return { taken: true, odd: null };
  const age = at === null || told === null ? null : told.getTime() - at.getTime();
  if (isTerminal(from)) return afterTheEnd(from, to, age);
  // Whatever its time: what has ended works no more.
  if (isTerminal(to)) return { taken: true, odd: null };
  if (age !== null && age < 0) return { taken: false, odd: null };
  const back = goesBack(from, to);
  if (age === 0) return { taken: !back, odd: null };
  const isOdd =
    back && at !== null && told !== null && !beginsAnew(to, at, told) && !BACK[from]?.includes(to);
  return { taken: true, odd: isOdd ? { from, to } : null };
}

/** What works until cancelled waits from each close for the next open, and goes its whole way again then. */
function beginsAnew(to: OrderStep, at: Date, told: Date): boolean {
  return to === 'received' || exchangeDay(at) !== exchangeDay(told);
}

function afterTheEnd(from: OrderStep, to: OrderStep, age: number | null): Pick<Advance, 'taken' | 'odd'> {
  if (from === to) return { taken: age === null || age >= 0, odd: null };
  const contradicts = isTerminal(to) || (age !== null && age > 0);
  return { taken: false, odd: contradicts ? { from, to } : null };
}

function goesBack(from: OrderStep, to: OrderStep): boolean {
  const [before, after] = [WAY[from], WAY[to]];
  return before !== undefined && after !== undefined && after < before;
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

function newFills(known: OrderLife['fills'], told: LifeEvent['fills']): LifeEvent['fills'] {
  const found = new Map(told.map((each) => [fillKey(each), each]));
  return [...found].flatMap(([key, each]) => (known.has(key) ? [] : [each]));
}

/** The broker's ids are unique within a leg. */
export function fillKey({ symbol, fill }: { symbol: string; fill: Pick<Fill, 'id'> }): string {
  return `${symbol} ${fill.id}`;
}

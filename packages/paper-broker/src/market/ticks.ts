import { Decimal } from '../money.js';

/** One step of a schedule as the broker lists it: applies strictly below `threshold`; without one, the rest. */
export interface TickStep {
  value: string;
  threshold?: string;
}

/** Single-leg option schedules by class of underlying. Sources: the Options Penny Interval Program; Cboe rules. */
export const OPTION_TICKS = {
  /** SPY, QQQ, IWM and the mini indexes: a penny at any price. */
  penny: [{ value: '0.01' }],
  /** Penny programme: 0.01 below 3.00, 0.05 from there. Also VIX since November 2022. */
  pennyProgramme: [{ value: '0.01', threshold: '3.0' }, { value: '0.05' }],
  /** Everything else: 0.05 below 3.00, 0.10 from there. Also SPX. */
  nickel: [{ value: '0.05', threshold: '3.0' }, { value: '0.1' }],
} as const satisfies Record<string, TickStep[]>;

export const STOCK_TICKS: TickStep[] = [{ value: '0.0001', threshold: '1.0' }, { value: '0.01' }];

/** The increment that applies at a price. */
export function tickAt(steps: readonly TickStep[], price: Decimal): Decimal {
  const step = steps.find((each) => each.threshold !== undefined && price.lt(each.threshold));
  const rest = steps.find((each) => each.threshold === undefined);
  return new Decimal((step ?? rest ?? { value: '0.01' }).value);
}

/** Whether a price lies on a schedule's grid. */
export function onGrid(steps: readonly TickStep[], price: Decimal): boolean {
  return price.mod(tickAt(steps, price)).isZero();
}

/** The nearest price on the grid at or below (`down`) or at or above (`up`) a value, never negative. */
export function snap(steps: readonly TickStep[], value: Decimal, direction: 'down' | 'up'): Decimal {
  if (value.lte(0)) return new Decimal(0);
  const mode = direction === 'down' ? Decimal.ROUND_FLOOR : Decimal.ROUND_CEIL;
  const once = value.toNearest(tickAt(steps, value), mode);
  return once.toNearest(tickAt(steps, once), mode);
}

import { percentOf } from '../entry.js';
import { Decimal } from '../money.js';
import type { Component, Entry, PositionLeg } from '../types.js';
import { componentOf, isOptionLeg, type OptionLeg } from './shape.js';

/** A way of trading several legs as one, and how profit is usually taken on it. */
export interface Strategy {
  /** Stable word for settings and storage, such as `credit-vertical`. */
  readonly id: string;
  readonly name: string;
  /** Profit targets in percent; empty means that a percentage has to be given. */
  readonly defaultPercents: readonly number[];
  /**
   * What its percentages, usual or configured, are meant of. Where it was opened for something else (a butterfly
   * for a credit, a ratio spread for a debit) they say nothing, and one has to be given.
   */
  readonly percentOf: ReturnType<typeof percentOf>;
  /** Judges quantities as opened, so that a partly closed position keeps its name. */
  recognise(legs: readonly PositionLeg[]): boolean;
  /** A closer name for these legs, such as `Bull put vertical`. */
  title(legs: readonly PositionLeg[]): string;
  /** The separately closed parts. `percents` are the configured ones; null takes the defaults. */
  components(legs: readonly PositionLeg[], percents: readonly Decimal[] | null): Component[];
}

interface SimpleStrategy {
  id: string;
  name: string;
  defaultPercents: readonly number[];
  percentOf: Strategy['percentOf'];
  recognise: Strategy['recognise'];
  title?: Strategy['title'];
  /** Further, which legs its percentages are meant for; without it all. */
  meantFor?(legs: readonly OptionLeg[]): boolean;
}

/** A strategy that is closed as a whole: one component with all its option legs. */
export function simple(parts: SimpleStrategy): Strategy {
  const title = parts.title ?? (() => parts.name);
  return {
    id: parts.id,
    name: parts.name,
    defaultPercents: parts.defaultPercents,
    percentOf: parts.percentOf,
    recognise: parts.recognise,
    title,
    components(legs, percents) {
      const options = legs.filter(isOptionLeg);
      const whole = componentOf('all', title(legs), options, []);
      const meant = isMeant(parts, whole.entry) && (parts.meantFor?.(options) ?? true);
      return [{ ...whole, percents: meant ? [...(percents ?? decimals(parts.defaultPercents))] : [] }];
    },
  };
}

function isMeant(strategy: Pick<Strategy, 'percentOf'>, entry: Entry): boolean {
  return percentOf(entry) === strategy.percentOf;
}

export function decimals(values: readonly number[]): Decimal[] {
  return values.map((value) => new Decimal(value));
}

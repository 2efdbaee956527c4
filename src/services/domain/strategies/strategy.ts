import { Decimal } from '../money.js';
import type { Component, Entry, PositionLeg } from '../types.js';
import { componentOf, entryOf, isOptionLeg } from './shape.js';

/** A way of trading several legs as one, and how profit is usually taken on it. */
export interface Strategy {
  /** Stable word for settings and storage, such as `credit-vertical`. */
  readonly id: string;
  readonly name: string;
  /** Profit targets in percent; empty means that a percentage has to be given. */
  readonly defaultPercents: readonly number[];
  readonly percentOf: 'credit' | 'maximum profit' | 'debit';
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
  /** Default percentages apply only to entries of this kind; without it to all. */
  defaultsFor?: Entry['kind'];
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
      const applies = !parts.defaultsFor || entryOf(options).kind === parts.defaultsFor;
      const defaults = applies ? decimals(parts.defaultPercents) : [];
      return [componentOf('all', title(legs), options, percents ?? defaults)];
    },
  };
}

export function decimals(values: readonly number[]): Decimal[] {
  return values.map((value) => new Decimal(value));
}

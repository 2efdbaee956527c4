import type { Amount } from '../../domain/exact.js';

/** From amounts to pixels: the only place where they become binary numbers, too late to matter. */
export type Scale = (amount: Amount | number) => number;

/** @param from the amounts at `start` and `end` pixels; equal ones are put in the middle */
export function scale(
  [low, high]: readonly [number, number],
  [start, end]: readonly [number, number],
): Scale {
  const span = high - low;
  return (amount) => {
    const part = span === 0 ? 0.5 : (numberOf(amount) - low) / span;
    return start + part * (end - start);
  };
}

export function numberOf(amount: Amount | number): number {
  return typeof amount === 'number' ? amount : Number(amount.toDecimalPlaces(6));
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

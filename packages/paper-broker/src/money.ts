import { Decimal } from 'decimal.js';

export { Decimal };

/** Direction of money as the broker spells it; magnitudes on the wire carry no sign. */
export type Effect = 'Credit' | 'Debit' | 'None';

/** A decimal number in a string, the only form in which money is stored or sent. */
export type DecimalString = string;

export const ZERO = new Decimal(0);

export function dec(value: Decimal.Value): Decimal {
  return new Decimal(value);
}

/** Plain digits, never an exponent, with at least one decimal place as the broker sends ("75.0", "1.02"). */
export function text(value: Decimal.Value): DecimalString {
  const number = new Decimal(value);
  return number.toFixed(Math.max(1, number.decimalPlaces()));
}

/** Credit for money received (positive), Debit for money paid (negative). */
export function effectOf(signed: Decimal): Effect {
  if (signed.isZero()) return 'None';
  return signed.isPositive() ? 'Credit' : 'Debit';
}

/** `{name, name-effect}` of an amount whose sign is its direction. */
export function withEffect(name: string, signed: Decimal): Record<string, string> {
  return { [name]: text(signed.abs()), [`${name}-effect`]: effectOf(signed) };
}

/** The signed amount of a magnitude and its effect. */
export function signed(magnitude: Decimal.Value, effect: Effect): Decimal {
  const amount = new Decimal(magnitude);
  return effect === 'Debit' ? amount.negated() : amount;
}

/** Greatest common divisor of positive integers; 1 for an empty list. */
export function gcd(values: readonly number[]): number {
  const pair = (a: number, b: number): number => (b === 0 ? a : pair(b, a % b));
  return values.length === 0 ? 1 : values.reduce(pair);
}

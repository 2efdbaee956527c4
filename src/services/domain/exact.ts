import Fraction from 'fraction.js';
import { Decimal } from './money.js';

/** More than any price has; with the digits of any amount before the point they still fit a `Decimal`. */
const MOST_PLACES = 12;

/** A number that is exact either way: a decimal from the wire or the screen, or a fraction computed from some. */
export type Amount = Decimal | Exact;

/**
 * An exact rational number: what comes of dividing money, such as an average over three fills, before it is
 * rounded once. The arithmetic is fraction.js; this closes what that leaves open (it takes binary fractions and
 * approximates them, and can't be written as JSON) and is used like a `Decimal`.
 */
export class Exact {
  static readonly zero = new Exact(new Fraction(0));

  private constructor(private readonly value: Fraction) {}

  /** @throws RangeError for NaN, infinities, and numbers that aren't whole */
  static of(value: Amount | number): Exact {
    return value instanceof Exact ? value : new Exact(Exact.fraction(value));
  }

  /** What `toString` wrote, or any decimal in words. @throws if it is neither */
  static parse(text: string): Exact {
    return text.includes('/') ? new Exact(new Fraction(text)) : Exact.of(new Decimal(text));
  }

  plus(other: Amount | number): Exact {
    return new Exact(this.value.add(Exact.fraction(other)));
  }

  minus(other: Amount | number): Exact {
    return new Exact(this.value.sub(Exact.fraction(other)));
  }

  times(other: Amount | number): Exact {
    return new Exact(this.value.mul(Exact.fraction(other)));
  }

  /** @throws if `other` is zero */
  div(other: Amount | number): Exact {
    return new Exact(this.value.div(Exact.fraction(other)));
  }

  negated(): Exact {
    return new Exact(this.value.neg());
  }

  abs(): Exact {
    return new Exact(this.value.abs());
  }

  cmp(other: Amount | number): number {
    return this.value.compare(Exact.fraction(other));
  }

  eq(other: Amount | number): boolean {
    return this.cmp(other) === 0;
  }

  lt(other: Amount | number): boolean {
    return this.cmp(other) < 0;
  }

  lte(other: Amount | number): boolean {
    return this.cmp(other) <= 0;
  }

  gt(other: Amount | number): boolean {
    return this.cmp(other) > 0;
  }

  gte(other: Amount | number): boolean {
    return this.cmp(other) >= 0;
  }

  isZero(): boolean {
    return this.value.n === 0n;
  }

  /** The largest whole multiple of `step` that is not above. */
  floorTo(step: Decimal): Decimal {
    return step.times(wholeText(this.value.div(Exact.fraction(step)).floor()));
  }

  /** The smallest whole multiple of `step` that is not below. */
  ceilTo(step: Decimal): Decimal {
    return this.negated().floorTo(step).negated();
  }

  /** Rounded to the nearest, exact halves to the even digit, as `Decimal` is set to do. */
  toDecimalPlaces(places: number): Decimal {
    const scaled = this.value.mul(10n ** BigInt(places));
    const below = scaled.floor();
    const rest = scaled.sub(below).compare([1, 2]);
    const up = rest > 0 || (rest === 0 && below.n % 2n === 1n);
    return new Decimal(`${wholeText(up ? below.add(1) : below)}e-${places}`);
  }

  /** Plain decimal digits where they come to an end, else `numerator/denominator`; loses nothing. */
  toString(): string {
    const places = placesOf(this.value.d);
    return places === null ? this.value.toFraction() : this.toDecimalPlaces(places).toFixed();
  }

  toJSON(): string {
    return this.toString();
  }

  private static fraction(value: Amount | number): Fraction {
    if (value instanceof Exact) return value.value;
    const isKnown = typeof value === 'number' ? Number.isSafeInteger(value) : value.isFinite();
    if (!isKnown) throw new RangeError(`no exact number: ${value.toString()}`);
    if (typeof value === 'number') return new Fraction(value);
    const known = FRACTIONS.get(value) ?? fractionOf(value);
    FRACTIONS.set(value, known);
    return known;
  }
}

/** A screen asks the same marks and opening prices many times over, and neither kind ever changes. */
const FRACTIONS = new WeakMap<Decimal, Fraction>();

/** fraction.js would read the digits by a pattern, at many times the cost. */
function fractionOf(value: Decimal): Fraction {
  const [whole = '', places = ''] = value.toFixed().split('.');
  return new Fraction(BigInt(whole + places), 10n ** BigInt(places.length));
}

/** Not a number is not a price. */
export function exactOrNull(value: Decimal | null | undefined): Exact | null {
  return value?.isFinite() ? Exact.of(value) : null;
}

/** Zero for an empty list. */
export function sumExact(values: Iterable<Amount>): Exact {
  let total = Exact.zero;
  for (const value of values) total = total.plus(value);
  return total;
}

function wholeText(whole: Fraction): string {
  return (whole.s * whole.n).toString();
}

/** Digits behind the point of a fraction with this denominator; null where there is no end to them, or a far one. */
function placesOf(denominator: bigint): number | null {
  for (let places = 0, power = 1n; places <= MOST_PLACES; places += 1, power *= 10n) {
    if (power % denominator === 0n) return places;
  }
  return null;
}

import Fraction from 'fraction.js';
import { Decimal } from './money.js';

/** More than any price has; with the digits of any amount before the point they still fit a `Decimal`. */
const MOST_PLACES = 12;

/** A number that is exact either way: a decimal from the wire or the screen, or a fraction computed from some. */
export type Amount = Decimal | Exact;

/**
 * An exact rational number: what comes of dividing money, such as an average over three fills, before it is
 * rounded once. Used like a `Decimal`; it closes what fraction.js leaves open (that takes binary fractions and
 * approximates them, and can't be written as JSON).
 *
 * Its terms are not reduced at every step, which is most of what fractions cost, but by fraction.js once they have grown
 * long, and to be written down. The four operations are the schoolbook's.
 */
export class Exact {
  static readonly zero = new Exact(0n, 1n);

  /** @param bottom above zero */
  private constructor(
    private readonly top: bigint,
    private readonly bottom: bigint,
  ) {}

  /** @throws RangeError for NaN, infinities, and numbers that aren't whole */
  static of(value: Amount | number): Exact {
    if (value instanceof Exact) return value;
    const isKnown = typeof value === 'number' ? Number.isSafeInteger(value) : value.isFinite();
    if (!isKnown) throw new RangeError(`no exact number: ${value.toString()}`);
    if (typeof value === 'number') return new Exact(BigInt(value), 1n);
    const known = EXACTS.get(value);
    if (known) return known;
    const exact = Exact.digitsOf(value);
    EXACTS.set(value, exact);
    return exact;
  }

  /** What `toString` wrote, or any decimal in words. @throws if it is neither */
  static parse(text: string): Exact {
    return text.includes('/') ? Exact.from(new Fraction(text)) : Exact.of(new Decimal(text));
  }

  plus(other: Amount | number): Exact {
    const { top, bottom } = Exact.of(other);
    if (bottom === this.bottom) return Exact.short(this.top + top, bottom);
    return Exact.short(this.top * bottom + top * this.bottom, this.bottom * bottom);
  }

  minus(other: Amount | number): Exact {
    return this.plus(Exact.of(other).negated());
  }

  times(other: Amount | number): Exact {
    const { top, bottom } = Exact.of(other);
    return Exact.short(this.top * top, this.bottom * bottom);
  }

  /** @throws RangeError if `other` is zero */
  div(other: Amount | number): Exact {
    const { top, bottom } = Exact.of(other);
    if (top === 0n) throw new RangeError('division by zero');
    const sign = top < 0n ? -1n : 1n;
    return Exact.short(this.top * bottom * sign, this.bottom * top * sign);
  }

  negated(): Exact {
    return new Exact(-this.top, this.bottom);
  }

  abs(): Exact {
    return this.top < 0n ? this.negated() : this;
  }

  cmp(other: Amount | number): number {
    const { top, bottom } = Exact.of(other);
    const [one, two] = [this.top * bottom, top * this.bottom];
    return one < two ? -1 : one > two ? 1 : 0;
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
    return this.top === 0n;
  }

  /** The largest whole multiple of `step` that is not above. */
  floorTo(step: Decimal): Decimal {
    return step.times(this.div(step).floor().toString());
  }

  /** The smallest whole multiple of `step` that is not below. */
  ceilTo(step: Decimal): Decimal {
    return this.negated().floorTo(step).negated();
  }

  /** Rounded to the nearest, exact halves to the even digit, as `Decimal` is set to do. */
  toDecimalPlaces(places: number): Decimal {
    return new Decimal(`${this.rounded(places)}e-${places}`);
  }

  /** The same in plain digits, as `Decimal` writes it. @param places one or more */
  toFixed(places: number): string {
    const units = this.rounded(places);
    const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
    return `${units < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  }

  /** Plain decimal digits where they come to an end, else `numerator/denominator`; loses nothing. */
  toString(): string {
    const reduced = new Fraction(this.top, this.bottom);
    const places = placesOf(reduced.d);
    return places === null ? reduced.toFraction() : this.toDecimalPlaces(places).toFixed();
  }

  toJSON(): string {
    return this.toString();
  }

  /** In units of the last of so many places; exact halves to the even one. */
  private rounded(places: number): bigint {
    const scaled = new Exact(this.top * 10n ** BigInt(places), this.bottom);
    const below = scaled.floor();
    const twice = 2n * (scaled.top - below * scaled.bottom);
    const up = twice > scaled.bottom || (twice === scaled.bottom && below % 2n !== 0n);
    return up ? below + 1n : below;
  }

  private floor(): bigint {
    const whole = this.top / this.bottom;
    return this.top < 0n && whole * this.bottom !== this.top ? whole - 1n : whole;
  }

  /** With terms that don't grow without end. */
  private static short(top: bigint, bottom: bigint): Exact {
    return bottom < LONG ? new Exact(top, bottom) : Exact.from(new Fraction(top, bottom));
  }

  private static from({ s, n, d }: Fraction): Exact {
    return new Exact(s * n, d);
  }

  private static digitsOf(value: Decimal): Exact {
    const [whole = '', places = ''] = value.toFixed().split('.');
    return new Exact(BigInt(whole + places), 10n ** BigInt(places.length));
  }
}

/** A screen asks the same marks and opening prices many times over, and neither kind ever changes. */
const EXACTS = new WeakMap<Decimal, Exact>();
const LONG = 10n ** 30n;

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

/** Digits behind the point of a fraction with this denominator; null where there is no end to them, or a far one. */
function placesOf(denominator: bigint): number | null {
  for (let places = 0, power = 1n; places <= MOST_PLACES; places += 1, power *= 10n) {
    if (power % denominator === 0n) return places;
  }
  return null;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact, exactOrNull, sumExact } from '../../src/domain/exact.js';
import { d, x } from './build.js';
import { rounded } from './price-oracle.js';

describe('an exact number', () => {
  it('keeps what no decimal can', () => {
    expect(x('1').div(3).times(3).eq(1)).toBe(true);
    expect(sumExact([x('1/3'), d('0.5'), x('1/6')]).toString()).toBe('1');
    expect(sumExact([]).isZero()).toBe(true);
  });

  it.each([
    ['1/3', '1/3'],
    ['-7/6', '-7/6'],
    ['1/8', '0.125'],
    ['-0.50', '-0.5'],
    ['12', '12'],
    ['0', '0'],
  ])('%s is written as %s', (given, text) => {
    expect(x(given).toString()).toBe(text);
    expect(JSON.parse(JSON.stringify({ value: x(given) }))).toEqual({ value: text });
  });

  it.each([0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, d('NaN'), d('Infinity')])(
    'refuses %s, which is no exact number',
    (value) => {
      expect(() => Exact.of(value)).toThrow(RangeError);
      expect(() => Exact.zero.plus(value)).toThrow(RangeError);
    },
  );

  it('takes an unknown price as none', () => {
    expect(exactOrNull(d('NaN'))).toBeNull();
    expect(exactOrNull(null)).toBeNull();
    expect(exactOrNull(d('1.5'))?.toString()).toBe('1.5');
  });

  const numbers = fc
    .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 100_000n }))
    .map(([top, bottom]) => ({ top, bottom, exact: Exact.parse(`${top}/${bottom}`) }));

  it('takes each digit of a decimal, whatever its sign, as often as it is asked', () => {
    const digits = fc.tuple(
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      fc.integer({ min: -6, max: 12 }),
    );
    fc.assert(
      fc.property(digits, ([whole, places]) => {
        const decimal = d(`${whole}e${-places}`);
        const [top, bottom] =
          places < 0 ? [whole * 10n ** BigInt(-places), 1n] : [whole, 10n ** BigInt(places)];
        for (const exact of [Exact.of(decimal), Exact.zero.plus(decimal)]) {
          expect(exact.eq(Exact.parse(`${top}/${bottom}`))).toBe(true);
        }
      }),
    );
  });

  it('is what whole numbers make it, however long it is reckoned with', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('plus', 'minus', 'times', 'div'), numbers), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(numbers, steps, (first, all) => {
        let [top, bottom, exact] = [first.top, first.bottom, first.exact];
        for (const [step, { top: t, bottom: b, exact: other }] of all) {
          if (step === 'div' && t === 0n) {
            expect(() => exact.div(other)).toThrow();
            continue;
          }
          exact = exact[step](other);
          if (step === 'plus') [top, bottom] = [top * b + t * bottom, bottom * b];
          if (step === 'minus') [top, bottom] = [top * b - t * bottom, bottom * b];
          if (step === 'times') [top, bottom] = [top * t, bottom * b];
          if (step === 'div') [top, bottom] = [top * b, bottom * t];
        }
        if (bottom < 0n) [top, bottom] = [-top, -bottom];
        expect(exact.eq(Exact.parse(`${top}/${bottom}`))).toBe(true);
        expect(exact.isZero()).toBe(top === 0n);
        expect(exact.cmp(0)).toBe(top < 0n ? -1 : top > 0n ? 1 : 0);
        expect(exact.negated().abs().eq(exact.abs())).toBe(true);
      }),
    );
  });

  it('comes back from its text', () => {
    fc.assert(
      fc.property(numbers, ({ exact }) => {
        expect(Exact.parse(exact.toString()).eq(exact)).toBe(true);
      }),
    );
  });

  it('rounds once, halves to the even digit', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 6 }), ({ top, bottom, exact }, places) => {
        const shown = exact.toDecimalPlaces(places).toFixed(places).replace('-', '−');
        expect(shown).toBe(rounded(top, bottom, places));
        if (places > 0) expect(exact.toFixed(places).replace('-', '−')).toBe(shown);
      }),
    );
  });

  it('is floored and ceiled to whole steps', () => {
    expect(x('-1/3').floorTo(d('0.05')).toString()).toBe('-0.35');
    expect(x('-1/3').ceilTo(d('0.05')).toString()).toBe('-0.3');
    expect(x('0.35').floorTo(d('0.05')).toString()).toBe('0.35');
    expect(x('0.35').ceilTo(d('0.05')).toString()).toBe('0.35');
  });
});

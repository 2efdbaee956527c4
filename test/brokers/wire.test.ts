import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOrNull } from '../../src/brokers/tastytrade/wire.js';
import { Decimal } from '../../src/domain/money.js';

describe('a decimal of an answer', () => {
  it('is what the digits say, however often they come', () => {
    const digits = fc.tuple(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.integer({ min: -20, max: 20 }),
    );
    fc.assert(
      fc.property(digits, ([whole, power]) => {
        const text = `${whole}e${power}`;
        for (const read of [decimalOrNull(text), decimalOrNull(text)]) {
          expect(read?.toFixed()).toBe(new Decimal(text).toFixed());
        }
      }),
    );
  });

  it('is read once for the same text', () => {
    const price = decimalOrNull('1.25');
    expect(decimalOrNull('1.25')).toBe(price);
    expect(decimalOrNull('1.250')?.eq('1.25')).toBe(true);
  });

  it('is not kept for longer than many others that came since', () => {
    const price = decimalOrNull('98765.4321');
    for (let cents = 0; cents < 20_000; cents += 1) decimalOrNull(`${cents}.01`);
    expect(decimalOrNull('98765.4321')).not.toBe(price);
    const long = '1'.repeat(100);
    expect(decimalOrNull(long)).not.toBe(decimalOrNull(long));
  });

  it.each(['', 'NaN', 'Infinity', '1,25', '0x10', ' 1', '1.', null, undefined, 1.25, true, ['1']])(
    'is none where %j stands',
    (value) => {
      expect(decimalOrNull(value)).toBeNull();
      expect(decimalOrNull(value)).toBeNull();
    },
  );
});

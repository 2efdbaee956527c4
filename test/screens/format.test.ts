import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../../src/domain/exact.js';
import { signedUsd, usd } from '../../src/screens/format.js';
import { d, x } from '../domain/build.js';

describe('dollars', () => {
  it.each([
    ['0', '$0.00', '$0.00'],
    ['-0.004', '$0.00', '$0.00'],
    ['0.005', '$0.00', '$0.00'],
    ['0.015', '$0.02', '+$0.02'],
    ['-12.4', '−$12.40', '−$12.40'],
    ['999.99', '$999.99', '+$999.99'],
    ['999.996', '$1,000.00', '+$1,000.00'],
    ['-1234567.5', '−$1,234,567.50', '−$1,234,567.50'],
  ])('%s', (amount, plain, signed) => {
    for (const each of [d(amount), x(amount)]) {
      expect(usd(each)).toBe(plain);
      expect(signedUsd(each)).toBe(signed);
    }
  });

  it('are the same of a decimal and of the exact number it is', () => {
    const amounts = fc.tuple(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fc.integer({ min: 0, max: 8 }),
    );
    fc.assert(
      fc.property(amounts, ([digits, places]) => {
        const amount = d(`${digits}e-${places}`);
        expect(signedUsd(Exact.of(amount))).toBe(signedUsd(amount));
        expect(usd(Exact.of(amount))).toBe(usd(amount));
      }),
    );
  });
});

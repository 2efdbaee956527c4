import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOverrides } from '../../src/services/overrides.js';
import { d } from '../domain/build.js';

describe('parseOverrides', () => {
  it.each([
    [{ percent: '50' }, { percent: d(50) }],
    [{ percent: ' 50 % ' }, { percent: d(50) }],
    [{ percent: '38.5%' }, { percent: d('38.5') }],
    [{ price: '1.25' }, { price: d('1.25') }],
    [{ price: ' $1.25 ' }, { price: d('1.25') }],
    [{ ladder: '40,60' }, { ladder: [d(40), d(60)] }],
    [{ ladder: '40/60/50' }, { ladder: [d(40), d(60), d(50)] }],
    [{ ladder: '40 % ; 60%' }, { ladder: [d(40), d(60)] }],
    [{ percent: null, price: undefined, ladder: '' }, {}],
  ])('%j', (raw, expected) => {
    expect(parseOverrides(raw)).toEqual(expected);
  });

  it.each([
    '40,60',
    '1,25',
    '-5',
    '+5',
    '1e3',
    '0x10',
    'fifty',
    '50 60',
    '.5',
    '5.',
    '∞',
    'NaN',
    '12345678',
    '1.1234567',
  ])('refuses %j as a percent and as a price, showing an example', (text) => {
    for (const what of ['percent', 'price'] as const) {
      expect(() => parseOverrides({ [what]: text })).toThrow(
        expect.objectContaining({
          code: 'NOT_A_NUMBER',
          message: expect.stringContaining(what),
          hint: expect.stringContaining(`${what}:`),
        }),
      );
    }
  });

  it('reads back exactly what was written, digit for digit', () => {
    const amount = fc.tuple(fc.integer({ min: 0, max: 9_999_999 }), fc.stringMatching(/^\d{1,6}$/));
    fc.assert(
      fc.property(amount, ([whole, cents]) => {
        const text = `${whole}.${cents}`;
        expect(parseOverrides({ price: text }).price?.toFixed(cents.length)).toBe(text);
      }),
    );
  });

  it('never throws anything but its own refusal, and never repeats a long text whole', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        try {
          parseOverrides({ percent: text, ladder: text });
        } catch (error) {
          expect(error).toMatchObject({ code: 'NOT_A_NUMBER' });
          expect((error as Error).message.length).toBeLessThan(120);
        }
      }),
    );
  });
});

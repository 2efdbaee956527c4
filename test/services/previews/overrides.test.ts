import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserError } from '../../../src/domain/errors.js';
import { type Overrides, parseOverrides } from '../../../src/services/previews/overrides.js';
import { d } from '../../domain/build.js';
import { saying } from '../../support/saying.js';

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
    [{ percent: '40,60' }, { ladder: [d(40), d(60)] }],
    [{ percent: '50 60' }, { ladder: [d(50), d(60)] }],
    [{ percent: '37/5' }, { ladder: [d(37), d(5)] }],
    [{ percent: '37, 5' }, { ladder: [d(37), d(5)] }],
    [{ percent: '37 %,5 %' }, { ladder: [d(37), d(5)] }],
    [{ percent: '5,10' }, { ladder: [d(5), d(10)] }],
    [{ percent: '100,150' }, { ladder: [d(100), d(150)] }],
    [{ percent: '33,50,66' }, { ladder: [d(33), d(50), d(66)] }],
    [{ percent: '37.5,62.5' }, { ladder: [d('37.5'), d('62.5')] }],
    [{ ladder: '40,60, 50' }, { ladder: [d(40), d(60), d(50)] }],
    [{ ladder: '40,60,' }, { ladder: [d(40), d(60)] }],
    [{ ladder: '40,,60' }, { ladder: [d(40), d(60)] }],
    [{ ladder: '40' }, { ladder: [d(40)] }],
    [{ stop: '200' }, { stop: { percent: d(200) } }],
    [{ stop: ' 150.5 % ' }, { stop: { percent: d('150.5') } }],
    [{ stop: '$3' }, { stop: { price: d(3) } }],
    [{ stop: '3.10' }, { stop: { price: d('3.10') } }],
    [
      { percent: '50', stop: '200%' },
      { percent: d(50), stop: { percent: d(200) } },
    ],
    [{ percent: null, price: undefined, ladder: '', stop: '' }, {}],
  ])('%j', (raw, expected) => {
    expect(parseOverrides(raw)).toEqual(expected);
  });

  it.each([
    ['37,5', '37.5 %, or a ladder of 37 % and 5 %', '37.5 or 37/5'],
    ['37,5 %', '37.5 %, or a ladder of 37 % and 5 %', '37.5 or 37/5'],
    ['37,50', '37.50 %, or a ladder of 37 % and 50 %', '37.50 or 37/50'],
    ['50,5', '50.5 %, or a ladder of 50 % and 5 %', '50.5 or 50/5'],
    ['0,50', '0.50 %, or a ladder of 0 % and 50 %', '0.50 or 0/50'],
    ['50,05', '50.05 %, or a ladder of 50 % and 05 %', '50.05 or 50/05'],
    ['1,250', '1.250 %, or a ladder of 1 % and 250 %', '1.250 or 1/250'],
    ['37,5,62,5', '37.5 % and 62.5 %, or a ladder of 37 %, 5 %, 62 % and 5 %', '37.5/62.5 or 37/5/62/5'],
    ['37,5 / 62,5', '37.5 %, or a ladder of 37 % and 5 %', '37.5 or 37/5'],
  ])('asks which was meant by %s, as a percent and as a ladder', (text, readings, ways) => {
    for (const what of ['percent', 'ladder'] as const) {
      expect(() => parseOverrides({ [what]: text })).toThrow(
        saying({
          code: 'COMMA_UNCLEAR',
          what: expect.stringContaining(`can be read two ways: ${readings}.`),
          hint: `Which did you mean? Write ${ways}.`,
        }),
      );
    }
  });

  it.each([
    ['0,45', 'Did you mean 0.45?'],
    ['1,25', 'Did you mean 1.25?'],
    ['$1,250', 'Did you mean 1.250 or 1250?'],
    ['1,250.50', 'Did you mean 1250.50?'],
    ['0,250', 'Did you mean 0.250?'],
    ['1,2,3', 'Write it with a point, such as 1.25.'],
  ])('guesses no price from %s', (text, hint) => {
    for (const what of ['price', 'stop'])
      expect(() => parseOverrides({ [what]: text })).toThrow(
        saying({ code: 'COMMA_UNCLEAR', hint: expect.stringContaining(hint) }),
      );
  });

  it('refuses two ladders', () => {
    expect(() => parseOverrides({ percent: '40,60', ladder: '50,70' })).toThrow(
      expect.objectContaining({ code: 'OPTIONS_CONFLICT' }),
    );
  });

  it('never takes two digits behind a comma for a percentage of their own, but for whole tens and fives', () => {
    const digits = fc.stringMatching(/^\d{1,3}$/);
    fc.assert(
      fc.property(digits, digits, (whole, part) => {
        let read: Overrides | null = null;
        try {
          read = parseOverrides({ percent: `${whole},${part}` });
        } catch (error) {
          expect(error).toMatchObject({ code: 'COMMA_UNCLEAR' });
        }
        const plain = [whole, part].every((each) => /^[1-9]\d*[05]$|^5$/.test(each)) && Number(part) >= 10;
        expect(read).toEqual(plain ? { ladder: [d(whole), d(part)] } : null);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['-5', '+5', '1e3', '0x10', 'fifty', '.5', '5.', '∞', 'NaN', '12345678', '1.1234567'])(
    'refuses %j as a percent, as a price and as a stop, showing an example',
    (text) => {
      for (const what of ['percent', 'price', 'stop'] as const) {
        expect(() => parseOverrides({ [what]: text })).toThrow(
          saying({
            code: 'NOT_A_NUMBER',
            what: expect.stringContaining(what),
            hint: expect.stringContaining(`${what}:`),
          }),
        );
      }
    },
  );

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
          parseOverrides({ percent: text, ladder: text, stop: text });
        } catch (error) {
          expect((error as UserError).code).toMatch(/NOT_A_NUMBER|COMMA_UNCLEAR|OPTIONS_CONFLICT/);
          expect((error as Error).message.length).toBeLessThan(250);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { inId, picked } from '../../src/commands/arguments.js';
import {
  type Codec,
  givenName,
  nothing,
  planAtPercent,
  positionOrAll,
  positionsOrAll,
  rowId,
} from '../../src/screens/custom-ids.js';

const id = fc.integer({ min: 1, max: 2_147_483_647 });
const planId = fc.stringMatching(/^[\w-]{12}$/);

const CODECS: [string, Codec<unknown>, fc.Arbitrary<unknown>][] = [
  ['nothing', nothing, fc.constant('')],
  ['rowId', rowId, id],
  ['givenName', givenName, planId],
  ['positionOrAll', positionOrAll, fc.oneof(id, fc.constant('all'))],
  ['positionsOrAll', positionsOrAll, fc.oneof(fc.array(id, { minLength: 1 }), fc.constant('all'))],
  ['planAtPercent', planAtPercent, fc.record({ planId, percent: fc.integer({ min: 1, max: 9999 }) })],
];

describe.each(CODECS)('%s', (_name, codec, values) => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(codec.read(codec.write(value))).toEqual(value);
      }),
    );
  });

  it('reads nothing else: what it reads is what it would have written', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789.:-ae all'), maxLength: 14 });
    fc.assert(
      fc.property(fc.oneof(digits, fc.string({ unit: 'binary' })), (text) => {
        const value = codec.read(text);
        if (value !== null) expect(codec.write(value)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});

test.each(['', 'NaN', '0', '-1', '1.5', '1e3', '01', ' 1', '1 ', '2147483648', '9'.repeat(40), '١'])(
  '%j is no row’s id',
  (text) => {
    expect(rowId.read(text)).toBeNull();
    expect(positionOrAll.read(text)).toBeNull();
    if (text !== '1.5') expect(positionsOrAll.read(text)).toBeNull();
  },
);

test('a menu’s part reads its one choice, and a button’s part its custom id', () => {
  expect(picked(rowId)({ argument: '25', values: ['37'] })).toBe(37);
  expect(picked(rowId)({ argument: '25', values: [] })).toBeNull();
  expect(picked(rowId)({ argument: '25', values: ['37', '38'] })).toBeNull();
  expect(picked(rowId)({ argument: 'x', values: ['37'] })).toBeNull();
  expect(inId(rowId)({ argument: '37', values: ['1'] })).toBe(37);
});

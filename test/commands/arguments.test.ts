import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { inId, picked } from '../../src/commands/arguments.js';
import {
  type Codec,
  customId,
  fitsCustomId,
  givenName,
  lookalikes,
  nothing,
  orderAt,
  orderOf,
  planAtPercent,
  positionOrAll,
  positionsOrAll,
  readCustomId,
  rowId,
  shownPlan,
} from '../../src/screens/custom-ids.js';

const id = fc.integer({ min: 1, max: 2_147_483_647 });
const planId = fc.stringMatching(/^[\w-]{12}$/);

/** Unknown on buttons of earlier versions. */
const pages = fc.option(fc.integer({ min: 1, max: 999 }));

const ORDER = { positionId: id, orderId: fc.stringMatching(/^\d{4,18}$/) };

const CODECS: [string, Codec<unknown>, fc.Arbitrary<unknown>][] = [
  ['nothing', nothing, fc.constant('')],
  ['rowId', rowId, id],
  ['givenName', givenName, planId],
  ['positionOrAll', positionOrAll, fc.oneof(id, fc.constant('all'))],
  ['positionsOrAll', positionsOrAll, fc.oneof(fc.array(id, { minLength: 1 }), fc.constant('all'))],
  ['shownPlan', shownPlan, fc.record({ planId, pages })],
  ['planAtPercent', planAtPercent, fc.record({ planId, pages, percent: fc.integer({ min: 1, max: 9999 }) })],
  ['orderOf', orderOf, fc.record(ORDER)],
  ['orderAt', orderAt, fc.record({ ...ORDER, price: fc.stringMatching(/^\d{1,4}\.\d{1,4}$/) })],
  [
    'lookalikes',
    lookalikes,
    fc.record({ intentId: id, orderIds: fc.array(fc.stringMatching(/^\d{4,18}$/), { minLength: 1 }) }),
  ],
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
  expect(inId(rowId)({ argument: '37', values: [] })).toBe(37);
  expect(inId(rowId)({ argument: '37', values: ['1'] })).toBeNull();
});

test('a custom id is what the command reads, and never longer than Discord takes', () => {
  const longest = { planId: 'x'.repeat(64), pages: 999, percent: 9999 };
  const id = customId('targets', 'percent', longest);
  expect(id.length).toBeLessThanOrEqual(100);
  expect(readCustomId(id)).toEqual({
    command: 'targets',
    part: 'percent',
    argument: planAtPercent.write(longest),
  });
  for (let many = 1; many < 60; many++) {
    const ids = Array.from({ length: many }, (_, index) => index + 1);
    const room = `remind:preview:${ids.join('.')}`.length <= 100;
    expect(fitsCustomId('remind', 'preview', ids)).toBe(room);
    if (room) expect(customId('remind', 'preview', ids).length).toBeLessThanOrEqual(100);
    else expect(() => customId('remind', 'preview', ids)).toThrow(RangeError);
  }
});

test('a button of an earlier version still says whose preview it is, and not how many messages show it', () => {
  expect(shownPlan.read('K3V9')).toEqual({ planId: 'K3V9', pages: null });
  expect(planAtPercent.read('K3V9:40')).toEqual({ planId: 'K3V9', percent: 40, pages: null });
});

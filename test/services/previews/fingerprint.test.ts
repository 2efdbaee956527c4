import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeText } from '../../../src/screens/account-changes.js';
import { differences, type Fingerprint, fingerprint } from '../../../src/services/previews/fingerprint.js';
import { holding, order, orderLeg, workingOrder } from '../../domain/build.js';

const PUT = '-2 QQQ 2026-12-18 480 P @ 3.10';
const held = holding(PUT);
const { symbol } = held.instrument;
const closing = workingOrder('7', ['buy-to-close 2 QQQ 2026-12-18 480 P @ 1']);

describe('fingerprint', () => {
  it('has what is held (short is negative), what is restricted and what works to close, per order', () => {
    expect(fingerprint([symbol], [{ ...held, restricted: 1 }], [closing])).toEqual({
      [symbol]: { held: -2, restricted: 1, closing: { 7: 2 } },
    });
  });

  it('counts what is left of a partly filled order, and no opening order', () => {
    const half = order('8', [orderLeg('buy-to-close 2 QQQ 2026-12-18 480 P @ 1', 1)], { state: 'working' });
    const opening = workingOrder('9', ['sell-to-open 2 QQQ 2026-12-18 480 P @ 1']);
    expect(fingerprint([symbol], [held], [half, opening])[symbol]?.closing).toEqual({ 8: 1 });
  });

  it('has a line for what is not held at all', () => {
    expect(fingerprint(['GONE'], [held], [])).toEqual({ GONE: { held: 0, restricted: 0, closing: {} } });
  });
});

const state = fc.record({
  held: fc.integer({ min: -3, max: 3 }),
  restricted: fc.integer({ min: 0, max: 2 }),
  closing: fc.dictionary(fc.constantFrom('11', '12', '13'), fc.integer({ min: 1, max: 3 }), {
    noNullPrototype: true,
  }),
});
const print: fc.Arbitrary<Fingerprint> = fc.record({ A: state, B: state });

describe('differences', () => {
  it('are none between equals, and some between any two that differ', () => {
    fc.assert(
      fc.property(print, print, (one, two) => {
        expect(differences(one, one)).toEqual([]);
        const equal = JSON.stringify(normal(one)) === JSON.stringify(normal(two));
        expect(differences(one, two).length === 0).toBe(equal);
      }),
      { numRuns: 2_000 },
    );
  });

  it('names the contract of each, and the order where one appeared, ended or shrank', () => {
    const before: Fingerprint = { A: { held: -2, restricted: 0, closing: { 11: 2, 12: 1 } } };
    const after: Fingerprint = { A: { held: 0, restricted: 1, closing: { 11: 1, 13: 1 } } };
    expect(differences(before, after).map(changeText)).toEqual([
      'A: 2 short before, none held now',
      'A: 1 not tradable now (0 before)',
      'A: closing order 11 works 1 now, 2 before',
      'A: closing order 12 is no longer working',
      'A: closing order 13 appeared (1 working)',
    ]);
  });

  it('a contract that the new look doesn’t know is held no more', () => {
    expect(differences({ A: { held: 1, restricted: 0, closing: {} } }, {}).map(changeText)).toEqual([
      'A: 1 long before, none held now',
    ]);
  });
});

function normal(of: Fingerprint): unknown {
  return Object.entries(of)
    .map(([key, { held, restricted, closing }]) => [key, held, restricted, Object.entries(closing).sort()])
    .sort();
}

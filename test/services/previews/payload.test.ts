import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exact } from '../../../src/domain/exact.js';
import { Decimal } from '../../../src/domain/money.js';
import { decodePayload, encodePayload, type PlanPayload } from '../../../src/services/previews/payload.js';

const decimal = fc
  .tuple(fc.integer({ min: 0, max: 99_999 }), fc.stringMatching(/^\d{1,9}$/))
  .map(([whole, part]) => new Decimal(`${whole}.${part}`));
const exact = fc
  .tuple(decimal, fc.integer({ min: 1, max: 400 }), fc.constantFrom(1, -1))
  .map(([amount, by, sign]) => Exact.of(amount).times(sign).div(by));
const id = fc.integer({ min: 1, max: 100_000 });
const order = fc.record({
  positionId: id,
  targetKey: fc.string(),
  label: fc.string(),
  underlying: fc.string(),
  legs: fc.array(
    fc.record({
      symbol: fc.string(),
      kind: fc.constantFrom('option' as const, 'equity' as const),
      action: fc.constantFrom('buy-to-close' as const, 'sell-to-close' as const),
      quantity: id,
    }),
    { minLength: 1, maxLength: 4 },
  ),
  units: id,
  price: decimal,
  effect: fc.constantFrom('debit' as const, 'credit' as const),
  percent: fc.option(exact),
  profit: fc.option(exact),
  grid: fc.array(fc.record({ below: fc.option(decimal), increment: decimal })),
});
const payload: fc.Arbitrary<PlanPayload> = fc.record({
  which: fc.oneof(fc.constant('all' as const), id),
  positionIds: fc.array(id),
  overrides: fc.record({ percent: decimal, price: decimal, ladder: fc.array(decimal) }, { requiredKeys: [] }),
  dryRun: fc.boolean(),
  mark: fc.string(),
  orders: fc.array(order, { maxLength: 3 }),
  fingerprint: fc.dictionary(
    fc.stringMatching(/^[A-Z ]{1,12}$/),
    fc.record({
      held: fc.integer(),
      restricted: fc.nat(),
      closing: fc.dictionary(fc.stringMatching(/^\d{1,9}$/), fc.nat(), { noNullPrototype: true }),
    }),
    { noNullPrototype: true },
  ),
});

describe('a stored plan', () => {
  it('comes back as it was, to the last digit', () => {
    fc.assert(
      fc.property(payload, (given) => {
        expect(decodePayload(encodePayload(given))).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['', '{}', 'null', '[]', '{"which":"all"}', '{"which":37,"orders":[]}'])(
    'that this version didn’t write is refused, never half read: %j',
    (text) => {
      expect(() => decodePayload(text)).toThrow();
    },
  );

  it('with a quantity that is none is refused', () => {
    const [first] = fc.sample(
      payload.filter(({ orders }) => orders.length > 0),
      { numRuns: 1, seed: 1 },
    );
    const spoilt = JSON.parse(encodePayload(first as PlanPayload));
    for (const quantity of [0, -1, 1.5, '1']) {
      spoilt.orders[0].legs[0].quantity = quantity;
      expect(() => decodePayload(JSON.stringify(spoilt))).toThrow();
    }
  });
});

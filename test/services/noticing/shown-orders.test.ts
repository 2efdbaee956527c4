import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markOfOrders, renewalOf } from '../../../src/services/noticing/shown-orders.js';
import type { PreviewedTarget } from '../../../src/services/previews/pricing.js';
import { d } from '../../domain/build.js';
import { ACCOUNT, verticalLegs } from '../support/builders.js';

const anOrder = fc.record({
  targetKey: fc.constantFrom('puts:1', 'puts:2'),
  units: fc.integer({ min: 1, max: 3 }),
  price: fc.integer({ min: 1, max: 3 }).map((cents) => d(cents).div(100)),
  effect: fc.constantFrom('debit' as const, 'credit' as const),
  legs: fc.integer({ min: 1, max: 2 }).map((quantity) => verticalLegs(quantity)),
});
type Order = typeof anOrder extends fc.Arbitrary<infer T> ? T : never;

const targets = (orders: readonly Order[]) =>
  orders.map((order) => ({ order, blocked: null })) as unknown as PreviewedTarget[];

describe('what a press on a card confirms', () => {
  it('is told by its mark: the same for the very same orders, and another for any others', () => {
    const some = fc.array(anOrder, { maxLength: 3 });
    fc.assert(
      fc.property(some, some, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        const [a, b] = [one, other].map((orders) => markOfOrders(ACCOUNT, targets(orders)));
        expect(a === b).toBe(same);
        expect(a).toMatch(/^[\w-]{22}$/);
        expect(markOfOrders('another', targets(one))).not.toBe(a);
      }),
    );
  });

  it('leaves out what can’t be sent', () => {
    const [one] = targets([
      { targetKey: 'puts:1', units: 1, price: d(1), effect: 'debit', legs: verticalLegs() },
    ]);
    const blocked = { ...one, blocked: { code: 'UNDER_WAY' } } as PreviewedTarget;
    expect(markOfOrders(ACCOUNT, [blocked])).toBe(markOfOrders(ACCOUNT, []));
  });
});

describe('a press on a card', () => {
  const at = (ms: number) => new Date(1_000_000 + ms);
  const press = {
    shownAt: at(0),
    pressedAt: at(119_999),
    pricedAt: at(119_999 + 10_000),
    ttlMs: 120_000,
    same: true,
  };

  it('sends what it shows, while that is recent and finding out takes no time', () => {
    expect(renewalOf(press)).toBeNull();
    expect(renewalOf({ ...press, same: false })).toBe('changed');
    expect(renewalOf({ ...press, pressedAt: at(120_000) })).toBe('aged');
    expect(renewalOf({ ...press, pricedAt: at(119_999 + 10_001) })).toBe('slow');
  });
});

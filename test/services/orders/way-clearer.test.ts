import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { untraded } from '../../../src/domain/order-fills.js';
import type { BrokerOrder, OddRow } from '../../../src/domain/types.js';
import type { AuditEvent } from '../../../src/ports/audit.js';
import { fewer, WayClearer, type WayWanted } from '../../../src/services/orders/cancels/way-clearer.js';
import { insteadOf } from '../../../src/services/previews/instead.js';
import type { PlannedOrder } from '../../../src/services/previews/payload.js';
import { d, fill, workingOrder, x } from '../../domain/build.js';
import { BriskClock } from '../support/brisk-clock.js';
import { plan } from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const LEGS = ['buy-to-close 2 QQQ 2026-12-18 480 P @ 1', 'sell-to-close 2 QQQ 2026-12-18 475 P @ 1'];
const CANCELLED = { state: 'cancelled', status: 'Cancelled', step: 'cancelled' } as const;
const OPEN = workingOrder('701', LEGS, { price: d('1.20'), effect: 'debit' });

/** After one unit of two has traded. */
const half = (order: BrokerOrder): BrokerOrder => ({
  ...order,
  legs: order.legs.map((leg) => ({ ...leg, remaining: 1, fills: [fill(1, d('1'))] })),
});

/** A preview of a put vertical's close: so many contracts of each leg. */
const wanted = (quantity: number, before = OPEN): WayWanted => ({
  positionIds: [37],
  givingWay: [{ orderId: '701', untraded: Object.fromEntries(untraded(before)) }],
  orders: [planned(quantity)],
});

const planned = (quantity: number, profit = quantity * 80) =>
  ({
    units: quantity,
    legs: OPEN.legs.map(({ instrument: { symbol } }) => ({ symbol, quantity })),
    profit: x(profit),
  }) as unknown as PlannedOrder;

function clearing(after: BrokerOrder, before = OPEN) {
  const ended: string[] = [];
  const positions: unknown[] = [];
  const audit: AuditEvent[] = [];
  const service = new WayClearer({
    broker: { order: async () => (ended.length > 0 ? after : before) },
    store: { audit: async (event) => void audit.push(event) },
    clock: new BriskClock(),
    cancels: {
      end: async (_plan, orders, closed) => {
        ended.push(...orders.map(({ id }) => id));
        positions.push(...orders.map(({ id }) => closed.get(id)));
      },
    },
    log: pino({ level: 'silent' }),
  });
  const clear = (what = wanted(2, before)) => service.clear(plan({ status: 'claimed' }), what);
  return { clear, ended, positions, audit };
}

describe('an order in the way of others', () => {
  it('is ended first, and that is written down', async () => {
    const { clear, ended, audit } = clearing({ ...OPEN, ...CANCELLED });
    const { traded, orders } = await clear();
    expect(ended).toEqual(['701']);
    expect([...traded]).toEqual([]);
    expect(orders).toEqual([planned(2)]);
    expect(audit).toMatchObject([
      { kind: 'way-cleared', details: { orders: [{ orderId: '701', status: 'Cancelled' }] } },
    ]);
  });

  it('is cancelled as what it is: of those that lose their target the message about it tells', async () => {
    const { clear, positions } = clearing({ ...OPEN, ...CANCELLED });
    const { givingWay, ...rest } = wanted(2);
    await clear({ ...rest, givingWay: givingWay.map((way) => ({ ...way, positionIds: [37, 38] })) });
    expect(positions).toEqual([[37, 38]]);
    const earlier = clearing({ ...OPEN, ...CANCELLED });
    await earlier.clear();
    expect(earlier.positions).toEqual([[37]]);
  });

  it.each(['cancelled', 'expired', 'rejected'] as const)(
    'has ended before, %s: the press goes on',
    async (state) => {
      const gone = { ...OPEN, state };
      const { clear, ended } = clearing(gone, gone);
      await clear();
      expect(ended).toEqual([]);
    },
  );

  it('traded some before it ended: so much less is placed, at the same price for each', async () => {
    const { traded, orders } = await clearing(half({ ...OPEN, ...CANCELLED })).clear();
    expect([...traded.values()]).toEqual([1, 1]);
    expect(orders).toEqual([planned(1)]);
  });

  it('may have traded before it was shown: all that it left is placed', async () => {
    const { orders } = await clearing(half({ ...OPEN, ...CANCELLED }), half(OPEN)).clear(
      wanted(1, half(OPEN)),
    );
    expect(orders).toEqual([planned(1)]);
  });

  it.each<[string, BrokerOrder, object]>([
    ['filled', { ...OPEN, state: 'filled', status: 'Filled' }, { status: 'Filled', asked: true }],
    ['works on', OPEN, { traded: false, replacedBy: null }],
    ['was replaced elsewhere', { ...OPEN, ...CANCELLED, replacedBy: '709' }, { replacedBy: '709' }],
    ['can’t be read any more', { ...OPEN, ...CANCELLED, odd: {} as OddRow }, { traded: false }],
  ])('stops them where it %s', async (_what, after, facts) => {
    await expect(clearing(after).clear()).rejects.toMatchObject({ code: 'CHANGE_STOPPED', facts });
  });

  it('stops them where it traded all that was to be placed before it ended', async () => {
    const facts = { status: 'Cancelled', traded: true };
    const after = half({ ...OPEN, ...CANCELLED });
    await expect(clearing(after).clear(wanted(1))).rejects.toMatchObject({ code: 'CHANGE_STOPPED', facts });
  });

  it.each<[string, BrokerOrder, object]>([
    ['filled', { ...OPEN, state: 'filled', status: 'Filled' }, { status: 'Filled', replacedBy: null }],
    ['was replaced', { ...OPEN, ...CANCELLED, replacedBy: '709' }, { replacedBy: '709' }],
  ])('stops them where it %s before the press, which then asked for nothing', async (_what, gone, facts) => {
    const { clear, ended } = clearing(gone, gone);
    await expect(clear(wanted(2))).rejects.toMatchObject({
      code: 'CHANGE_STOPPED',
      facts: { ...facts, asked: false },
    });
    expect(ended).toEqual([]);
  });
});

it('what is placed and what was traded instead never close more than was shown, and waste no whole unit of one order', () => {
  const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 })), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(sizes, fc.nat(20), fc.nat(20), (orders, short, long) => {
      const plans = orders.map(([units, ratio]) => {
        const legs = [
          { symbol: 'S', quantity: units * ratio },
          { symbol: 'L', quantity: units },
        ];
        return { units, legs, profit: x(units * 7) } as unknown as PlannedOrder;
      });
      const total = (of: readonly PlannedOrder[], symbol: string) =>
        of
          .flatMap(({ legs }) => legs)
          .reduce((sum, leg) => sum + (leg.symbol === symbol ? leg.quantity : 0), 0);
      const traded = new Map([
        ['S', Math.min(short, total(plans, 'S'))],
        ['L', Math.min(long, total(plans, 'L'))],
      ]);
      const left = fewer(plans, traded);
      for (const [symbol, contracts] of traded) {
        expect(total(left, symbol) + contracts).toBeLessThanOrEqual(total(plans, symbol));
      }
      left.forEach(({ units, legs, profit }, at) => {
        const [most = 0, ratio = 1] = orders[at] ?? [];
        expect(units).toBeGreaterThanOrEqual(0);
        expect(units).toBeLessThanOrEqual(most);
        expect(legs.map(({ quantity }) => quantity)).toEqual([units * ratio, units]);
        expect(profit?.eq(units * 7)).toBe(true);
      });
      if (left.length > 1) return;
      // One unit more would be too much.
      const [[units = 0, ratio = 1] = []] = orders;
      const one = left[0]?.units ?? 0;
      const fits = (count: number) =>
        count * ratio + (traded.get('S') ?? 0) <= units * ratio && count + (traded.get('L') ?? 0) <= units;
      expect(one === units || !fits(one + 1)).toBe(true);
    }),
  );
});

describe('an order that can be placed anew', () => {
  const book = (order: BrokerOrder) => {
    const open = order.state === 'working' ? [order] : [];
    return { ...bookOf(TRIDENT.held, [TRIDENT.opening], open), history: [order] };
  };
  const left = (order: BrokerOrder) => [...insteadOf(book(order), '701').contracts.values()];

  it('closes no more than it hasn’t closed, working or ended', () => {
    expect(left(OPEN)).toEqual([2, 2]);
    expect(left(half(OPEN))).toEqual([1, 1]);
    expect(left(half({ ...OPEN, ...CANCELLED }))).toEqual([1, 1]);
  });

  it.each<[string, BrokerOrder]>([
    ['no-target', { ...OPEN, orderType: 'Stop Limit' }],
    ['no-target', { ...OPEN, timeInForce: 'Day' }],
    ['linked', { ...OPEN, complex: { id: '55', tag: 'OCO::order' } }],
    ['linked', { ...OPEN, orderType: 'Stop Limit', complex: { id: '55', tag: 'OCO::order' } }],
    // Its price is no target's, also once it has ended.
    ['no-target', { ...OPEN, ...CANCELLED, orderType: 'Stop Limit' }],
    ['stuck', { ...OPEN, cancellable: false }],
    ['filled', { ...OPEN, state: 'filled' }],
    ['replaced', { ...OPEN, ...CANCELLED, replacedBy: '709' }],
  ])('is not one that is %s', (why, order) => {
    expect(() => insteadOf(book(order), '701')).toThrow(
      expect.objectContaining({ facts: { orderId: '701', why } }),
    );
    expect(() => insteadOf(book(order), '999')).toThrow(
      expect.objectContaining({ facts: { orderId: '999', why: 'unknown' } }),
    );
  });
});

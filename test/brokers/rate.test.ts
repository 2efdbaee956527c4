import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hurry, RateGate, type Turn } from '../../src/brokers/tastytrade/rate.js';
import type { Urgency } from '../../src/ports/broker.js';
import { VirtualClock } from './support/clocks.js';

/** Start times in milliseconds after the first ask, in the order asked. */
async function starts(asks: readonly (readonly [method: string, path: string])[]): Promise<number[]> {
  const clock = new VirtualClock();
  const gate = new RateGate(clock);
  const from = clock.now().getTime();
  return Promise.all(
    asks.map(async ([method, path]) => {
      await gate.admit(method, path);
      return clock.now().getTime() - from;
    }),
  );
}

const many = (count: number, method: string, path: string) =>
  Array.from({ length: count }, () => [method, path] as const);

/** Most starts within any second. */
function busiestSecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length));
}

describe('RateGate', () => {
  it.each([
    ['POST', '/accounts/5W/orders', 20],
    ['POST', '/accounts/5W/orders/dry-run', 20],
    ['GET', '/accounts/5W/positions', 1],
    ['GET', '/accounts/5W/balances/USD', 1],
    ['GET', '/customers/me/accounts', 1],
    ['GET', '/market-data/by-type', 2],
    ['GET', '/instruments/equities/SPX', 3],
    ['GET', '/accounts/5W/orders/live', 50],
  ])('lets %s %s through side by side up to %i in a second, never more', async (method, path, ceiling) => {
    const times = await starts(many(ceiling * 3, method, path));
    expect(times.filter((time) => time === 0)).toHaveLength(ceiling);
    expect(busiestSecond(times)).toBe(ceiling);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.max(...times)).toBeLessThan(3_000);
  });

  it('keeps all routes together to 50 in a second', async () => {
    const times = await starts([
      ...many(20, 'POST', '/accounts/5W/orders'),
      ...many(20, 'POST', '/accounts/5W/orders/dry-run'),
      ...many(20, 'GET', '/accounts/5W/orders/live'),
    ]);
    expect(busiestSecond(times)).toBe(50);
  });

  it('does not let a busy route hold up another', async () => {
    const [, , , order] = await starts([
      ...many(3, 'GET', '/accounts/5W/positions'),
      ['POST', '/accounts/5W/orders'],
    ]);
    expect(order).toBe(0);
  });

  it('forgets starts that lie ahead after the clock was set back', async () => {
    const clock = new VirtualClock();
    const gate = new RateGate(clock);
    await gate.admit('GET', '/customers/me/accounts');
    clock.advance(-3_600_000);
    await gate.admit('GET', '/customers/me/accounts');
    expect(clock.slept).toEqual([]);
  });

  const DRY = ['POST', '/accounts/5W/orders/dry-run'] as const;
  const ORDER = ['POST', '/accounts/5W/orders'] as const;

  /** Who went, in order, of those who asked together. */
  async function order(asks: readonly (readonly [Urgency, readonly [string, string]])[]): Promise<Urgency[]> {
    const gate = new RateGate(new VirtualClock());
    const went: Urgency[] = [];
    await Promise.all(
      asks.map(async ([urgency, [method, path]]) => {
        await gate.admit(method, path, { urgency });
        went.push(urgency);
      }),
    );
    return went;
  }
  const crowd = (count: number, urgency: Urgency, route: readonly [string, string]) =>
    Array.from({ length: count }, () => [urgency, route] as const);

  it('lets traders go before those who only look, and these still come through', async () => {
    const went = await order([...crowd(200, 'viewer', DRY), ...crowd(100, 'trader', DRY)]);
    // Twenty had left before the traders came.
    expect(went.slice(0, 20)).toEqual(Array(20).fill('viewer'));
    const meanwhile = went.slice(20, went.lastIndexOf('trader'));
    const viewers = meanwhile.filter((each) => each === 'viewer');
    expect(viewers.length).toBeGreaterThan(5);
    expect(viewers.length).toBeLessThanOrEqual(Math.ceil(meanwhile.length / 10));
    expect(went).toHaveLength(300);
  });

  it('lets no press wait for anybody, not even for who has waited longest', async () => {
    const lists = ['GET', '/accounts/5W/orders/live'] as const;
    const went = await order([
      ...crowd(300, 'viewer', lists),
      ...crowd(100, 'trader', lists),
      ...crowd(20, 'press', ORDER),
    ]);
    expect(went.slice(50, 70)).toEqual(Array(20).fill('press'));
  });

  it('LAW: all who ask get through, whoever else asks, and no ceiling is passed', async () => {
    const urgency = fc.constantFrom<Urgency>('press', 'trader', 'viewer');
    const path = fc.constantFrom(DRY, ORDER, ['GET', '/accounts/5W/positions'] as const);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(urgency, path), { maxLength: 60 }), async (asks) => {
        const clock = new VirtualClock();
        const gate = new RateGate(clock);
        const times = await Promise.all(
          asks.map(async ([how, [method, where]]) => {
            await gate.admit(method, where, { urgency: how });
            return { where, at: clock.now().getTime() };
          }),
        );
        const at = (where: string) => times.filter((each) => each.where === where).map((each) => each.at);
        for (const [, where] of [DRY, ORDER])
          expect(busiestSecond([0, ...at(where)])).toBeLessThanOrEqual(20);
        expect(busiestSecond([0, ...at('/accounts/5W/positions')])).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });

  it('takes up a waiting request’s new urgency', async () => {
    const gate = new RateGate(new VirtualClock());
    const turn: Turn = { urgency: 'viewer' };
    const went: string[] = [];
    const admit = async (name: string, its: Turn) => {
      await gate.admit(...DRY, its);
      went.push(name);
    };
    const all = [
      ...Array.from({ length: 30 }, (_, index) => admit(`v${index}`, { urgency: 'viewer' })),
      admit('shared', turn),
    ];
    hurry(turn, 'trader');
    hurry(turn, 'viewer');
    await Promise.all(all);
    expect(went.indexOf('shared')).toBe(20);
  });
});

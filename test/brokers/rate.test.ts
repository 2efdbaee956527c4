import { describe, expect, it } from 'vitest';
import { RateGate } from '../../src/brokers/tastytrade/rate.js';
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
});

import { expect, it } from 'vitest';
import { ACCOUNT, at, brokerOrder, claimOne, legsOf, newPlan, placed } from './support/builders.js';
import { onEach } from './support/drivers.js';

onEach(['sqlite memory', 'postgres'], (bench) => {
  it('keeps of each order of a position who pressed, what was answered and what it traded, the latest first', async () => {
    const store = await bench.open();
    const first = await claimOne(store, 'p1');
    await store.settleIntent(first.id, placed('A1'), at(2_000));
    const fill = { id: 'f1', quantity: 1, price: first.price, at: at(5_000) };
    await store.recordOrders([brokerOrder('A1', { status: 'Filled', state: 'filled' }, [fill])], at(6_000));
    const second = await claimOne(store, 'p2', { legs: legsOf('A', 'B') });
    await store.settleIntent(second.id, { state: 'refused', reason: 'margin_check_failed' }, at(9_000));
    await store.createPlan(newPlan('never pressed'));

    const trail = await store.trail(ACCOUNT, first.positionId, 9);
    expect(trail.map(({ intent, plan }) => [plan.id, intent.state, intent.brokerOrderId])).toEqual([
      ['p2', 'refused', null],
      ['p1', 'placed', 'A1'],
    ]);
    expect(trail[1]?.events).toMatchObject([{ kind: 'plan-claimed', planId: 'p1' }]);
    expect(trail[1]?.fills.length).toBeGreaterThan(0);
    expect(trail[1]?.fills[0]).toMatchObject({ quantity: 1, at: at(5_000) });
    expect(trail[0]?.fills).toEqual([]);
    expect(await store.trail(ACCOUNT, first.positionId, 1)).toHaveLength(1);
    expect(await store.trail('5WT00009', first.positionId, 9)).toEqual([]);
    expect(await store.trail(ACCOUNT, 999, 9)).toEqual([]);
  });
});

import { expect, it } from 'vitest';
import { LEASE_MS } from '../../src/ports/errands.js';
import { at, claimOne, newPlan } from './support/builders.js';
import { onEach } from './support/drivers.js';

onEach(['sqlite memory', 'postgres'], (bench) => {
  it('a claim owes its result until it is told, and nobody else gets it within the lease', async () => {
    const store = await bench.open();
    const { createdAt } = await claimOne(store, 'p1');
    const lease = new Date(createdAt.getTime() + LEASE_MS);
    const until = new Date(lease.getTime() + LEASE_MS);
    expect(await store.takeErrands(new Date(lease.getTime() - 1), 9)).toEqual([]);
    await store.endErrand('p1', 'buttons');
    const takers = [1, 2, 3, 4].map(() => store.takeErrands(lease, 9));
    const taken = (await Promise.all(takers)).flat();
    expect(taken).toEqual([{ planId: 'p1', kind: 'result', attempts: 1 }]);
    expect(await store.owedResults()).toEqual(['p1']);
    await store.markReported('p1', new Date(until.getTime() - 1));
    expect(await store.owedResults()).toEqual([]);
    await store.putOffErrands(['p1'], 'result', at(0));
    expect(await store.takeErrands(until, 9)).toEqual([]);
  });

  it('a preview owes its buttons from its time on, or at once when it ended and somebody asks', async () => {
    const store = await bench.open();
    await store.createPlan(newPlan('p1'));
    await store.wakeButtons(at(0));
    expect(await store.takeErrands(at(1), 9)).toEqual([]);
    await store.endPlan('p1', 'cancelled', at(0));
    await store.wakeButtons(at(0));
    expect(await store.takeErrands(at(1), 9)).toEqual([{ planId: 'p1', kind: 'buttons', attempts: 1 }]);
  });

  it('an ended preview owes its buttons soon, unless whoever ended it has taken them away', async () => {
    const store = await bench.open();
    for (const id of ['p1', 'p2', 'p3']) await store.createPlan(newPlan(id));
    await store.endPlan('p1', 'cancelled', at(0));
    await store.endPlan('p2', 'cancelled', at(0));
    await store.endErrand('p2', 'buttons');
    await store.supersedePlan('p3', newPlan('p4', { createdAt: at(0) }));
    expect(await store.takeErrands(at(LEASE_MS - 1), 9)).toEqual([]);
    const due = { kind: 'buttons', attempts: 1 };
    expect(await store.takeErrands(at(LEASE_MS), 9)).toEqual([
      { planId: 'p1', ...due },
      { planId: 'p3', ...due },
    ]);
  });

  it('remembers what looks like an order while its fate is unknown, and no longer', async () => {
    const store = await bench.open();
    const { id } = await claimOne(store, 'p1');
    await store.setLookalikes(id, ['7', '8']);
    expect((await store.intent(id))?.lookalikes).toEqual(['7', '8']);
    await store.settleIntent(id, { state: 'absent', reason: 'x' }, at(9));
    expect((await store.intent(id))?.lookalikes).toEqual([]);
    await store.setLookalikes(id, ['7']);
    expect((await store.intent(id))?.lookalikes).toEqual([]);
  });
});

import pino from 'pino';
import { expect, it } from 'vitest';
import { openStore } from '../../../src/db/index.js';
import { type SettleDeps, SettleService } from '../../../src/services/orders/settle.js';
import { at, claimOne, newPlan } from '../../db/support/builders.js';

/* What a press could not send is said on its preview. */

async function scene() {
  const store = await openStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
  return {
    store,
    settle: new SettleService({ store, clock: { now: () => at(0) } } as unknown as SettleDeps),
  };
}

it('a preview that says it can’t be sent has ended, and does not expire over those words', async () => {
  const { store, settle } = await scene();
  await store.createPlan(newPlan('p1'));
  await settle.toldOnPreview('p1');
  expect((await store.plan('p1'))?.status).toBe('stale');
  expect(await store.endPlan('p1', 'expired', at(0))).toBe(false);
});

it('a second press that got through at the same moment still owes its result', async () => {
  const { store, settle } = await scene();
  await claimOne(store, 'p1');
  await settle.toldOnPreview('p1');
  expect(await store.owedResults()).toEqual(['p1']);
  // What it said stands over what that press sent, and is looked at again.
  expect(await store.takeErrands(at(1_000), 9)).toEqual([{ planId: 'p1', kind: 'buttons', attempts: 1 }]);
});

import { expect, it } from 'vitest';
import { Child, childProgram } from './support/child.js';
import { onEach } from './support/drivers.js';
import type { TestStore } from './support/test-store.js';

const KILLS = 6;
const program = childProgram('committer');

onEach(['sqlite file', 'postgres'], (bench) => {
  it('finds every claim that was reported committed, whole, after kill -9 at any moment', async () => {
    const url = await bench.newUrl();
    const reported: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const child = new Child(program, [url, `run${kill}`]);
      await child.heard(1 + ((kill * 7) % 23));
      reported.push(...(await child.kill()));
    }
    const store = await bench.open(url);
    expect(await store.check()).toMatchObject({ pendingMigrations: 0 });
    for (const planId of reported) await expectWhole(store, planId);
    const claimed = await store.unreportedPlans();
    expect(claimed.map(({ id }) => id)).toEqual(expect.arrayContaining(reported));
    // A claim whose report was cut off is there in full or not at all.
    for (const { id } of claimed) await expectWhole(store, id);
    expect(await store.unresolvedIntents()).toHaveLength(claimed.length * 2);
  }, 120_000);
});

async function expectWhole(store: TestStore, planId: string): Promise<void> {
  expect((await store.plan(planId))?.status).toBe('claimed');
  expect((await store.intents(planId)).map(({ state }) => state)).toEqual(['submitting', 'submitting']);
  expect((await store.auditTrail(planId)).map(({ kind }) => kind)).toEqual(['plan-claimed']);
}

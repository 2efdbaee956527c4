import { expect, it } from 'vitest';
import { at, claimOne } from './support/builders.js';
import { Child, childProgram } from './support/child.js';
import { onEach } from './support/drivers.js';
import type { TestStore } from './support/test-store.js';

onEach(['sqlite file', 'postgres'], (bench, driver) => {
  const holder = childProgram('holder');

  it('frees what a killed process held, at once, and nothing of one that lives', async () => {
    const url = await bench.newUrl();
    const store = await bench.open(url);
    const child = new Child(holder, [url]);
    const [other = ''] = await child.heard(1);
    expect(await store.processes.inherit(at(1_000))).toEqual([]);
    expect(await state(store)).toEqual({ due: [], held: false });
    await child.kill();
    const plans = await inherited(store);
    expect(await state(store)).toEqual({ due: ['p1'], held: true });
    // Only a lock of this machine's own proves that such a process sends nothing any more.
    expect(plans).toEqual(driver === 'postgres' ? [] : ['p1']);
    expect(other).not.toBe(store.processes.self);
  });

  it('leaves a result to the process that has it, for as long as that renews', async () => {
    const url = await bench.newUrl();
    const [one, two] = [await bench.open(url), await bench.open(url)];
    const { createdAt } = await claimOne(one, 'p1');
    const later = (ms: number) => new Date(createdAt.getTime() + ms);
    expect(await two.holdResults(['p1', 'p2'], later(1_000))).toEqual(['p2']);
    await one.renewResults(['p1'], later(29_000));
    expect(await two.holdResults(['p1'], later(58_000))).toEqual([]);
    expect(await one.holdResults(['p1'], later(58_500))).toEqual(['p1']);
    expect(await two.holdResults(['p1'], later(89_000))).toEqual(['p1']);
    await one.renewResults(['p1'], later(90_000));
    expect(await one.holdResults(['p1'], later(100_000))).toEqual([]);
  });

  it('keeps nobody waiting for a process that stopped in good order', async () => {
    const url = await bench.newUrl();
    const [one, two] = [await bench.open(url), await bench.open(url)];
    await claimOne(one, 'p1');
    await one.close();
    expect((await two.takeErrands(at(1_000), 9)).map(({ planId }) => planId)).toEqual(['p1']);
  });
});

/** What is due right after, and whether the outbox gives the topic away. */
async function state(store: TestStore) {
  const due = (await store.takeErrands(at(2_000), 9)).map(({ planId }) => planId);
  const { self: owner } = store.processes;
  const hold = await store.outbox.hold({
    kind: 'result',
    topic: 'p1',
    owner,
    now: at(2_000),
    until: at(3_000),
  });
  return { due, held: hold !== null };
}

/** A server needs a moment to notice, and who lost no more than a connection gets one to come back. */
async function inherited(store: TestStore): Promise<string[]> {
  for (;;) {
    const plans = await store.processes.inherit(at(1_500));
    const { self: owner } = store.processes;
    const topic = { kind: 'result', topic: 'p1' };
    const free = await store.outbox.hold({ ...topic, owner, now: at(1_500), until: at(1_501) });
    if (free) return plans;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

import { expect, it } from 'vitest';
import { ACCOUNT, at, rememberOne } from './support/builders.js';
import { onEach } from './support/drivers.js';

onEach(['sqlite memory', 'postgres'], (bench) => {
  it('knows of which positions held lately it isn’t known how they ended', async () => {
    const store = await bench.open();
    const [old, open, ended] = [
      await rememberOne(store, 'order:1', at(0)),
      await rememberOne(store, 'order:2', at(2_000)),
      await rememberOne(store, 'order:3', at(2_000)),
    ];
    await rememberOne(store, 'inferred:QQQ:2026-12-18', at(2_000));
    await store.advancePositions(
      [
        { positionId: open, step: 'partly-closed', at: at(2_500) },
        { positionId: ended, step: 'assigned', at: at(2_500) },
      ],
      at(3_000),
    );
    expect(await store.unended(ACCOUNT, at(2_000))).toEqual([open]);
    expect(await store.unended(ACCOUNT, at(0))).toEqual([old, open]);
    expect(await store.unended('another', at(0))).toEqual([]);
  });

  it('owes the card of what is gone anew where there was nothing to be said before, and never a second one', async () => {
    const store = await bench.open();
    const note = { topic: '37', channelId: '1', userId: '2' };
    const told = async (now: Date, change: { news: string; pages: string[]; ended?: boolean }) => {
      const holding = {
        kind: 'closed',
        topic: '37',
        owner: 'test',
        now,
        until: new Date(now.getTime() + 1_000),
      };
      const hold = await store.outbox.hold(holding);
      const changes = (hold?.notes ?? []).map((each) => ({ ...each, ...change, nextAt: null }));
      await store.outbox.release(holding, changes, hold?.asked ?? 0);
    };
    await store.oweClosings([note], at(0));
    await told(at(1_000), { news: '', pages: [], ended: true });
    await store.oweClosings([note], at(2_000));
    expect(await store.outbox.owed('closed')).toEqual(['37']);
    await told(at(3_000), { news: 'closed', pages: ['1/9'] });
    await store.oweClosings([note], at(4_000));
    expect(await store.outbox.notes({ kind: 'closed', topic: '37' })).toMatchObject([{ pages: ['1/9'] }]);
  });
});

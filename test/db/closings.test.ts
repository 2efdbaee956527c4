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

  it('of many that go at once the first have a card each, the rest one message together, whoever finds out again', async () => {
    const store = await bench.open();
    const notes = Array.from({ length: 8 }, (_, index) => ({
      topic: `${index + 1}`,
      channelId: '1',
      userId: '2',
    }));
    const owed = async () => {
      const digests = await store.outbox.owed('closed-digest');
      return {
        singly: (await store.outbox.owed('closed')).map(Number),
        together: await Promise.all(digests.map((digest) => store.digestedClosings(digest))),
      };
    };
    const expected = { singly: [1, 2, 3, 4, 5], together: [[6, 7, 8]] };
    await store.oweClosings(notes, at(0));
    expect(await owed()).toEqual(expected);
    await store.oweClosings(notes, at(1_000));
    await store.oweClosings(notes.slice(5), at(3_600_000));
    expect(await owed()).toEqual(expected);
    // Elsewhere, or later, it is told by itself again.
    await store.oweClosings([{ topic: '9', channelId: '3', userId: '2' }], at(2_000));
    await store.oweClosings([{ topic: '10', channelId: '1', userId: '2' }], at(70_000));
    expect(await owed()).toMatchObject({ singly: [1, 2, 3, 4, 5, 9, 10] });
  });
});

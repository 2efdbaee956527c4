import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { ACCOUNT, at, brokerOrder, claimOne, money, placed, rememberOne } from './support/builders.js';
import { onEach, onPostgres } from './support/drivers.js';

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

onPostgres((bench, _driver, cluster) => {
  it.each([
    ['the message of many', 'closed-digest'],
    ['the card', 'closed'],
  ])(
    'tells of one once where a fill and a look find out at the same moment, the one that owes %s first',
    async (_, kind) => {
      const url = await bench.newUrl();
      const [one, two] = [await bench.open(url), await bench.open(url)];
      const intent = await claimOne(one, 'p1');
      await one.settleIntent(intent.id, placed('A1'), at(1_500));
      const topic = String(intent.positionId);
      const told = { channelId: '800', userId: '111' };
      const earlier = ['91', '92', '93', '94', '95'].map((each) => ({ topic: each, ...told }));
      await one.oweClosings(earlier, at(2_000));
      const byFill = () => {
        const fill = { id: 'f1', quantity: 1, price: money('0.67'), at: at(2_500) };
        return one.recordOrders(
          [brokerOrder('A1', { state: 'filled', status: 'Filled' }, [fill])],
          at(3_000),
        );
      };
      const byLook = () => two.oweClosings([{ topic, ...told }], at(3_000));
      const [first, second] = kind === 'closed' ? [byFill, byLook] : [byLook, byFill];
      const waiting = async () => {
        const { rowCount } = await cluster().run(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '${new URL(url).pathname.slice(1)}'`,
        );
        return rowCount ?? 0;
      };
      // The first one has decided, and stands still just before it writes that down.
      const between = new pg.Client({ connectionString: url });
      await between.connect();
      await between.query('BEGIN');
      await between.query(
        `INSERT INTO "outbox" ("kind", "topic", "news", "channel_id", "user_id", "pages", "direct_pages", "told", "state",
        "attempts", "asked", "created_at") VALUES ($1, $2, '', '', '', '[]', '[]', '', 'owed', 0, 0, 0)`,
        [kind, topic],
      );
      const writes = [first()];
      while ((await waiting()) < 1) await sleep(5);
      let over = false;
      writes.push(second().finally(() => (over = true)));
      while (!over && (await waiting()) < 2) await sleep(5);
      await between.query('ROLLBACK');
      await between.end();
      await Promise.all<unknown>(writes);
      const singly = (await one.outbox.owed('closed')).filter((each) => each === topic);
      const digests = await one.outbox.owed('closed-digest');
      expect([...singly, ...digests]).toEqual([topic]);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { ACCOUNT, at } from './support/builders.js';
import { onEach } from './support/drivers.js';

onEach(['sqlite memory', 'postgres'], (bench) => {
  describe('a board', () => {
    it('is one per account and channel, however often it is put up, and owed from then on', async () => {
      const store = await bench.open();
      const first = await store.placeBoard(ACCOUNT, '800', at(0));
      const again = await store.placeBoard(ACCOUNT, '800', at(1_000));
      expect(again).toEqual({ ...first, turn: first.turn + 1 });
      expect((await store.placeBoard(ACCOUNT, '801', at(1_000))).id).not.toBe(first.id);
      expect(await store.outbox.notes({ kind: 'board', topic: String(first.id) })).toMatchObject([
        { channelId: '800', userId: '', news: '' },
      ]);
      expect((await store.standingBoards(ACCOUNT)).map(({ channelId }) => channelId)).toEqual(['800', '801']);
      expect(await store.standingBoards('another')).toEqual([]);
      expect(await store.board(first.id)).toEqual(again);
    });

    it('stands until it is taken down or its message is gone, and can be put up again', async () => {
      const store = await bench.open();
      const { id } = await store.placeBoard(ACCOUNT, '800', at(0));
      expect(await store.takeDownBoard(ACCOUNT, '800', at(1_000))).toBe(true);
      expect(await store.takeDownBoard(ACCOUNT, '800', at(1_000))).toBe(false);
      expect(await store.standingBoards(ACCOUNT)).toEqual([]);
      await store.placeBoard(ACCOUNT, '800', at(2_000));
      expect(await store.standingBoards(ACCOUNT)).toHaveLength(1);

      const hold = { kind: 'board', topic: String(id), owner: 'A', now: at(3_000), until: at(9_000) };
      const held = await store.outbox.hold(hold);
      const gone = (held?.notes ?? []).map((note) => ({
        ...note,
        news: 'turn-2',
        nextAt: null,
        ended: true,
      }));
      await store.outbox.release(hold, gone, held?.asked ?? 0);
      expect(await store.standingBoards(ACCOUNT)).toEqual([]);
      await store.placeBoard(ACCOUNT, '800', at(10_000));
      expect(await store.standingBoards(ACCOUNT)).toHaveLength(1);
      expect(await store.outbox.due(at(10_000), 9)).toHaveLength(1);
    });
  });
});

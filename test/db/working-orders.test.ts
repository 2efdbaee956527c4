import { describe, expect, it } from 'vitest';
import { ACCOUNT, at, brokerOrder, claimOne, legsOf, placed } from './support/builders.js';
import { onEach } from './support/drivers.js';

onEach(['sqlite file', 'postgres'], (bench) => {
  describe('our orders that work', () => {
    it('are those that have not ended as far as was told, and those of unknown fate', async () => {
      const store = await bench.open();
      const claims = [];
      for (const name of ['fresh', 'live', 'filled', 'gone', 'unknown', 'refused']) {
        claims.push(await claimOne(store, name, { legs: legsOf(`${name} short`, `${name} long`) }));
      }
      const [fresh, live, filled, gone, unknown, refused] = claims.map(({ id }) => id);
      for (const [id = 0, order] of [
        [fresh, '701'],
        [live, '702'],
        [filled, '703'],
        [gone, '704'],
      ] as const) {
        await store.settleIntent(id, placed(order), at(2_000));
      }
      await store.settleIntent(refused ?? 0, { state: 'refused', reason: 'no' }, at(2_000));
      await store.recordOrders(
        [
          brokerOrder('702'),
          brokerOrder('703', { state: 'filled', status: 'Filled' }),
          brokerOrder('704', { state: 'cancelled', status: 'Cancelled' }),
        ],
        at(3_000),
      );
      const ids = async (account: string) => (await store.workingIntents(account)).map(({ id }) => id);
      expect(await ids(ACCOUNT)).toEqual([fresh, live, unknown]);
      expect(await ids('5WT00002')).toEqual([]);
    });
  });
});

import { describe, expect, it } from 'vitest';
import type { KeptOrder } from '../../src/ports/order-archive.js';
import { ACCOUNT, at } from './support/builders.js';
import { onEach } from './support/drivers.js';

const reach = (generation: string, payload = 'far') => ({ generation, payload });
const kept = (id: string, symbols: string[], minute = 0): KeptOrder => ({
  id,
  symbols,
  changedAt: at(minute * 60_000),
  payload: `order ${id}`,
});
const ids = (orders: KeptOrder[]) => orders.map(({ id }) => id);

onEach(['sqlite file', 'sqlite memory', 'postgres'], (bench) => {
  describe('the archive of ended orders', () => {
    it('holds nothing until it is begun', async () => {
      const { archive } = await bench.open();
      expect(await archive.reach(ACCOUNT)).toBeNull();
      expect(await archive.keep(ACCOUNT, [kept('1', ['A'])], reach('g'))).toBe(false);
      expect(await archive.touching(ACCOUNT, ['A'])).toEqual([]);
    });

    it('finds orders by what they traded and by when they changed, each once', async () => {
      const { archive } = await bench.open();
      await archive.begin(ACCOUNT, reach('g', 'nowhere'));
      const orders = [kept('1', ['A', 'B'], 1), kept('2', ['B', 'C'], 2), kept('3', ['D'], 3)];
      expect(await archive.keep(ACCOUNT, orders, reach('g'))).toBe(true);
      expect(await archive.reach(ACCOUNT)).toEqual(reach('g'));
      expect(ids(await archive.touching(ACCOUNT, ['A', 'B', 'X']))).toEqual(['1', '2']);
      expect(await archive.touching(ACCOUNT, ['D'])).toEqual([{ ...kept('3', [], 3) }]);
      expect(await archive.touching(ACCOUNT, [])).toEqual([]);
      expect(ids(await archive.changedSince(ACCOUNT, at(120_000)))).toEqual(['2', '3']);
      expect(ids(await archive.changedSince(ACCOUNT, at(120_001)))).toEqual(['3']);
    });

    it('keeps an order once, however often it is told, and accounts apart', async () => {
      const { archive } = await bench.open();
      for (const account of [ACCOUNT, 'other']) await archive.begin(account, reach('g'));
      for (let time = 0; time < 3; time += 1) await archive.keep(ACCOUNT, [kept('1', ['A'])], reach('g'));
      expect(ids(await archive.touching(ACCOUNT, ['A']))).toEqual(['1']);
      expect(await archive.touching('other', ['A'])).toEqual([]);
      await archive.begin('other', reach('h'));
      expect(ids(await archive.touching(ACCOUNT, ['A']))).toEqual(['1']);
    });

    it('forgets all when it is begun anew, and takes nothing from whoever doesn’t know', async () => {
      const { archive } = await bench.open();
      await archive.begin(ACCOUNT, reach('g'));
      await archive.keep(ACCOUNT, [kept('1', ['A'])], reach('g'));
      await archive.begin(ACCOUNT, reach('h', 'new'));
      expect(await archive.touching(ACCOUNT, ['A'])).toEqual([]);
      expect(await archive.keep(ACCOUNT, [kept('2', ['A'])], reach('g', 'old'))).toBe(false);
      expect(await archive.touching(ACCOUNT, ['A'])).toEqual([]);
      expect(await archive.reach(ACCOUNT)).toEqual(reach('h', 'new'));
    });

    it('takes years of orders at once, and finds many of them at once', async () => {
      const { archive } = await bench.open();
      const many = Array.from({ length: 1_203 }, (_, index) =>
        kept(`${10_000 + index}`, [`S${index}`, 'all']),
      );
      await archive.begin(ACCOUNT, reach('g'));
      expect(await archive.keep(ACCOUNT, many, reach('g'))).toBe(true);
      const symbols = many.map((_, index) => `S${index}`);
      expect(ids(await archive.touching(ACCOUNT, symbols))).toEqual(ids(many));
      expect(await archive.touching(ACCOUNT, ['all'])).toHaveLength(many.length);
    });
  });
});

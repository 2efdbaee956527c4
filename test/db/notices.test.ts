import { describe, expect, it } from 'vitest';
import { ACCOUNT, at } from './support/builders.js';
import { onEach } from './support/drivers.js';

onEach(['sqlite memory', 'postgres'], (bench) => {
  describe('what people choose of what they are told', () => {
    it('is theirs alone, kind by kind, and the last word counts', async () => {
      const { notices } = await bench.open();
      expect(await notices.levelsOf('111')).toEqual(new Map());
      await notices.chooseLevel('111', 'fill', 'off');
      await notices.chooseLevel('111', 'fill', 'silent');
      await notices.chooseLevel('111', 'closed', 'off');
      await notices.chooseLevel('222', 'fill', 'on');
      expect(await notices.levelsOf('111')).toEqual(
        new Map([
          ['fill', 'silent'],
          ['closed', 'off'],
        ] as const),
      );
    });

    it('keeps since when an account’s notices are told while only their channel changes', async () => {
      const { notices } = await bench.open();
      const here = { account: ACCOUNT, channelId: '800', userId: '111', since: at(0) };
      expect(await notices.channelOf(ACCOUNT)).toBeNull();
      await notices.setChannel(here);
      const there = { ...here, channelId: '801', userId: '222', since: at(60_000) };
      expect(await notices.setChannel(there)).toEqual({ ...there, since: at(0) });
      expect(await notices.channelOf(ACCOUNT)).toEqual({ ...there, since: at(0) });
      await notices.unsetChannel(ACCOUNT);
      expect(await notices.channelOf(ACCOUNT)).toBeNull();
      expect(await notices.setChannel(there)).toEqual(there);
    });
  });
});

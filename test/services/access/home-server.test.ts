import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { HomeServer } from '../../../src/services/access/home-server.js';
import { accessRules, CHANNEL, TRADER } from '../support/builders.js';

let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
});

const state = {
  recall: async (name: string) => kept.get(name) ?? null,
  remember: async (name: string, value: string) => void kept.set(name, value),
};

function home({
  named = null as string | null,
  channels = [] as string[],
  traders = [TRADER],
  viewers = [] as string[],
} = {}): HomeServer {
  const access = accessRules({ traderUserIds: traders, viewerUserIds: viewers, channelIds: channels });
  return new HomeServer({ state, access, named, log: pino({ level: 'silent' }) });
}

const from = (guildId: string | null, userId = TRADER) => ({
  userId,
  roleIds: [],
  guildId,
  channelId: CHANNEL,
});
const refused = (code: string) => ({ code, sent: 'nothing' });

describe('which server is answered', () => {
  it('the named one alone', async () => {
    const here = home({ named: '1' });
    await here.assertAdmitted(from('1', 'stranger'));
    await expect(here.assertAdmitted(from('2'))).rejects.toMatchObject(refused('WRONG_SERVER'));
    expect(kept.size).toBe(0);
  });

  it('with none named the first where a trader asks, for good and over a restart', async () => {
    const here = home();
    await expect(here.assertAdmitted(from('2', 'stranger'))).rejects.toMatchObject(
      refused('SERVER_NOT_KNOWN'),
    );
    await here.assertAdmitted(from('1'));
    await here.assertAdmitted(from('1', 'viewer'));
    for (const each of [here, home()]) {
      await expect(each.assertAdmitted(from('2'))).rejects.toMatchObject(refused('WRONG_SERVER'));
      await each.assertAdmitted(from('1', 'viewer'));
      expect(each.known).toBe('1');
    }
  });

  it('of two servers at the same moment, one', async () => {
    const here = home();
    const both = await Promise.allSettled([here.assertAdmitted(from('1')), here.assertAdmitted(from('2'))]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(kept.get('home-server')).toBe(here.known);
  });

  it('any, where channels are named: these say which', async () => {
    await home({ channels: [CHANNEL] }).assertAdmitted(from('2', 'stranger'));
    expect(kept.size).toBe(0);
  });

  it.each([[[]], [['*']]])(
    'none is remembered for somebody who is no trader, with viewers %j',
    async (viewers) => {
      const here = home({ traders: [], viewers });
      await expect(here.assertAdmitted(from('1'))).rejects.toMatchObject(refused('SERVER_NOT_KNOWN'));
      expect(kept.size).toBe(0);
    },
  );

  it('in direct messages named traders and viewers alone, whatever everyone in the server may', async () => {
    await home().assertAdmitted(from(null));
    await home({ viewers: ['viewer'] }).assertAdmitted(from(null, 'viewer'));
    for (const viewers of [[], ['*']]) {
      await expect(home({ viewers }).assertAdmitted(from(null, 'stranger'))).rejects.toMatchObject(
        refused('NOT_A_VIEWER'),
      );
    }
  });
});

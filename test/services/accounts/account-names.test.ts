import pino from 'pino';
import { expect, it } from 'vitest';
import type { BotState } from '../../../src/ports/bot-state.js';
import { AccountNames } from '../../../src/services/accounts/account-names.js';

const quiet = pino({ level: 'silent' });
const TWO = [
  { number: '5WX01111', nickname: 'Margin', type: null },
  { number: '5WX02222', nickname: 'Roth IRA', type: null },
];

function state(kept: string | null = null) {
  const rows = new Map(kept === null ? [] : [['account-names', kept]]);
  let writes = 0;
  const bot: BotState = {
    recall: async (name) => rows.get(name) ?? null,
    remember: async (name, value) => {
      writes += 1;
      rows.set(name, value);
    },
  };
  return { bot, writes: () => writes };
}

async function namesIn(bot: BotState): Promise<AccountNames> {
  const names = new AccountNames();
  await names.keepIn(bot, quiet);
  return names;
}

it('a start knows them before the broker has told, and what is the same is kept once', async () => {
  const { bot, writes } = state();
  (await namesIn(bot)).learn(TWO, true);
  const next = await namesIn(bot);
  expect(next.of('5WX02222')).toEqual({ digits: '2222', nickname: 'Roth IRA', oneOfSeveral: true });
  next.learn(TWO, true);
  expect(writes()).toBe(1);
  next.learn(TWO.slice(0, 1), false);
  expect((await namesIn(bot)).of('5WX01111')).toMatchObject({ oneOfSeveral: false });
  expect(writes()).toBe(2);
});

it.each(['', '{', '[]', '{"accounts":[{}],"several":true}'])(
  'what can’t be read is no name: %s',
  async (kept) => {
    expect((await namesIn(state(kept).bot)).of('5WX01111')).toEqual({
      digits: '1111',
      nickname: null,
      oneOfSeveral: false,
    });
  },
);

it('what can’t be kept holds all the same', async () => {
  const { bot } = state();
  const names = await namesIn({ ...bot, remember: () => Promise.reject(new Error('full')) });
  names.learn(TWO, true);
  expect(names.of('5WX01111').nickname).toBe('Margin');
});
